import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRealDatabases, realDatabase, testServer } from '../../../test/setup/databases.ts'
import { type Fingerprint, fingerprint } from '../../../test/write/fingerprint.ts'
import { restoreInto } from '../../../test/write/restore.ts'
import { findPrograms } from '../../postgres/programs.ts'
import { writeDump } from '../write/write.ts'
import { sqlOf } from './sql-of.ts'

const run = promisify(execFile)
const program = (name: string) => join(findPrograms(), name)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-convert-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What pg_restore writes of an archive, with what is left out here left out there. */
async function theirs(path: string): Promise<string> {
  const out = join(folder, `${basename(path)}.theirs.sql`)
  await run(program('pg_restore'), [
    '-f',
    out,
    '--no-owner',
    '--no-acl',
    '--no-tablespaces',
    '--no-publications',
    '--no-subscriptions',
    '--no-security-labels',
    path,
  ])
  return readFile(out, 'latin1')
}

async function ours(path: string): Promise<string> {
  const out = join(folder, `${basename(path)}.ours.sql`)
  await pipeline(sqlOf(path), createWriteStream(out))
  return readFile(out, 'latin1')
}

/** The text without settings, comments of our own choice and what only a superuser may say. */
function comparable(text: string): string[] {
  return text
    .split('\n')
    .filter(
      (line) =>
        !/^(SET (?!search_path)|SELECT pg_catalog\.set_config\('search_path'|--|\\(un)?restrict|\\set ON_ERROR|COMMENT ON (EXTENSION|SCHEMA public)|CREATE SCHEMA public)/.test(
          line,
        ) && line !== '',
    )
}

describe.skipIf(!hasRealDatabases)('real databases', () => {
  for (const name of [
    'openerp-6.0-demo',
    'openerp-7.0-demo',
    'odoo-8.0-base',
    'odoo-13.0-fresh',
    'odoo-17.0-base',
  ])
    test(`${name}: the text of pg_restore, and it restores as an archive does`, async () => {
      const path = realDatabase(`${name}.dump`)
      const text = await ours(path)
      expect(text.startsWith('--\n-- PostgreSQL database dump\n--\n')).toBe(true)
      expect(comparable(text)).toEqual(comparable(await theirs(path)))
      const admin = testServer().admin
      const before = await restoreInto(admin, 'custom', path, fingerprint)
      const after = await restoreInto(admin, 'plain', join(folder, `${name}.dump.ours.sql`), fingerprint)
      expect(after).toEqual(before)
      expect(Object.keys(after.tables).length).toBeGreaterThan(50)
    })

  test('psql restores it without a superuser and without the roles of the source', async () => {
    for (const name of ['openerp-7.0-demo', 'odoo-17.0-base']) {
      const file = join(folder, `${name}.plain-role.sql`)
      await pipeline(sqlOf(realDatabase(`${name}.dump`)), createWriteStream(file))
      const scratch = await testServer().createScratch()
      try {
        const { host, port, user, password, database } = scratch.address
        await run(
          program('psql'),
          [
            '-X',
            '-q',
            '-v',
            'ON_ERROR_STOP=1',
            '-h',
            host,
            '-p',
            String(port),
            '-U',
            user,
            '-d',
            database,
            '-f',
            file,
          ],
          { env: { ...process.env, PGPASSWORD: password ?? '' }, maxBuffer: 2 ** 26 },
        )
        const { rows } = await scratch.with((client) =>
          client.query('SELECT count(*)::int AS n FROM ir_model'),
        )
        expect(rows[0].n).toBeGreaterThan(50)
      } finally {
        await scratch.drop()
      }
    }
  })

  test('a backup of Odoo gives its dump.sql byte for byte', async () => {
    const path = realDatabase('odoo-16.0-small-backup.zip')
    const { stdout } = await run('unzip', ['-p', path, 'dump.sql'], {
      encoding: 'buffer',
      maxBuffer: 2 ** 30,
    })
    expect((await buffer(sqlOf(path))).equals(stdout)).toBe(true)
  })
})

describe('made databases', () => {
  test('every form of one database gives what pg_restore gives, and restores', async () => {
    await withCurious(async (connection, before) => {
      const forms: [string, string[]][] = [
        ['custom', ['-Fc']],
        ['custom-raw', ['-Fc', '-Z0']],
        ['tar', ['-Ft']],
        ['directory', ['-Fd']],
        ['inserts', ['-Fc', '--inserts']],
      ]
      for (const [form, options] of forms) {
        const path = join(folder, `curious.${form}`)
        await run(program('pg_dump'), [...options, ...connection, '-f', path])
        const text = await ours(path)
        expect(comparable(text), form).toEqual(comparable(await theirs(path)))
        const file = join(folder, `curious.${form}.ours.sql`)
        expect(await restoreInto(testServer().admin, 'plain', file, contents), form).toEqual(before)
      }
    })
  })

  test('archives that the product writes', async () => {
    const scratch = await testServer().createScratch()
    try {
      const before = await scratch.with(async (client) => {
        await client.query(
          `CREATE TABLE t (id serial PRIMARY KEY, v text); INSERT INTO t (v) SELECT E'a\\\\\tb' FROM generate_series(1, 100)`,
        )
        await client.query('SELECT lo_from_bytea(0, $1), lo_create(0)', [Buffer.alloc(50_000, 'x')])
        return contents(client)
      })
      for (const format of ['custom', 'tar', 'directory'] as const) {
        const out = join(folder, `own.${format}`)
        await writeDump({ connection: scratch.address, out, format, postgresql: '9.4' })
        await ours(out)
        expect(await restoreInto(testServer().admin, 'plain', `${out}.ours.sql`, contents), format).toEqual(
          before,
        )
      }
    } finally {
      await scratch.drop()
    }
  })

  test('wrapped archives and plain SQL', async () => {
    await withCurious(async (connection, before) => {
      const plain = join(folder, 'plain.sql')
      await run(program('pg_dump'), ['-Fp', ...connection, '-f', plain])
      const archive = join(folder, 'wrapped.tar')
      await run(program('pg_dump'), ['-Ft', ...connection, '-f', archive])
      const packed = join(folder, 'packed')
      await run(program('pg_dump'), ['-Fd', ...connection, '-f', packed])
      await run('tar', ['-czf', `${packed}.tar.gz`, '-C', packed, '.'])
      await run('gzip', ['-k', plain, archive])
      await run('xz', ['-k', plain])
      const bytes = await readFile(plain)
      for (const path of [plain, `${plain}.gz`, `${plain}.xz`])
        expect((await buffer(sqlOf(path))).equals(bytes), path).toBe(true)
      expect(await ours(`${archive}.gz`)).toBe(await ours(archive))
      await ours(`${packed}.tar.gz`)
      const file = join(folder, 'packed.tar.gz.ours.sql')
      expect(await restoreInto(testServer().admin, 'plain', file, contents)).toEqual(before)
    })
  })

  test('the same bytes every time, however the source is cut', async () => {
    await withCurious(async (connection) => {
      const path = join(folder, 'again.dump')
      await run(program('pg_dump'), ['-Fc', ...connection, '-f', path])
      await run('xz', ['-k', path])
      const first = await buffer(sqlOf(path))
      expect((await buffer(sqlOf(path))).equals(first)).toBe(true)
      expect((await buffer(sqlOf(`${path}.xz`))).equals(first)).toBe(true)
    })
  })

  test('text stays in the encoding of the dump, byte for byte', async () => {
    await withCurious(async (connection) => {
      const path = join(folder, 'latin1.dump')
      await run(program('pg_dump'), ['-Fc', '-E', 'LATIN1', '-t', 'names', ...connection, '-f', path])
      const text = await ours(path)
      expect(text).toContain("SET client_encoding = 'LATIN1';")
      expect(text).toContain("COMMENT ON TABLE public.names IS 'caf\xe9'")
      expect(comparable(text)).toEqual(comparable(await theirs(path)))
    })
  })

  test('whoever leaves early, and whoever aborts, ends the work', async () => {
    await withCurious(async (connection) => {
      const path = join(folder, 'left.dump')
      await run(program('pg_dump'), ['-Fc', ...connection, '-f', path])
      for await (const piece of sqlOf(path)) {
        expect(piece.length).toBeGreaterThan(0)
        break
      }
      const abort = new AbortController()
      const reading = async () => {
        for await (const _ of sqlOf(path, { signal: abort.signal })) abort.abort(new Error('enough'))
      }
      await expect(reading()).rejects.toThrow('enough')
    })
  })

  test('a damaged archive fails instead of ending', async () => {
    await withCurious(async (connection) => {
      const path = join(folder, 'cut.dump')
      await run(program('pg_dump'), ['-Fc', ...connection, '-f', path])
      const whole = await readFile(path)
      await writeFile(path, whole.subarray(0, whole.length - 3000))
      await expect(buffer(sqlOf(path))).rejects.toMatchObject({ code: 'DUMP:TRUNCATED' })
    })
  })
})

/** A database with what conversions get wrong: odd names and values, large objects, partitions, views of views, triggers. */
async function withCurious(
  work: (connection: string[], before: Awaited<ReturnType<typeof contents>>) => Promise<void>,
): Promise<void> {
  const scratch = await testServer().createScratch()
  try {
    await scratch.with(async (client) => {
      await client.query(`
        CREATE TABLE names (id serial PRIMARY KEY, name text DEFAULT 'a\\b', note text DEFAULT 'C:\\', raw bytea);
        COMMENT ON TABLE names IS 'café';
        INSERT INTO names (name, note, raw) SELECT 'row ' || i || E'\\t\\n\\\\.\\n\\r\\b\\f\\v\\\\!', E'\\\\', decode(md5(i::text), 'hex')
          FROM generate_series(1, 5000) i;
        INSERT INTO names (name) VALUES (NULL), (''), ('\\.'), ('\\N');
        CREATE TABLE "odd ""name""\n; \\! touch /tmp/uplift-was-here --" (a int);
        INSERT INTO "odd ""name""\n; \\! touch /tmp/uplift-was-here --" VALUES (1);
        CREATE SCHEMA "other schema";
        CREATE TABLE "other schema".t (a int REFERENCES names);
        CREATE VIEW v AS SELECT replace(name, '\\', '/') AS slashes, E'it''s\\n' AS quoted FROM names;
        CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM v;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN /* ' */ RETURN NEW; END $f$;
        CREATE FUNCTION g(i int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN i > 1 THEN 1 ELSE 2 END; SELECT 3; END;
        CREATE TRIGGER t BEFORE UPDATE ON names FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TABLE parted (d date, v text) PARTITION BY RANGE (d);
        CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        INSERT INTO parted VALUES ('2020-05-05', 'x');
        CREATE TYPE mood AS ENUM ('sad', 'ok\\', 'it''s');
        CREATE INDEX ON names (lower(name)) WHERE name <> '\\';
        SELECT setval('names_id_seq', 77777)`)
      await client.query('SELECT lo_from_bytea(0, $1), lo_create(0)', [
        Buffer.alloc(700_000, 'large \\object'),
      ])
      const { host, port, user, password, database } = scratch.address
      process.env.PGPASSWORD = password ?? ''
      await work(['-h', host, '-p', String(port), '-U', user, '-d', database], await contents(client))
    })
  } finally {
    await scratch.drop()
  }
}

async function contents(client: pg.Client): Promise<[Fingerprint, unknown[]]> {
  const print = await fingerprint(client)
  const { rows } = await client.query('SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1')
  expect(rows).toHaveLength(2)
  return [print, rows]
}
