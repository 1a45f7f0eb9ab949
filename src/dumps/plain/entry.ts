import type { Readable } from 'node:stream'
import type { SplitStatements } from '../archive/items.ts'
import { iterableSource } from '../bytes/file.ts'
import { splitSql } from './items.ts'

/** The statements that pg_dump --inserts keeps as the data of an entry. */
export function splitEntry(settings: {
  encoding: string | null
  standardConformingStrings: boolean
}): SplitStatements {
  return (data: Readable, entry) => splitSql(iterableSource(data), { ...settings, entry })
}
