import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCatalogue } from '../../src/catalogue/load.ts'
import { technicalTables } from '../../src/odoo/technical.ts'
import { loadPack } from '../../src/packs/load.ts'
import { findPrograms } from '../../src/postgres/programs.ts'
import { ident, qualified } from '../../src/postgres/sql.ts'
import { runUpgrade, type UpgradeResult } from '../../src/upgrade/upgrade.ts'
import { hasRealDatabases, realDatabase, testServer } from '../setup/databases.ts'

const run = promisify(execFile)

interface Way {
  source: string
  from: string
  to: string
  reference: string
}

const ways: Way[] = [
  { source: 'openerp-7.0-demo', from: '7.0', to: '8.0', reference: 'odoo-8.0-fresh' },
  { source: 'odoo-16.0-demo', from: '16.0', to: '17.0', reference: 'odoo-17.0-fresh' },
]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-upgrade-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(!hasRealDatabases).each(ways)(
  '$source to $to with the reference',
  ({ source, from, to, reference }) => {
    let result: UpgradeResult
    beforeAll(async () => {
      result = await runUpgrade({
        server: testServer(),
        dataFolder: folder,
        source: realDatabase(`${source}.dump`),
        to,
        reference: realDatabase(`${reference}.dump`),
        out: join(folder, `${source}.dump`),
        format: 'custom',
        aim: 'test',
      })
    }, 300_000)

    test.each(['schema', 'xmlids', 'references'])('no violation of the check "%s"', (id) => {
      const check = result.verification.checks.find((entry) => entry.id === id)
      expect(check?.compared).toBeGreaterThan(100)
      expect(check?.violations.first).toEqual([])
      expect(check?.violations.total).toBe(0)
    })

    test('every other check of the verification passes', () => {
      expect(
        result.verification.checks
          .filter(({ ok }) => !ok)
          .map(({ id, violations }) => ({ id, ...violations })),
      ).toEqual([])
    })

    test('the result restores with pg_restore, with as many records of every model as the source had', async () => {
      await withDatabase(async (database, connection) => {
        await run(join(findPrograms(), 'pg_restore'), [
          ...connection,
          '-d',
          database,
          '--exit-on-error',
          '-j',
          '2',
          result.written.path,
        ])
        const counts = JSON.parse(await readFile(realDatabase(`${source}.json`), 'utf8')) as {
          row_counts: Record<string, number>
        }
        expect(await countsThatDiffer(database, counts.row_counts, result, { from, to })).toEqual([])
      })
    }, 120_000)

    test('nothing but the dump is left: no scratch database, no role', async () => {
      const left = await testServer().withAdmin((client) =>
        client.query(
          `SELECT datname AS name FROM pg_database WHERE datname ~ '^uplift_[0-9a-f]{12}$' UNION SELECT rolname FROM pg_roles WHERE rolname ~ '^uplift_[0-9a-f]{12}$'`,
        ),
      )
      expect(left.rows).toEqual([])
    })
  },
)

describe.skipIf(!hasRealDatabases).each(ways)(
  '$source to $to with the built-in catalogue only',
  ({ source, to }) => {
    let result: UpgradeResult
    beforeAll(async () => {
      result = await runUpgrade({
        server: testServer(),
        dataFolder: folder,
        source: realDatabase(`${source}.dump`),
        to,
        catalogueOnly: true,
        out: join(folder, `${source}-catalogue.dump`),
        format: 'custom',
        aim: 'test',
      })
    }, 300_000)

    test.each(['schema', 'references'])('no violation of the check "%s"', (id) => {
      const check = result.verification.checks.find((entry) => entry.id === id)
      expect(check?.compared).toBeGreaterThan(100)
      expect(check?.violations.first).toEqual([])
    })

    test('no xmlid of a technical record that the target does not have is left', async () => {
      await withDatabase(async (database, connection) => {
        await run(join(findPrograms(), 'pg_restore'), [
          ...connection,
          '-d',
          database,
          '--exit-on-error',
          result.written.path,
        ])
        const catalogue = await loadCatalogue(to)
        const { rows } = await testServer().withAdmin(
          (client) =>
            client.query<{ xmlid: string; model: string }>(
              `SELECT module || '.' || name AS xmlid, model FROM ir_model_data WHERE module = ANY ($1) AND model IN ('ir.model', 'ir.ui.view', 'ir.ui.menu') AND NOT coalesce(noupdate, false)`,
              [result.plan.targetModules],
            ),
          database,
        )
        const { predictXmlids } = await import('../../src/catalogue/predict-xmlids.ts')
        const expected = predictXmlids(catalogue, new Set(result.plan.targetModules))
        expect(rows.length).toBeGreaterThan(300)
        expect(rows.filter(({ xmlid }) => !expected.has(xmlid))).toEqual([])
      })
    }, 120_000)
  },
)

async function withDatabase(work: (database: string, connection: string[]) => Promise<void>): Promise<void> {
  const server = testServer()
  const database = `result_${process.pid}_${Date.now()}`
  await server.withAdmin((client) => client.query(`CREATE DATABASE ${ident(database)} TEMPLATE template0`))
  try {
    await work(database, ['-h', server.admin.host, '-p', String(server.admin.port), '-U', server.admin.user])
  } finally {
    await server.withAdmin((client) => client.query(`DROP DATABASE ${ident(database)} WITH (FORCE)`))
  }
}

/**
 * Tables whose number of rows is not that of the source, through renames and merges and without what the target's
 * modules added. Technical records follow the target and are compared by the xmlids instead.
 */
async function countsThatDiffer(
  database: string,
  before: Record<string, number>,
  { notes, plan }: UpgradeResult,
  { from, to }: { from: string; to: string },
): Promise<string[]> {
  const { facts } = await loadPack(from, to)
  const added = new Map<string, number>()
  for (const { topic, outcome, subject, detail } of notes)
    if (topic === 'module data' && outcome === 'added') added.set(subject, Number(detail.rows))
  const expected = new Map<string, number>()
  const target = new Map<string, string>(Object.entries(facts.tables))
  for (const move of facts.moves ?? []) target.set(move.fromTable, move.toTable)
  const source = await loadCatalogue(from)
  const transient = new Set(
    Object.values(source.models).flatMap(({ transient: short, table }) => (short && table ? [table] : [])),
  )
  for (const [table, rows] of Object.entries(before)) {
    if (transient.has(table) || technicalTables.has(table)) continue
    const name = target.get(table) ?? table
    expected.set(name, (expected.get(name) ?? 0) + rows)
  }
  return testServer().withAdmin(async (client) => {
    const tables = await client.query<{ table: string }>(
      `SELECT c.relname AS table FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`,
    )
    const there = new Set(tables.rows.map((row) => row.table))
    const differing: string[] = []
    for (const [table, rows] of expected) {
      if (rows === 0 || !there.has(table)) continue
      const { rows: counted } = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${qualified('public', table)}`,
      )
      const found = counted[0]!.n - (added.get(table) ?? 0)
      if (found !== rows)
        differing.push(`${table}: ${rows} before, ${found} after (${plan.from} to ${plan.to})`)
    }
    return differing
  }, database)
}
