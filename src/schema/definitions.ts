/**
 * Reading of constraint definitions as pg_get_constraintdef() writes them: identifiers stand quoted where they have to
 * be, a key may have several columns, and a name may hold any character.
 */

export interface ForeignKey {
  columns: string[]
  /** Null where the definition names the table without a schema. */
  schema: string | null
  table: string
  /** Columns of the table that is named; empty where the definition leaves them to its primary key. */
  targetColumns: string[]
  onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
}

const NAME = '(?:"(?:[^"]|"")+"|[^\\s"(),.]+)'
const LIST = `\\((${NAME}(?:, ${NAME})*)\\)`
const FOREIGN_KEY = new RegExp(
  `^FOREIGN KEY ${LIST} REFERENCES (?:(${NAME})\\.)?(${NAME})(?:${LIST})?(.*)$`,
  's',
)
const KEY = new RegExp(`^(?:UNIQUE(?: NULLS NOT DISTINCT)?|PRIMARY KEY) ${LIST}`)

/** Null for what is no foreign key. */
export function parseForeignKey(definition: string): ForeignKey | null {
  const match = FOREIGN_KEY.exec(definition)
  if (!match) return null
  const [, columns, schema, table, target, rest] = match
  const action = /ON DELETE (RESTRICT|CASCADE|SET NULL|SET DEFAULT)/.exec(rest!)?.[1]?.toLowerCase()
  return {
    columns: names(columns!),
    schema: schema === undefined ? null : unquoted(schema),
    table: unquoted(table!),
    targetColumns: target === undefined ? [] : names(target),
    onDelete: (action as ForeignKey['onDelete'] | undefined) ?? 'no action',
  }
}

/** Columns of a UNIQUE or PRIMARY KEY definition, without those that are only INCLUDEd; null for anything else. */
export function parseKey(definition: string): string[] | null {
  const list = KEY.exec(definition)?.[1]
  return list === undefined ? null : names(list)
}

function names(list: string): string[] {
  return [...list.matchAll(new RegExp(NAME, 'g'))].map(([name]) => unquoted(name))
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}
