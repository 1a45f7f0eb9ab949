import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/dumps/temporary.ts'
import { testServer } from '../../test/setup/databases.ts'
import { openDump } from '../dumps/open.ts'
import type { UpliftError } from '../errors.ts'
import type { Scratch } from '../postgres/server.ts'
import { type LoadOptions, loadDump } from './load.ts'
import type { LoadReport } from './report.ts'

const folder = temporaryFolder()
let scratch: Scratch

beforeAll(async () => {
  scratch = await testServer().createScratch()
})
beforeEach(() =>
  scratch.with(async (client) => {
    await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  }),
)
afterAll(() => scratch?.drop())

async function load(sql: string | Buffer, options?: LoadOptions): Promise<LoadReport> {
  const path = folder.path('dump.sql')
  await writeFile(path, sql)
  const dump = await openDump(path)
  try {
    return await loadDump(dump, scratch, options)
  } finally {
    await dump.close()
  }
}

async function failure(work: Promise<unknown>): Promise<UpliftError> {
  return work.then(
    () => {
      throw new Error('it did not fail')
    },
    (thrown) => thrown,
  )
}

const query = (sql: string) => scratch.with(async (client) => (await client.query(sql)).rows)

describe('old dumps', () => {
  it('with names that search_path completes, and words that the grammar has lost', async () => {
    const report = await load(
      `SET client_encoding = 'UTF8';
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SET search_path = public, pg_catalog;
CREATE PROCEDURAL LANGUAGE plpgsql;
ALTER LANGUAGE plpgsql OWNER TO postgres;
CREATE FUNCTION plpgsql_call_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION trebled(a integer) RETURNS integer LANGUAGE sql AS $_$ SELECT $1 * 3 $_$;
SET default_tablespace = '';
SET default_with_oids = true;
CREATE TABLE old (
    id integer DEFAULT nextval('old_id_seq'::regclass) NOT NULL,
    since abstime,
    lasted reltime,
    said text DEFAULT 'it''s \\'so\\' \\\\'
) WITH OIDS;
CREATE SEQUENCE old_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MAXVALUE
    NO MINVALUE
    CACHE 1;
ALTER SEQUENCE old_id_seq OWNED BY old.id;
SELECT pg_catalog.setval('old_id_seq', 12, false);
COPY old (id, since, lasted, said) WITH OIDS FROM stdin;
16401	1	2009-03-01 10:00:00+00	1 day	a\\\\b
16402	2	\\N	\\N	line\\nbreak
\\.
ALTER TABLE ONLY old ADD CONSTRAINT old_pkey PRIMARY KEY (id);
CREATE INDEX old_said ON old USING btree (said);
REVOKE ALL ON SCHEMA public FROM PUBLIC;
`.replace(
        /CREATE TABLE old[\s\S]*?WITH OIDS;\n([\s\S]*?CACHE 1;\n)/,
        (all, sequence) => sequence + all.replace(sequence, ''),
      ),
    )
    expect(await query('SELECT id, since::text, lasted::text, said FROM public.old ORDER BY id')).toEqual([
      { id: 1, since: '2009-03-01 10:00:00+00', lasted: '1 day', said: 'a\\b' },
      { id: 2, since: null, lasted: null, said: 'line\nbreak' },
    ])
    expect(await query(`INSERT INTO public.old DEFAULT VALUES RETURNING id, said`)).toEqual([
      { id: 12, said: `it's 'so' \\` },
    ])
    expect(await query('SELECT public.trebled(2) AS six')).toEqual([{ six: 6 }])
    expect(report.deferred.map(({ kind, table, sql }) => [kind, table, sql])).toEqual([
      ['primaryKey', 'old', 'ALTER TABLE ONLY "public"."old" ADD CONSTRAINT "old_pkey" PRIMARY KEY ("id")'],
      ['index', 'old', 'CREATE INDEX "old_said" ON "public"."old" USING btree ("said")'],
    ])
    expect(report.skipped.map(({ what }) => what).sort()).toEqual(
      ['OIDs', 'create function', 'owner', 'rights'].sort(),
    )
  })

  it('with a view that was a table until its rule came', async () => {
    const report = await load(`SET search_path = public, pg_catalog;
CREATE TABLE base (id integer);
CREATE TABLE later_a_view (id integer);
COPY base (id) FROM stdin;
1
\\.
CREATE RULE "_RETURN" AS ON SELECT TO later_a_view DO INSTEAD SELECT base.id FROM public.base;
`)
    expect(report.tables.map(({ name }) => name)).toEqual(['base'])
    expect(await query(`SELECT to_regclass('public.later_a_view') AS made`)).toEqual([{ made: null }])
    const view = report.deferred.find(({ kind }) => kind === 'view')
    await query(view!.sql!)
    expect(await query('SELECT * FROM public.later_a_view')).toEqual([{ id: 1 }])
  })

  it('with large objects as statements', async () => {
    const report = await load(`SET standard_conforming_strings = on;
CREATE TABLE public.t (id integer);
SELECT pg_catalog.lo_create('4712');
BEGIN;
SELECT pg_catalog.lo_open('4712', 131072);
SELECT pg_catalog.lowrite(0, '\\x0001');
SELECT pg_catalog.lowrite(0, '\\xff');
SELECT pg_catalog.lo_close(0);
COMMIT;
`)
    expect(report.largeObjects).toBe(1)
    expect(await query(`SELECT encode(lo_get(4712), 'hex') AS bytes`)).toEqual([{ bytes: '0001ff' }])
    await query('SELECT lo_unlink(4712)')
  })
})

