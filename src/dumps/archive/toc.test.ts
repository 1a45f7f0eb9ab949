import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runPg } from '../../../test/dumps/pg-programs.ts'
import { hasRealDatabases, realDatabase, realDatabases } from '../../../test/setup/databases.ts'
import type { TocEntry } from '../dump.ts'
import { openDump } from '../open.ts'

const archives = hasRealDatabases ? readdirSync(realDatabases).filter((name) => name.endsWith('.dump')) : []

/** What pg_restore -l leaves out of its list: settings, and the database, which it does not create. */
const UNLISTED = new Set(['ENCODING', 'STDSTRINGS', 'SEARCHPATH', 'DATABASE'])

describe.skipIf(!hasRealDatabases)('the table of contents of real archives', () => {
  it.each(archives)('%s: agrees with pg_restore -l entry by entry', async (name) => {
    const dump = await openDump(realDatabase(name))
    const listed = await runPg('pg_restore', ['-l', realDatabase(name)])
    await dump.close()
    const lines = listed.split('\n')
    const facts = new Map(lines.filter((line) => line.startsWith('; ')).map((line) => splitFact(line)))
    expect(dump.toc!.length).toBe(Number(facts.get('TOC Entries')))
    expect(`${dump.head.archiveVersion}-0`).toBe(facts.get('Dump Version'))
    expect(dump.head.databaseName).toBe(facts.get('dbname'))
    expect(dump.head.serverVersion).toBe(facts.get('Dumped from database version')!.split(' ')[0])
    expect(dump.head.pgDumpVersion).toBe(facts.get('Dumped by pg_dump version')!.split(' ')[0])
    const ours = dump.toc!.filter((entry) => !UNLISTED.has(entry.description)).map(asListed)
    expect(ours).toEqual(lines.filter((line) => line !== '' && !line.startsWith(';')))
  })
})

function asListed(entry: TocEntry): string {
  const { dumpId, tableOid, oid, description, namespace, tag, owner } = entry
  return `${dumpId}; ${tableOid} ${oid} ${description} ${namespace || '-'} ${tag.replaceAll('\n', ' ')} ${owner}`
}

function splitFact(line: string): [string, string] {
  const colon = line.indexOf(': ')
  return [line.slice(1, colon).trim(), line.slice(colon + 2).trim()]
}
