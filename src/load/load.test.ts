import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRealDatabases, realDatabase, testServer } from '../../test/setup/databases.ts'
import { openDump } from '../dumps/open.ts'
import type { Scratch } from '../postgres/server.ts'
import { loadDump } from './load.ts'
import type { LoadReport } from './report.ts'

describe.skipIf(!hasRealDatabases).each(['openerp-7.0-demo', 'odoo-16.0-demo'])('the dump %s', (name) => {
  let scratch: Scratch
  let report: LoadReport

  beforeAll(async () => {
    scratch = await testServer().createScratch()
    const dump = await openDump(realDatabase(`${name}.dump`))
    try {
      report = await loadDump(dump, scratch)
    } finally {
      await dump.close()
    }
  })
  afterAll(() => scratch?.drop())

  it('is loaded with every row', async () => {
    const facts = JSON.parse(readFileSync(realDatabase(`${name}.json`), 'utf8'))
    const counts = await scratch.with(async (client) => {
      const tables = Object.keys(facts.row_counts)
      const { rows } = await client.query(
        tables
          .map((table) => `SELECT '${table}' AS name, count(*)::int AS rows FROM public."${table}"`)
          .join(' UNION ALL '),
      )
      return Object.fromEntries(rows.map((row) => [row.name, row.rows]))
    })
    expect(counts).toEqual(facts.row_counts)
  })

  it('counts in its report the rows that each table has itself', async () => {
    const counted = await scratch.with(async (client) => {
      const { rows } = await client.query(
        report.tables
          .map((t) => `SELECT count(*)::int AS n FROM ONLY public."${t.name}"`)
          .join(' UNION ALL '),
      )
      return rows.map((row) => row.n)
    })
    expect(report.tables.map(({ rows }) => rows)).toEqual(counted)
  })

  it('leaves constraints, indexes and views out, and has all of them in its report', async () => {
    const made = await scratch.with(async (client) => {
      const { rows } = await client.query(
        `SELECT (SELECT count(*)::int FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                  WHERE c.relnamespace = 'public'::regnamespace) AS indexes,
                (SELECT count(*)::int FROM pg_constraint WHERE connamespace = 'public'::regnamespace) AS constraints,
                (SELECT count(*)::int FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')) AS views`,
      )
      return rows[0]
    })
    expect(made).toEqual({ indexes: 0, constraints: 0, views: 0 })
    expect(report.deferred.filter(({ kind }) => kind === 'foreignKey').length).toBeGreaterThan(2000)
  })
})
