import { availableParallelism } from 'node:os'
import type { Dump, TableName } from '../dumps/dump.ts'
import type { Scratch } from '../postgres/server.ts'
import { Connections } from './connections.ts'
import { Judge } from './judge/judge.ts'
import { Parser } from './judge/parser.ts'
import type { LoadReport } from './report.ts'
import { readServerFacts } from './server-facts.ts'
import { Walk } from './walk.ts'

export interface LoadProgress {
  /** Tables whose rows are loaded. */
  tables: number
  /** Tables that have rows to load, where the dump says it beforehand. */
  tablesInAll: number | null
  /** Bytes of rows in COPY text format. */
  bytes: number
}

export interface LoadOptions {
  /** Connections that take rows at the same time; as many as the machine has cores, at least 2, by default. */
  jobs?: number
  onProgress?: (progress: LoadProgress) => void
  signal?: AbortSignal
  /** Tables whose rows are loaded; all when absent. The tables themselves are always made. */
  wantTable?: (table: TableName) => boolean
}

/**
 * Loads a dump into an empty scratch database: tables with their columns, NOT NULL, defaults and inheritance, types,
 * sequences with their values, functions and all rows. Indexes, constraints and views are put aside in the report.
 * Every statement is judged first (judge/judge.ts); nothing of the dump is sent that did not pass.
 * @throws UpliftError LOAD:REFUSED, LOAD:DATA, and DUMP:* of the reader
 */
export async function loadDump(dump: Dump, scratch: Scratch, options: LoadOptions = {}): Promise<LoadReport> {
  const started = performance.now()
  const jobs = Math.max(1, options.jobs ?? Math.max(2, availableParallelism()))
  const [parser, connections] = await Promise.all([Parser.open(), Connections.open(scratch, jobs)])
  try {
    const facts = await connections.with(readServerFacts)
    const walk = new Walk(dump, connections, new Judge(parser, facts, dump.head), options)
    const report = await walk.run()
    return { ...report, seconds: (performance.now() - started) / 1000 }
  } finally {
    await connections.close()
  }
}
