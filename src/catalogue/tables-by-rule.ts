import { seriesNumber } from '../odoo/series.ts'
import type { Catalogue, CatalogueColumn, CatalogueSequence, CatalogueTable } from './catalogue.ts'
import type { Condition, Conditions } from './condition.ts'
import { type Declaration, type DeclaredModel, effective, relationNames } from './declared.ts'
import { deparsed, objectName } from './object-name.ts'
import { sqlType } from './sql-type.ts'

type Tables = Pick<Catalogue, 'tables' | 'sequences'>

/** Tables of the declared models with their columns, keys and sequences, as Odoo's ORM of that series makes them. */
export function tablesByRule(
  models: Map<string, DeclaredModel>,
  seriesName: string,
  conditions: Conditions,
): Tables {
  const series = seriesNumber(seriesName)
  const made: Tables = { tables: {}, sequences: {} }
  const withTable = [...models.values()].filter((model) => hasTable(model, series))
  for (const model of withTable) addModelTable(made, model, conditions)
  for (const model of withTable)
    for (const [name, all] of model.fields) {
      const declarations = all.filter(({ implied }) => !implied)
      if (declarations.length === 0) continue
      const facts = effective(declarations)
      if (facts.type === 'many2many') addRelation(made, model, declarations, models, series, conditions)
      else addColumn(made.tables[model.table!]!, model, name, declarations, models, series, conditions)
    }
  return made
}

/** Objects in memory had no tables in 6.0. */
function hasTable(model: DeclaredModel, series: number): boolean {
  if (model.table === null || model.facts.auto === false) return false
  return !(model.facts.transient && series === 6)
}

function addModelTable(made: Tables, model: DeclaredModel, conditions: Conditions): void {
  const name = model.table!
  const before = made.tables[name]
  const by = before ? conditions.either([before.by, model.by]) : model.by
  const table: CatalogueTable = before ?? emptyTable(by)
  table.by = by
  made.tables[name] = table
  const sequence = objectName(name, 'id', 'seq')
  const own: Record<string, CatalogueColumn> = {
    id: { by, type: 'integer', notNull: by, default: `nextval('${sequence}'::regclass)`, predicted: true },
    create_uid: { by, type: 'integer', predicted: true },
    create_date: { by, type: 'timestamp without time zone', predicted: true },
    write_uid: { by, type: 'integer', predicted: true },
    write_date: { by, type: 'timestamp without time zone', predicted: true },
  }
  Object.assign(table.columns, own)
  const key = objectName(name, '', 'pkey')
  table.constraints[key] = {
    by,
    kind: 'primary',
    definition: 'PRIMARY KEY (id)',
    columns: ['id'],
    predicted: true,
  }
  for (const column of ['create_uid', 'write_uid'])
    addForeignKey(table, name, column, 'res_users', 'SET NULL', by)
  const owned: CatalogueSequence = { by, ownedBy: `${name}.id` }
  made.sequences[sequence] = owned
}

function emptyTable(by: Condition): CatalogueTable {
  return { by, columns: {}, inherits: {}, constraints: {}, indexes: {}, predicted: true }
}

function addColumn(
  table: CatalogueTable,
  model: DeclaredModel,
  name: string,
  declarations: Declaration[],
  models: Map<string, DeclaredModel>,
  series: number,
  conditions: Conditions,
): void {
  if (name === 'id') return
  const by = conditions.both(model.by, conditions.either(declarations.map((declaration) => declaration.by)))
  const steps = declarations.map((_, i) => effective(declarations.slice(0, i + 1)))
  const types = steps.map((facts) => sqlType(facts, series))
  const type = types.find((one) => one !== null)
  if (!type) return
  const stored = conditions.either(
    declarations.filter((_, i) => types[i] !== null).map((declaration) => declaration.by),
  )
  const required = declarations.filter((_, i) => steps[i]!.required && declarations[i]!.facts.required)
  const otherTypes = types
    .flatMap((other, i) =>
      other !== null && other !== type ? [{ by: declarations[i]!.by, type: other }] : [],
    )
    .reverse()
  const before = table.columns[name]
  table.columns[name] = {
    by: before ? conditions.either([before.by, conditions.both(by, stored)]) : conditions.both(by, stored),
    type,
    ...(otherTypes.length > 0 ? { otherTypes } : {}),
    ...(required.length > 0
      ? { notNull: conditions.either(required.map((declaration) => declaration.by)) }
      : {}),
    predicted: true,
  }
  const facts = steps.at(-1)!
  if (facts.type !== 'many2one' || !facts.relation || type !== 'integer') return
  const target = models.get(facts.relation)
  // Rows of ir_actions are kept in the tables that inherit from it, where no foreign key finds them.
  if (
    !target ||
    !hasTable(target, series) ||
    target.table === 'ir_actions' ||
    (target.facts.transient && !model.facts.transient)
  )
    return
  const delegates = Object.values(model.facts.inherits ?? {}).includes(name)
  const action = delegates ? 'CASCADE' : onDelete(model, facts.required ?? false, series)
  addForeignKey(table, model.table!, name, target.table!, action, table.columns[name].by)
}

