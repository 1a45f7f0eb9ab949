import type { Node, RangeVar, TypeName } from 'libpg-query'
import type { TableName } from '../../dumps/dump.ts'
import { ident, qualified } from '../../postgres/sql.ts'
import { builtinTypes, replacedTypes } from './builtins.ts'
import { Refusal } from './verdict.ts'

/** A statement that cannot be carried over; the rest of the dump can. */
export class NotCarried extends Error {
  override readonly name = 'NotCarried'
  readonly severity: 'info' | 'warning' | 'severe'

  constructor(reason: string, severity: 'info' | 'warning' | 'severe' = 'warning') {
    super(reason)
    this.severity = severity
  }
}

const SYSTEM_SCHEMA = /^(pg_|information_schema$)/

/**
 * What names mean at a place of the dump. The dump's search_path is read, never set: every name that goes into a
 * statement of ours is written with its schema.
 */
export class Scope {
  /** Where new objects without a schema go, and where names without one are looked for. */
  schema = 'public'
  /** Whether the dump has said its search_path; until then an archive's entry says the schema. */
  pathIsSet = false
  /** The large object that the statements of a plain SQL dump write to. */
  largeObject: string | null = null
  /** Types that the dump made, by name; the schemas that have one. */
  readonly #types = new Map<string, string[]>()
  /** Types of the trusted extensions that the dump asks for, with the extension's schema. */
  readonly #extensionTypes = new Map<string, string>()
  /** Functions of those extensions. */
  readonly #extensionFunctions = new Map<string, string>()
  readonly #generated = new Map<string, readonly string[]>()
  readonly #reserved: ReadonlySet<string>

  constructor(reserved: Iterable<string>) {
    this.#reserved = new Set(reserved)
  }

  /** Whether objects may be made in a schema. */
  isOpen = (schema: string): boolean => !SYSTEM_SCHEMA.test(schema) && !this.#reserved.has(schema)

  /** @throws Refusal for the server's own schemas and those of the product */
  checkSchema(schema: string): string {
    if (SYSTEM_SCHEMA.test(schema)) throw new Refusal(`it reaches into the server's own schema ${schema}`)
    if (this.#reserved.has(schema))
      throw new Refusal(
        `it reaches into the schema ${schema}, which Uplift uses itself: rename it in the source`,
      )
    return schema
  }

  /** The object that a statement makes or changes. */
  target(relation: RangeVar | undefined): TableName {
    if (!relation?.relname) throw new Refusal('it names no table')
    if (relation.catalogname) throw new Refusal('it names another database')
    if (relation.relpersistence === 't' || relation.schemaname === 'pg_temp')
      throw new Refusal('it makes a temporary object')
    return { schema: this.checkSchema(relation.schemaname ?? this.schema), name: relation.relname }
  }

  /** A name given as a list: schema.name or name. */
  named(parts: readonly Node[] | undefined): TableName {
    const names = strings(parts)
    const name = names.at(-1)
    if (name === undefined || names.length > 2) throw new Refusal('it names an object in no known way')
    return { schema: this.checkSchema(names.length === 2 ? names[0]! : this.schema), name }
  }

  /** Keeps the columns of a table that has generated ones: INSERT statements give DEFAULT for these. */
  addGenerated(table: TableName, columns: readonly string[]): void {
    this.#generated.set(JSON.stringify([table.schema, table.name]), columns)
  }

  columnsOfGenerated(table: TableName): readonly string[] | null {
    return this.#generated.get(JSON.stringify([table.schema, table.name])) ?? null
  }

  addType(type: TableName): void {
    this.#types.set(type.name, [...(this.#types.get(type.name) ?? []), type.schema])
  }

  addExtension(schema: string, types: readonly string[], functions: readonly string[]): void {
    for (const type of types) this.#extensionTypes.set(type, schema)
    for (const name of functions) this.#extensionFunctions.set(name, schema)
  }

  /** The schema of an extension's function of this name, when the dump asks for the extension. */
  extensionFunction(name: string): string | undefined {
    return this.#extensionFunctions.get(name)
  }

  /** A type as SQL: built in, of a trusted extension, or one that the dump made. */
  type(type: TypeName | undefined): string {
    if (!type?.names || type.setof || type.pct_type)
      throw new NotCarried('its type is of no known form', 'severe')
    const array = (type.arrayBounds ?? []).map(() => '[]').join('')
    return this.#typeName(strings(type.names), type) + array
  }

  #typeName(names: string[], type: TypeName): string {
    const name = names.at(-1) ?? ''
    if (names.length > 2) throw new NotCarried('its type names another database', 'severe')
    const given = names.length === 2 ? names[0]! : null
    if (given === null || given === 'pg_catalog') {
      const replaced = replacedTypes.get(name)
      if (replaced !== undefined) return replaced
      const own = given === null ? this.#ownType(name) : undefined
      if (name === 'interval') return interval(type)
      if (builtinTypes.has(name)) return `pg_catalog.${ident(name)}${modifiers(type)}`
      if (own !== undefined) return qualified(own, name)
      throw new NotCarried(`the type ${names.join('.')} is not known`, 'severe')
    }
    if (this.#types.get(name)?.includes(given)) return qualified(given, name)
    if (this.#extensionTypes.has(name)) return qualified(this.#extensionTypes.get(name)!, name)
    throw new NotCarried(`the type ${names.join('.')} is not known`, 'severe')
  }

  #ownType(name: string): string | undefined {
    const schemas = this.#types.get(name) ?? []
    return schemas.includes(this.schema) ? this.schema : (this.#extensionTypes.get(name) ?? schemas[0])
  }
}

/** Bits of the fields that an interval is limited to (datetime.h of PostgreSQL). */
const INTERVAL_FIELDS: ReadonlyMap<number, string> = new Map([
  [4, ' YEAR'],
  [2, ' MONTH'],
  [8, ' DAY'],
  [1024, ' HOUR'],
  [2048, ' MINUTE'],
  [4096, ' SECOND'],
  [6, ' YEAR TO MONTH'],
  [1032, ' DAY TO HOUR'],
  [3080, ' DAY TO MINUTE'],
  [7176, ' DAY TO SECOND'],
  [3072, ' HOUR TO MINUTE'],
  [7168, ' HOUR TO SECOND'],
  [6144, ' MINUTE TO SECOND'],
  [32767, ''],
])

function interval(type: TypeName): string {
  const [fields = 32767, precision] = modifierNumbers(type)
  const words = INTERVAL_FIELDS.get(fields)
  if (words === undefined) throw new NotCarried('its type is an interval of no known form', 'severe')
  return words === '' && precision === undefined
    ? 'pg_catalog.interval'
    : `interval${words}${precision === undefined ? '' : `(${precision})`}`
}

/** "(64)", "(16,2)". */
function modifiers(type: TypeName): string {
  const values = modifierNumbers(type)
  return values.length > 0 ? `(${values.join(',')})` : ''
}

function modifierNumbers(type: TypeName): number[] {
  return (type.typmods ?? []).map((node) => {
    if (!('A_Const' in node) || node.A_Const.ival === undefined)
      throw new NotCarried('its type has a modifier that is no number', 'severe')
    return node.A_Const.ival.ival ?? 0
  })
}

export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => {
    if (!('String' in node)) throw new Refusal('a name is no name')
    return node.String.sval ?? ''
  })
}
