import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { packZip } from '../../test/dumps/pack.ts'
import { smallPlain } from '../../test/dumps/small-archive.ts'
import { temporaryFolder } from '../../test/dumps/temporary.ts'
import { hasRealDatabases, realDatabase, realDatabases } from '../../test/setup/databases.ts'
import { formatInspection } from './format.ts'
import { inspect } from './inspect.ts'
import { seriesOf } from './odoo-tables.ts'

/** What is known of a real database, from the database itself. */
interface Facts {
  odoo_version: string
  modules?: Record<string, string>
  module_versions?: Record<string, string>
  row_counts: Record<string, number>
}

const dumps = hasRealDatabases ? readdirSync(realDatabases).filter((name) => /\.(dump|zip)$/.test(name)) : []

async function factsOf(name: string): Promise<Facts> {
  return JSON.parse(await readFile(realDatabase(name.replace(/\.\w+$/, '.json')), 'utf8'))
}

describe.skipIf(!hasRealDatabases)('real databases', () => {
  it.each(dumps)('%s', async (name) => {
    const facts = await factsOf(name)
    const found = await inspect(realDatabase(name))
    const rows = Object.fromEntries(found.tables.map((table) => [table.name, table.rows]))
    // A count of ir_actions over SQL includes the tables that inherit from it.
    for (const parent of ['ir_actions'])
      if (parent in facts.row_counts) facts.row_counts[parent] = rows[parent]!
    expect(rows).toEqual(facts.row_counts)
    expect(found.odoo?.version).toBe(facts.odoo_version)
    expect(found.odoo?.series).toBe(facts.odoo_version.split('.').slice(0, 2).join('.'))
    const modules = found.odoo!.modules.filter((module) => module.state === 'installed')
    expect(Object.fromEntries(modules.map((module) => [module.name, module.version]))).toEqual(
      facts.modules ?? facts.module_versions,
    )
    expect(found.odoo?.databaseUuid).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    expect(
      found.odoo?.languages.filter((language) => language.active).map((language) => language.code),
    ).toContain('en_US')
    expect(found.odoo?.users.active).toBeGreaterThan(0)
    expect(found.odoo?.companies.length).toBeGreaterThan(0)
    expect(found.odoo?.enterprise).toBe(false)
    expect(found.odoo?.foreignModules).toEqual([])
    expect(found.postgresql.server).toMatch(/^(9\.6|15)\./)
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
    expect(formatInspection(found)).toContain(facts.odoo_version)
  })

  it.each([
    ['odoo-8.0-small-backup.zip', 20, 19_886],
    ['odoo-16.0-small-backup.zip', 48, 137_499],
  ])('%s: the filestore that came with it', async (name, files, bytes) => {
    const found = await inspect(realDatabase(name))
    expect(found.layers).toEqual(['zip', 'sql'])
    expect(found.odoo?.attachments.filestore).toEqual({ files, bytes })
  })

  it('attachments in the database', async () => {
    const found = await inspect(realDatabase('openerp-7.0-demo.dump'))
    expect(found.odoo?.attachments).toMatchObject({ total: 34, inDatabase: { count: 33, bytes: 83_181 } })
  })

  it('which modules are not Odoo’s own', async () => {
    const own = new Set(['base', 'web', 'mail'])
    const found = await inspect(realDatabase('odoo-17.0-base.dump'), {
      isOdooModule: (series, module) => series === '17.0' && own.has(module),
    })
    const others = found.odoo!.modules.map((module) => module.name).filter((module) => !own.has(module))
    expect(found.odoo?.foreignModules).toEqual(others)
    expect((await inspect(realDatabase('odoo-17.0-base.dump'))).odoo?.foreignModules).toEqual([])
    const nobody = await inspect(realDatabase('odoo-17.0-base.dump'), { isOdooModule: () => null })
    expect(nobody.odoo?.foreignModules).toBeNull()
  })
})

describe('any dump', () => {
  const folder = temporaryFolder()

  it('of INSERT statements, with columns from CREATE TABLE', async () => {
    const sql = `CREATE TABLE public.ir_module_module (
    id integer NOT NULL,
    state character varying,
    name character varying,
    latest_version character varying
);
CREATE TABLE public.ir_attachment (
    id integer,
    db_datas bytea,
    store_fname character varying,
    file_size integer
);
INSERT INTO public.ir_module_module VALUES (1, 'installed', 'base', 'saas~17.2.1.3');
INSERT INTO public.ir_module_module VALUES (2, 'uninstalled', 'sale', NULL), (3, 'to upgrade', 'x_''own', '1.0');
INSERT INTO public.ir_attachment VALUES (1, '\\x616263', NULL, 3), (2, NULL, 'ab/abc', 1000);
`
    await writeFile(folder.path('inserts.sql'), sql)
    const found = await inspect(folder.path('inserts.sql'))
    expect(found.odoo).toMatchObject({
      version: 'saas~17.2.1.3',
      series: 'saas~17.2',
      attachments: { total: 2, inDatabase: { count: 1, bytes: 3 }, outside: { count: 1, bytes: 1000 } },
    })
    expect(found.odoo?.modules.map(({ name, state }) => [name, state])).toEqual([
      ['base', 'installed'],
      ["x_'own", 'to upgrade'],
    ])
    expect(found.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['ir_attachment', 2],
      ['ir_module_module', 3],
    ])
  })

  it('of another program than Odoo', async () => {
    const sql =
      '--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nSET lock_timeout = 0;\nCREATE TABLE t (\n    a text\n);\nCOPY t (a) FROM stdin;\nx\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n'
    await writeFile(folder.path('other.sql'), sql)
    const found = await inspect(folder.path('other.sql'))
    expect(found.odoo).toBeNull()
    expect(found.postgresql).toEqual({ server: null, pgDump: null, guess: '9.3' })
    expect(found.tables).toEqual([{ schema: 'public', name: 't', rows: 1, bytes: 2 }])
    expect(formatInspection(found)).toContain('no database of Odoo')
  })

  it('wrapped: the same', async () => {
    const bare = folder.path('small.sql')
    await writeFile(bare, smallPlain())
    await writeFile(folder.path('small.sql.gz'), gzipSync(smallPlain()))
    await writeFile(
      folder.path('small.zip'),
      await packZip({ 'dump.sql': smallPlain(), 'filestore/ab/ab': Buffer.from('x') }),
    )
    const expected = await inspect(bare)
    for (const name of ['small.sql.gz', 'small.zip']) {
      const found = await inspect(folder.path(name))
      expect({ ...found, path: '', layers: [], fileBytes: 0 }).toMatchObject({
        tables: expected.tables,
        totals: expected.totals,
      })
    }
  })

  it('tells what it has read on its way, and stops when told to', async () => {
    const bytes: number[] = []
    const stop = new AbortController()
    await writeFile(folder.path('small.sql'), smallPlain())
    await inspect(folder.path('small.sql'), { onProgress: (read) => bytes.push(read) })
    expect(bytes).toHaveLength(3)
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b))
    stop.abort()
    await expect(inspect(folder.path('small.sql'), { signal: stop.signal })).rejects.toThrow(/abort/i)
  })
})

it.each([
  ['7.0.1.3', '7.0'],
  ['19.0.1.3', '19.0'],
  ['saas~17.2.1.3', 'saas~17.2'],
  ['8.saas~6.1.3', '8.saas~6'],
  ['', null],
  [null, null],
])('the series of %j', (version, series) => expect(seriesOf(version)).toBe(series))
