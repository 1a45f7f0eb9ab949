import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TocEntry } from '../../src/dumps/dump.ts'
import { openDump } from '../../src/dumps/open.ts'
import { asUpliftError, type UpliftError } from '../../src/errors.ts'
import { loadDump } from '../../src/load/load.ts'
import type { LoadReport } from '../../src/load/report.ts'
import type { Scratch } from '../../src/postgres/server.ts'
import { ident } from '../../src/postgres/sql.ts'
import { writeCustomArchive } from '../dumps/write-archive.ts'
import { testServer } from '../setup/databases.ts'

/** Hostile statements try to make this file; it must never appear. */
export const marker = join(tmpdir(), `uplift-mark-${process.pid}`)

export interface Outcome {
  error: UpliftError | null
  report: LoadReport | null
  /** Whatever stands in the scratch database or on the server after the load and should not. */
  leftBehind: string[]
  /** Rows of the honest table of the dump. */
  honestRows: number | null
}

const HEAD = `--
-- PostgreSQL database dump
--

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.honest (
    id integer NOT NULL,
    name character varying
);

`

const TAIL = `

COPY public.honest (id, name) FROM stdin;
1	one
2	two
\\.

--
-- PostgreSQL database dump complete
--
`

/** A dump with a table of two rows and, between its definition and its rows, the given text. */
export function loadPlain(text: string): Promise<Outcome> {
  return load(Buffer.from(HEAD + text + TAIL))
}

export interface HostileEntry {
  description: string
  tag: string
  definition?: string
  copyStatement?: string
  rows?: string
}

const honest: HostileEntry[] = [
  {
    description: 'TABLE',
    tag: 'honest',
    definition: 'CREATE TABLE public.honest (id integer NOT NULL, name text);',
  },
  {
    description: 'TABLE DATA',
    tag: 'honest',
    copyStatement: 'COPY public.honest (id, name) FROM stdin;\n',
    rows: '1\tone\n2\ttwo\n\\.\n\n\n',
  },
]

/** A custom archive with the same table and, before its rows, the given entries. */
export function loadArchive(entries: readonly HostileEntry[]): Promise<Outcome> {
  const all = [honest[0]!, ...entries, honest[1]!]
  const toc: TocEntry[] = all.map((entry, i) => ({
    dumpId: i + 1,
    tableOid: '0',
    oid: '0',
    tag: entry.tag,
    description: entry.description,
    section: entry.description === 'TABLE DATA' ? 'data' : 'pre-data',
    definition: entry.definition ?? '',
    dropStatement: '',
    copyStatement: entry.copyStatement ?? '',
    namespace: 'public',
    tablespace: '',
    tableAccessMethod: '',
    owner: 'odoo',
    relkind: null,
    withOids: false,
    dependencies: [],
    hadDumper: entry.rows !== undefined,
    dataOffset: null,
    fileName: null,
  }))
  const rows = new Map(
    all.flatMap((entry, i) => (entry.rows === undefined ? [] : [[i + 1, Buffer.from(entry.rows)] as const])),
  )
  return load(writeCustomArchive({ entries: toc, rows }, { minor: 14, compression: 'none' }))
}

/** Making a database takes longer than a load that is refused: each serves many loads. */
const idle: Scratch[] = []

/** To be called at the end of every suite that loads. */
export async function dropScratches(): Promise<void> {
  await Promise.all(idle.splice(0).map((scratch) => scratch.drop()))
}

function empty(scratch: Scratch): Promise<void> {
  return scratch.server.withAdmin(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
    )
    for (const { name } of rows) await client.query(`DROP SCHEMA ${ident(name)} CASCADE`)
    await client.query(`CREATE SCHEMA public AUTHORIZATION ${ident(scratch.address.user)}`)
    await client.query(`SELECT lo_unlink(oid) FROM pg_largeobject_metadata`)
  }, scratch.address.database)
}

async function load(bytes: Buffer): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-hostile-dump-'))
  const path = join(folder, 'hostile.dump')
  await writeFile(path, bytes)
  const server = testServer()
  const before = await serverState()
  const scratch = idle.pop() ?? (await server.createScratch())
  const outcome: Outcome = { error: null, report: null, leftBehind: [], honestRows: null }
  try {
    const dump = await openDump(path)
    try {
      outcome.report = await loadDump(dump, scratch)
    } finally {
      await dump.close()
    }
  } catch (thrown) {
    outcome.error = asUpliftError(thrown)
  } finally {
    outcome.leftBehind = await unwanted(scratch)
    outcome.honestRows = await rowsOf(scratch)
    await empty(scratch)
    idle.push(scratch)
    await rm(folder, { recursive: true })
  }
  const after = await serverState()
  if (JSON.stringify(after) !== JSON.stringify(before)) outcome.leftBehind.push('a role, database or setting')
  if (existsSync(marker)) outcome.leftBehind.push('the marker file')
  return outcome
}

/** Objects of kinds that a load never makes, and any function, table or schema that is named as hostile. */
function unwanted(scratch: Scratch): Promise<string[]> {
  return scratch.server.withAdmin(async (client) => {
    const { rows } = await client.query<{ what: string }>(`
      SELECT 'event trigger ' || evtname AS what FROM pg_event_trigger
      UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger
      UNION ALL SELECT 'cast ' || oid FROM pg_cast WHERE oid >= 16384
      UNION ALL SELECT 'operator ' || oprname FROM pg_operator WHERE oid >= 16384
      UNION ALL SELECT 'policy ' || polname FROM pg_policy
      UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite WHERE oid >= 16384
      UNION ALL SELECT 'publication ' || pubname FROM pg_publication
      UNION ALL SELECT 'wrapper ' || fdwname FROM pg_foreign_data_wrapper
      UNION ALL SELECT 'language ' || lanname FROM pg_language WHERE oid >= 16384
      UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'
      UNION ALL SELECT 'function ' || proname FROM pg_proc
                 WHERE oid >= 16384 AND (prosecdef OR proname ~ 'hostile' OR prolang NOT IN
                   (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql')))
      UNION ALL SELECT 'relation ' || relname FROM pg_class WHERE oid >= 16384 AND relname ~ 'hostile'
      UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname ~ 'hostile'
      UNION ALL SELECT 'constraint ' || conname FROM pg_constraint WHERE oid >= 16384`)
    return rows.map(({ what }) => what)
  }, scratch.address.database)
}

function rowsOf(scratch: Scratch): Promise<number | null> {
  return scratch.with(async (client) => {
    const { rows } = await client.query<{ made: boolean }>(
      `SELECT to_regclass('public.honest') IS NOT NULL AS made`,
    )
    if (!rows[0]?.made) return null
    const counted = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM public.honest')
    return counted.rows[0]?.n ?? null
  })
}

async function serverState(): Promise<unknown> {
  return testServer().withAdmin(async (client) => {
    const { rows } = await client.query(`
      SELECT (SELECT array_agg(rolname::text ORDER BY rolname) FROM pg_roles WHERE rolname !~ '^uplift_|_[0-9a-f]{12}$') AS roles,
             (SELECT array_agg(datname::text ORDER BY datname) FROM pg_database WHERE datname !~ '^uplift_|_[0-9a-f]{12}$') AS databases,
             (SELECT array_agg(name || setting ORDER BY name) FROM pg_file_settings) AS settings,
             (SELECT count(*) FROM pg_db_role_setting) AS role_settings`)
    return rows
  })
}
