import { ident, literal } from '../../postgres/sql.ts'
import type { TocEntry } from '../dump.ts'
import { largeObjectEntries, largeObjectOids } from './large-objects.ts'
import { withNotNullNames } from './not-null-names.ts'
import { forOlder } from './older/for-older.ts'
import type { OutputFormat } from './options.ts'
import type { ArchiveVersion } from './serialize.ts'
import type { Source } from './source.ts'
import { majorNumber } from './version.ts'

/** What will be written, decided before the first byte is. */
export interface Plan {
  entries: TocEntry[]
  /** OIDs of the large objects. */
  largeObjects: string[]
  notes: string[]
  /** Major version of the PostgreSQL that has to restore it, as `majorNumber` gives it. */
  target: number
  archiveVersion: ArchiveVersion
  databaseName: string
  createdAt: Date
}

/** Rights, owners and replication belong to the server that the database came from, not to the database. */
const LEFT_OUT = new Set([
  'ACL',
  'DEFAULT ACL',
  'SECURITY LABEL',
  'DATABASE PROPERTIES',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
])

export async function planDump(
  source: Source,
  options: { target: number; databaseName: string; format: OutputFormat },
): Promise<Plan> {
  const { target, databaseName } = options
  const kept = source.toc.entries
    .filter((entry) => !LEFT_OUT.has(entry.description) && !isForeignComment(entry) && !isLargeObject(entry))
    .map((entry) => ({ ...entry, owner: '', tablespace: '' }))
    .map((entry) => (target >= 18 ? withNotNullNames(entry) : entry))
    .map((entry) => (entry.description === 'DATABASE' ? databaseEntry(entry, databaseName, source) : entry))
  // What a server writes, every later one reads; only an older one has to be spoken to in its own words.
  const { entries, notes } =
    target < majorNumber(source.toc.head.pgDumpVersion ?? '0')
      ? await forOlder(kept, target)
      : { entries: kept, notes: [] }
  const largeObjects = source.toc.entries.some(isLargeObject) ? await largeObjectOids(source) : []
  return {
    entries: withLargeObjects(entries, largeObjects),
    largeObjects,
    notes,
    target,
    archiveVersion: target >= 12 ? '1.14' : '1.12',
    databaseName,
    createdAt: new Date(),
  }
}

/** Their entries are another in every few versions of pg_dump: they are made anew. */
function isLargeObject(entry: TocEntry): boolean {
  return /^BLOB/.test(entry.description)
}

function withLargeObjects(entries: TocEntry[], oids: readonly string[]): TocEntry[] {
  const made = largeObjectEntries(oids, 1 + entries.reduce((most, { dumpId }) => Math.max(most, dumpId), 0))
  const end = entries.findIndex((entry) => entry.section === 'post-data')
  return made.length === 0 ? entries : entries.toSpliced(end < 0 ? entries.length : end, 0, ...made)
}

/** Only a superuser may comment on an extension that is not his, and a database's name is not known before. */
function isForeignComment(entry: TocEntry): boolean {
  return entry.description === 'COMMENT' && /^(EXTENSION|DATABASE) /.test(entry.tag)
}

/**
 * For `pg_restore --create`. The locale is left to the server that restores: the scratch server's may not exist
 * there, and its syntax is another in every few versions.
 */
function databaseEntry(entry: TocEntry, name: string, source: Source): TocEntry {
  const encoding = source.toc.encoding ?? 'UTF8'
  return {
    ...entry,
    tag: name,
    definition: `CREATE DATABASE ${ident(name)} WITH TEMPLATE = template0 ENCODING = ${literal(encoding)};\n\n\n`,
    dropStatement: `DROP DATABASE ${ident(name)};\n`,
  }
}