describe('encodings', () => {
  const dump = (encoding: string, value: string) =>
    Buffer.from(
      `SET client_encoding = '${encoding}';\nCREATE TABLE public."n\xe4me" (v text);\nCOPY public."n\xe4me" (v) FROM stdin;\n${value}\n\\.\n`,
      'latin1',
    )

  it('LATIN1 is converted by PostgreSQL', async () => {
    const report = await load(dump('LATIN1', 'Caf\xe9'))
    expect(await query('SELECT v FROM public."näme"')).toEqual([{ v: 'Café' }])
    expect(report.skipped).toEqual([])
  })

  it('SQL_ASCII is UTF-8 where it is valid, else Windows-1252, and the report counts such rows', async () => {
    const utf8 = Buffer.from('déjà', 'utf8').toString('latin1')
    const report = await load(
      Buffer.from(
        `SET client_encoding = 'SQL_ASCII';\nCREATE TABLE public.t (a text, b text);\nCOPY public.t (a, b) FROM stdin;\n${utf8}\tplain\n${utf8}\t\x80 5 \x96 caf\xe9\nplain\t${utf8}\n\\.\n`,
        'latin1',
      ),
    )
    expect(await query('SELECT a, b FROM public.t')).toEqual([
      { a: 'déjà', b: 'plain' },
      { a: 'déjà', b: '€ 5 – café' },
      { a: 'plain', b: 'déjà' },
    ])
    expect(report.skipped).toEqual([
      {
        what: 'encoding',
        name: 'public.t',
        reason: '1 rows have values that are not UTF-8; these values were read as Windows-1252',
        severity: 'warning',
      },
    ])
  })
})

describe('rows that PostgreSQL does not take', () => {
  const rows = (count: number, bad: number) =>
    Array.from({ length: count }, (_, i) => `${i + 1 === bad ? 'x' : i}\t${'y'.repeat(100)}\n`).join('')

  it('end the load with the table and the line, counted over all its pieces', async () => {
    // 12 MB, so that the bad line is in a later piece than the first.
    const error = await failure(
      load(
        `CREATE TABLE public.t (id integer, v text);\nCOPY public.t (id, v) FROM stdin;\n${rows(110_000, 95_123)}\\.\n`,
      ),
    )
    expect(error.code).toBe('LOAD:DATA')
    expect(error.detail).toMatchObject({ schema: 'public', name: 't', line: 95_123, column: 'id' })
    expect(error.message).toContain('public.t')
  })

  it('with too few values as well', async () => {
    const error = await failure(
      load('CREATE TABLE public.t (id integer, v text);\nCOPY public.t (id, v) FROM stdin;\n1\n\\.\n'),
    )
    expect(error).toMatchObject({ code: 'LOAD:DATA', detail: { line: 1 } })
  })

  it('of invalid UTF-8 in a dump that says UTF-8', async () => {
    const error = await failure(
      load(
        Buffer.from(
          `SET client_encoding = 'UTF8';\nCREATE TABLE public.t (v text);\nCOPY public.t (v) FROM stdin;\nok\ncaf\xe9\n\\.\n`,
          'latin1',
        ),
      ),
    )
    expect(error).toMatchObject({ code: 'LOAD:DATA', detail: { name: 't', line: 2 } })
  })
})

describe('options', () => {
  const two = `CREATE TABLE public.a (id integer);\nCREATE TABLE public.b (id integer);\nCOPY public.a (id) FROM stdin;\n1\n2\n\\.\nCOPY public.b (id) FROM stdin;\n3\n\\.\n`

  it('wantTable leaves rows out, not tables', async () => {
    const report = await load(two, { wantTable: ({ name }) => name === 'b' })
    expect(report.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['a', 0],
      ['b', 1],
    ])
  })

  it('onProgress hears of tables and bytes', async () => {
    const heard: { tables: number; bytes: number }[] = []
    const report = await load(two, { onProgress: (progress) => heard.push(progress) })
    expect(heard.at(-1)).toEqual({ tables: 2, tablesInAll: null, bytes: 6 })
    expect(report.bytes).toBe(6)
  })

  it('signal ends the load and frees its connections', async () => {
    const controller = new AbortController()
    const many = `CREATE TABLE public.t (v text);\nCOPY public.t (v) FROM stdin;\n${`${'z'.repeat(1000)}\n`.repeat(30_000)}\\.\n`
    const error = await failure(
      load(many, {
        signal: controller.signal,
        onProgress: ({ bytes }) => {
          if (bytes > 5_000_000) controller.abort(new Error('enough'))
        },
      }),
    )
    expect(error.message).toBe('enough')
    expect(
      await query(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database()`),
    ).toEqual([{ n: 1 }])
  })

  it('a row far longer than a piece is loaded', async () => {
    const report = await load(
      `CREATE TABLE public.t (id integer, v text);\nCOPY public.t (id, v) FROM stdin;\n1\t${'w'.repeat(20 * 2 ** 20)}\n2\tshort\n\\.\n`,
    )
    expect(report.tables[0]?.rows).toBe(2)
    expect(await query('SELECT id, length(v) AS n FROM public.t ORDER BY id')).toEqual([
      { id: 1, n: 20 * 2 ** 20 },
      { id: 2, n: 5 },
    ])
  })
})
