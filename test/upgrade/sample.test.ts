import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSample, sampleModules } from '../../src/sample/make-sample.ts'
import type { UpgradeResult } from '../../src/upgrade/stages.ts'
import { runUpgrade } from '../../src/upgrade/upgrade.ts'
import { testServer } from '../setup/databases.ts'
import { restoreInto } from '../write/restore.ts'

/** The way that every checkout can walk: a database made from the built-in catalogue, upgraded with the catalogue alone. */
describe('a sample of 7.0 to 8.0 with the built-in catalogue', () => {
  let folder: string
  let source: string
  let result: UpgradeResult

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uplift-sample-'))
    source = join(folder, 'sample-7.0.dump')
    await makeSample({
      server: testServer(),
      series: '7.0',
      modules: sampleModules,
      rows: 20,
      out: source,
      format: 'custom',
    })
    result = await runUpgrade({
      server: testServer(),
      dataFolder: folder,
      source,
      to: '8.0',
      catalogueOnly: true,
      out: join(folder, 'sample-8.0.dump'),
      format: 'custom',
      aim: 'test',
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('has the schema of the target, and references that all lead somewhere', () => {
    for (const id of ['schema', 'references']) {
      const check = result.verification.checks.find((entry) => entry.id === id)
      expect(check?.compared).toBeGreaterThan(1000)
      expect(check?.violations).toEqual({ total: 0, first: [] })
    }
  })

  test('passes every other check of the verification, with stock and entries to compare', () => {
    const failed = result.verification.checks.filter(({ ok }) => !ok)
    expect(failed.map(({ id, violations }) => ({ id, ...violations }))).toEqual([])
    const compared = new Map(result.verification.checks.map((check) => [check.id, check.compared]))
    for (const id of ['records', 'trial-balance', 'stock-on-hand', 'attachments', 'users'])
      expect(compared.get(id), id).toBeGreaterThan(0)
  })

  test('has as many partners, users, orders, moves and entries as before, and the meetings of both models', async () => {
    const tables = [
      ...['res_partner', 'res_users', 'sale_order', 'purchase_order_line', 'stock_move', 'account_move_line'],
      ...['mrp_bom', 'product_packaging', 'crm_lead'],
    ]
    const count = (dump: string, names: readonly string[]) =>
      restoreInto(testServer().admin, 'custom', dump, async (client) => {
        const counts: Record<string, number> = {}
        for (const name of names) {
          const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM public.${name}`)
          counts[name] = rows[0]!.n
        }
        return counts
      })
    const before = await count(source, [...tables, 'crm_meeting', 'calendar_event'])
    expect(Object.values(before).every((rows) => rows > 0)).toBe(true)
    const { crm_meeting: meetings = 0, calendar_event: events = 0, ...others } = before
    expect(await count(result.written.path, [...tables, 'calendar_event'])).toEqual({
      ...others,
      calendar_event: events + meetings,
    })
  })
})
