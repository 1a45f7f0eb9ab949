import type { TocEntry } from '../dump.ts'

const TAKEN = /^ {4}CONSTRAINT ([a-z_][a-z0-9_]*_not_null) CHECK /gm

/**
 * From 18 on NOT NULL is a constraint with a name of its own, by default TABLE_COLUMN_not_null, and CREATE TABLE
 * fails where a check of the same statement has that name already, as some of Odoo have. Such a NOT NULL is given
 * another name here.
 */
export function withNotNullNames(entry: TocEntry): TocEntry {
  if (entry.description !== 'TABLE' || !entry.definition.includes('_not_null CHECK ')) return entry
  let definition = entry.definition
  for (const [, name] of entry.definition.matchAll(TAKEN)) {
    const column = name!.slice(entry.tag.length + 1, -'_not_null'.length)
    if (name !== `${entry.tag}_${column}_not_null`) continue
    const line = new RegExp(`^(    "?${column}"? [^\\n]*?)( NOT NULL,?)$`, 'm')
    definition = definition.replace(line, `$1 CONSTRAINT ${entry.tag}_${column}_is_not_null$2`)
  }
  return definition === entry.definition ? entry : { ...entry, definition }
}