/**
 * What a foreign key does by default when its target goes. The sources say otherwise for some fields, which the facts
 * do not tell.
 */
function onDelete(
  model: DeclaredModel,
  required: boolean,
  series: number,
): 'SET NULL' | 'RESTRICT' | 'CASCADE' {
  const transient = model.facts.transient ?? false
  if (series === 6.1 || series === 7) return transient ? 'CASCADE' : 'SET NULL'
  if (series < 13 || !required) return 'SET NULL'
  return transient ? 'CASCADE' : 'RESTRICT'
}

/** A many2many's table: two columns that are never empty, both with a foreign key, unique as a pair. */
function addRelation(
  made: Tables,
  model: DeclaredModel,
  declarations: Declaration[],
  models: Map<string, DeclaredModel>,
  series: number,
  conditions: Conditions,
): void {
  const facts = effective(declarations)
  const target = facts.relation ? models.get(facts.relation) : undefined
  const names = facts.stored === false ? null : relationNames(facts, model, models)
  if (!names || !target || !hasTable(target, series)) return
  const [name, column1, column2] = names
  const by = conditions.both(model.by, conditions.either(declarations.map((declaration) => declaration.by)))
  const before = made.tables[name]
  if (before) {
    before.by = conditions.either([before.by, by])
    return
  }
  const table = emptyTable(by)
  made.tables[name] = table
  for (const column of [column1, column2])
    table.columns[column] = { by, type: 'integer', notNull: by, predicted: true }
  addForeignKey(table, name, column1, model.table!, 'CASCADE', by)
  addForeignKey(table, name, column2, target.table!, 'CASCADE', by)
  const pair = [column1, column2]
  const columns = pair.map(deparsed).join(', ')
  const index = (indexName: string, of: string[]) => {
    table.indexes[indexName] = {
      by,
      definition: `CREATE INDEX ${deparsed(indexName)} ON ${deparsed(name)} USING btree (${of.map(deparsed).join(', ')})`,
      columns: of,
      predicted: true,
    }
  }
  if (series >= 14) {
    const key = objectName(name, '', 'pkey')
    const definition = `PRIMARY KEY (${columns})`
    table.constraints[key] = { by, kind: 'primary', definition, columns: pair, predicted: true }
    index(objectName(name, `${column2}_${column1}`, 'idx'), [column2, column1])
    return
  }
  const key = objectName(name, pair.join('_'), 'key')
  const definition = `UNIQUE (${columns})`
  table.constraints[key] = { by, kind: 'unique', definition, columns: pair, predicted: true }
  // Named by PostgreSQL from 9.0 on, by Odoo before, which cuts nothing out of the middle.
  for (const column of pair)
    index(series >= 9 ? objectName(name, column, 'idx') : `${name}_${column}_index`.slice(0, 63), [column])
}

function addForeignKey(
  table: CatalogueTable,
  name: string,
  column: string,
  target: string,
  action: 'SET NULL' | 'RESTRICT' | 'CASCADE',
  by: Condition,
): void {
  table.constraints[objectName(name, column, 'fkey')] = {
    by,
    kind: 'foreign',
    definition: `FOREIGN KEY (${deparsed(column)}) REFERENCES ${deparsed(target)}(id) ON DELETE ${action}`,
    columns: [column],
    target,
    predicted: true,
  }
}
