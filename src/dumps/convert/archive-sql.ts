import { ident } from '../../postgres/sql.ts'
import type { DumpHead, DumpItem, TocEntry } from '../dump.ts'
import { corrupt } from '../failures.ts'
import { headline } from '../plain/headline.ts'
import { openingSettings } from '../plain/opening.ts'
import { comesLast, isRestored } from './entries.ts'
import { largeObjectSql } from './large-object.ts'
import { checkedRows } from './rows.ts'
import { CheckedStatements } from './statements.ts'

/** Characters of text that are gathered before they go out. */
const GATHERED = 64 * 1024
const END_OF_ROWS = '\\.\n\n\n'
const CLOSING = '--\n-- PostgreSQL database dump complete\n--\n\n'

/**
 * Behind a COPY that the server refused psql would read rows as SQL and as commands of its own. Every psql knows this
 * setting, and stops before it does.
 */
const STOP = '\\set ON_ERROR_STOP on\n\n'

/** The text of an archive that was opened with one character for each byte. */
export async function* archiveSql(
  head: DumpHead,
  toc: readonly TocEntry[],
  items: AsyncGenerator<DumpItem>,
): AsyncGenerator<Buffer, void> {
  const writer = new Writer(head, toc)
  const last: TocEntry[] = []
  let text = writer.opening()
  for await (const item of items) {
    if (item.kind === 'meta' || (item.kind !== 'largeObject' && item.entry === null))
      throw corrupt('its data holds what belongs to no entry')
    if (item.kind !== 'largeObject' && !isRestored(item.entry!)) continue
    if (item.kind === 'statement' && comesLast(item.entry!)) {
      last.push(item.entry!)
      continue
    }
    if (item.kind === 'statement') text += writer.statement(item.sql, item.entry!)
    else if (item.kind === 'copy') {
      yield bytesOf(text + writer.copy(item.copyStatement, item.entry!))
      yield* checkedRows(item.data as AsyncIterable<Buffer>, item.table.name)
      text = END_OF_ROWS
    } else {
      text += writer.beforeLargeObject(item.oid)
      for await (const part of largeObjectSql(item.oid, item.data, head.standardConformingStrings)) {
        text += part
        if (text.length < GATHERED) continue
        yield bytesOf(text)
        text = ''
      }
    }
    if (text.length < GATHERED) continue
    yield bytesOf(text)
    text = ''
  }
  for (const entry of last) text += writer.statement(entry.definition, entry)
  yield bytesOf(text + writer.closing())
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

/** Turns entries into text, with what has to stand between them. */
class Writer {
  readonly #head: DumpHead
  readonly #statements: CheckedStatements
  /** Whether names carry their schema; where not, search_path says it. */
  readonly #qualified: boolean
  #schema = ''
  #method = 'heap'
  #headed: TocEntry | null = null
  /** Entries whose definition is behind: what follows of them is data. */
  #defined: TocEntry | null = null
  #inLargeObjects = false

  constructor(head: DumpHead, toc: readonly TocEntry[]) {
    this.#head = head
    this.#statements = new CheckedStatements(head.standardConformingStrings)
    this.#qualified = toc.some((entry) => entry.description === 'SEARCHPATH')
  }

  opening(): string {
    const { serverVersion, pgDumpVersion, encoding, standardConformingStrings } = this.#head
    const settings = openingSettings({
      target: majorOf(serverVersion),
      encoding: /^[\w-]+$/.test(encoding ?? '') ? encoding! : 'UTF8',
      standardConformingStrings,
      qualified: this.#qualified,
    })
    const version = (text: string | null) => (text ?? 'unknown').replaceAll(/[^\w.+-]/g, '?')
    return [
      '--\n-- PostgreSQL database dump\n--\n',
      `-- Dumped from database version ${version(serverVersion)}`,
      `-- Dumped by pg_dump version ${version(pgDumpVersion)}\n`,
      `${STOP}${settings}\n\n`,
    ].join('\n')
  }

  statement(sql: string, entry: TocEntry): string {
    const isData = entry.hadDumper && (sql !== entry.definition || this.#defined === entry)
    const before = this.#outOfLargeObjects() + this.#before(entry)
    if (isData) return `${before}${this.#statements.checked(sql, entry)}\n`
    this.#defined = entry
    return `${before}${this.#definition(sql, entry)}\n\n`
  }

  copy(statement: string, entry: TocEntry): string {
    const before = this.#outOfLargeObjects() + this.#before(entry)
    return `${before}${this.#statements.checked(`${statement.trimEnd()}\n`, entry)}`
  }

  beforeLargeObject(oid: string): string {
    const begin = this.#inLargeObjects ? '' : 'BEGIN;\n\n'
    this.#inLargeObjects = true
    // Archives before 1.12 have no entry that makes the object.
    const minor = Number(this.#head.archiveVersion?.split('.')[1])
    return `${begin}${minor < 12 ? `SELECT pg_catalog.lo_create('${oid}');\n` : ''}`
  }

  closing(): string {
    return this.#outOfLargeObjects() + CLOSING
  }

  #outOfLargeObjects(): string {
    if (!this.#inLargeObjects) return ''
    this.#inLargeObjects = false
    return 'COMMIT;\n\n'
  }

  /** What has to be set for an entry, and the comment over it. */
  #before(entry: TocEntry): string {
    if (this.#headed === entry) return ''
    this.#headed = entry
    let text = ''
    if (!this.#qualified && entry.namespace !== '' && entry.namespace !== this.#schema) {
      this.#schema = entry.namespace
      const catalogue = entry.namespace === 'pg_catalog' ? '' : ', pg_catalog'
      text += `SET search_path = ${this.#ident(entry.namespace, entry)}${catalogue};\n\n`
    }
    const method = entry.tableAccessMethod
    if (method !== '' && method !== this.#method) {
      this.#method = method
      text += `SET default_table_access_method = ${this.#ident(method, entry)};\n\n`
    }
    return text + headline(entry)
  }

  #definition(sql: string, entry: TocEntry): string {
    // Since archives of PostgreSQL 17 one entry lists many large objects, one a line.
    if (entry.description === 'BLOB METADATA')
      return sql
        .trim()
        .split('\n')
        .map((oid) => `SELECT pg_catalog.lo_create('${oidOf(oid, entry)}');\n`)
        .join('')
    // Before 9.x the definition names the owner, whom the other server may not know.
    if (entry.description === 'SCHEMA' && !sql.startsWith('--'))
      return `CREATE SCHEMA ${this.#ident(entry.tag, entry)};\n`
    return this.#statements.checked(sql, entry)
  }

  #ident(name: string, entry: TocEntry): string {
    if (name.includes('\0')) throw corrupt(`a name of ${entry.description} holds a zero byte`)
    return /^[a-z_][a-z0-9_]*$/.test(name) ? name : ident(name)
  }
}

function oidOf(text: string, entry: TocEntry): string {
  if (!/^\d{1,10}$/.test(text))
    throw corrupt('the list of large objects holds a line that names none', { dumpId: entry.dumpId })
  return text
}

/** "9.6.24" → 9.06, "15.20" → 15; 0 where nothing is said. */
function majorOf(version: string | null): number {
  const [, first = '0', second = '0'] = /^(\d{1,3})(?:\.(\d{1,2}))?/.exec(version ?? '') ?? []
  return Number(first) < 10 ? Number(first) + Number(second) / 100 : Number(first)
}
