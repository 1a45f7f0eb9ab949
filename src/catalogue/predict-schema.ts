import type { Column, Schema, Table } from '../schema/schema.ts'
import type { Catalogue, CatalogueColumn, CatalogueTable } from './catalogue.ts'
import { holds } from './condition.ts'

/**
 * The shape of a fresh database with these modules installed and no others. Sequences that belong to rows
 * (isRowSequence) are left out: their names hold ids that differ from database to database. `extensions` are those that
 * the database's server has; indexes that need others are left out, as Odoo does. By default it has what is known.
 */
export function predictSchema(
  catalogue: Catalogue,
  modules: ReadonlySet<string>,
  extensions: readonly string[] = Object.keys(catalogue.extensions),
): Schema {
  const schema: Schema = { tables: {}, sequences: {}, views: {}, extensions: [] }
  for (const [name, table] of Object.entries(catalogue.tables))
    if (holds(table.by, modules)) schema.tables[name] = predictTable(table, modules)
  // A foreign key can lead to a table further down.
  for (const [name, table] of Object.entries(schema.tables))
    addConstraints(catalogue.tables[name]!, table, schema, modules, extensions)
  for (const [name, { by, ownedBy }] of Object.entries(catalogue.sequences)) {
    const [table = '', column = ''] = ownedBy?.split('.') ?? []
    if (holds(by, modules) && (ownedBy === null || schema.tables[table]?.columns[column]))
      schema.sequences[name] = { ownedBy }
  }
  addViews(catalogue, schema, modules)
  schema.extensions = Object.keys(catalogue.extensions).filter(
    (name) => extensions.includes(name) && holds(catalogue.extensions[name]!, modules),
  )
  return schema
}

/** Sequences behind rows of ir_sequence: ir_sequence_007, ir_sequence_007_012. */
export function isRowSequence(name: string): boolean {
  return /^ir_sequence_\d+(_\d+)?$/.test(name)
}

function predictTable(table: CatalogueTable, modules: ReadonlySet<string>): Table {
  return {
    columns: Object.fromEntries(
      Object.entries(table.columns)
        .filter(([, column]) => holds(column.by, modules))
        .map(([name, column]) => [name, predictColumn(column, modules)]),
    ),
    inherits: Object.keys(table.inherits).filter((parent) => holds(table.inherits[parent]!, modules)),
    constraints: {},
    indexes: {},
  }
}

function predictColumn(column: CatalogueColumn, modules: ReadonlySet<string>): Column {
  return {
    type: column.otherTypes?.find(({ by }) => holds(by, modules))?.type ?? column.type,
    notNull: column.notNull !== undefined && holds(column.notNull, modules),
    default: column.default ?? null,
    inherited: column.inherited ?? false,
  }
}

function addConstraints(
  from: CatalogueTable,
  table: Table,
  schema: Schema,
  modules: ReadonlySet<string>,
  extensions: readonly string[],
): void {
  const complete = (columns: string[]) => columns.every((column) => table.columns[column])
  for (const [name, { by, kind, definition, columns, target, otherwise }] of Object.entries(
    from.constraints,
  )) {
    if (!holds(by, modules) || (target !== undefined && !schema.tables[target])) continue
    if (complete(columns)) table.constraints[name] = { kind, definition }
    else if (otherwise && complete(otherwise.columns))
      table.constraints[name] = { kind, definition: otherwise.definition }
  }
  for (const [name, { by, definition, columns, extension }] of Object.entries(from.indexes))
    if (holds(by, modules) && complete(columns) && (!extension || extensions.includes(extension)))
      table.indexes[name] = { definition }
}

/** Views are there once all that they read is, other views among it. */
function addViews(catalogue: Catalogue, schema: Schema, modules: ReadonlySet<string>): void {
  const open = new Map(Object.entries(catalogue.views).filter(([, view]) => holds(view.by, modules)))
  for (let before = -1; before !== open.size; ) {
    before = open.size
    for (const [name, view] of open) {
      const ready = Object.entries(view.reads).every(
        ([relation, columns]) =>
          schema.views[relation] !== undefined ||
          (schema.tables[relation] !== undefined &&
            columns.every((column) => schema.tables[relation]?.columns[column] !== undefined)),
      )
      if (!ready) continue
      schema.views[name] = { definition: view.definition, materialized: view.materialized }
      open.delete(name)
    }
  }
}

/**
 * SQL views of the installed modules that the predicted shape lacks: what is known of them is their form with further
 * modules, and it reads columns that these bring. Odoo makes them again when the modules are updated.
 */
export function viewsLeftOut(
  catalogue: Catalogue,
  modules: ReadonlySet<string>,
  predicted: Schema,
): string[] {
  return Object.keys(catalogue.views).filter(
    (name) => holds(catalogue.views[name]!.by, modules) && predicted.views[name] === undefined,
  )
}
