import type { TocEntry } from '../dump.ts'

/** The settings that open the stream say these; a database is made by whoever restores. */
const SAID_ELSEWHERE = ['ENCODING', 'STDSTRINGS', 'SEARCHPATH', 'DATABASE', 'DATABASE PROPERTIES']
/** Rights, replication and labels need the roles and the programs of the server that the database came from. */
const OF_THE_SERVER = [
  'ACL',
  'ACL LANGUAGE',
  'DEFAULT ACL',
  'SECURITY LABEL',
  'BLOB SECURITY LABELS',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
]
const LEFT_OUT = new Set([...SAID_ELSEWHERE, ...OF_THE_SERVER])

/** Every database has these from the start, and only a superuser may make or comment on them again. */
const GIVEN = new Set(['SCHEMA public', 'PROCEDURAL LANGUAGE plpgsql', 'COMMENT SCHEMA public'])

/** Whether an entry belongs to what anybody can restore on any server. */
export function isRestored({ description, tag }: TocEntry): boolean {
  if (LEFT_OUT.has(description) || GIVEN.has(`${description} ${tag}`)) return false
  return !(description === 'COMMENT' && /^(EXTENSION|DATABASE|PROCEDURAL LANGUAGE|LANGUAGE) /.test(tag))
}

/** Entries that pg_restore keeps for the end, when all others are there (pg_backup_archiver.c, RESTORE_PASS_POST_ACL). */
export function comesLast({ description, tag }: TocEntry): boolean {
  return (
    description === 'EVENT TRIGGER' ||
    description === 'MATERIALIZED VIEW DATA' ||
    (description === 'COMMENT' && tag.startsWith('EVENT TRIGGER '))
  )
}
