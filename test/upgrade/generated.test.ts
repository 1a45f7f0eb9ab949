import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCatalogue } from '../../src/catalogue/load.ts'
import { writeDump } from '../../src/dumps/write/write.ts'
import { findPrograms } from '../../src/postgres/programs.ts'
import { ident } from '../../src/postgres/sql.ts'
import { makeSample, sampleModules } from '../../src/sample/make-sample.ts'
import { silent } from '../../src/upgrade/events.ts'
import { runStages } from '../../src/upgrade/stages.ts'
import { chooseTarget, type Target } from '../../src/upgrade/target.ts'
import type { Verification } from '../../src/verify/verification.ts'
import { testServer } from '../setup/databases.ts'
import * as generated from '../setup/generated.ts'
import { rowsOf } from '../setup/small.ts'

/** A long run has more databases, and all modules of 7.0 in them. */
const runs = Number(process.env.UPLIFT_TEST_RUNS ?? 0)
const seed = Number(process.env.UPLIFT_TEST_SEED ?? 7080)

/** In the order in which they are made. */
const changes = {
  languages: (client: pg.ClientBase) => generated.manyLanguages(client),
  moves: generated.oddMoves,
  references: generated.anyReferences,
  removed: (client: pg.ClientBase) => generated.removedModules(client),
  twice: (client: pg.ClientBase) => generated.duplicates(client),
  texts: generated.nastyTexts,
  dates: generated.edgeDates,
  archived: generated.archived,
  nulls: generated.nullsEverywhere,
  huge: generated.hugeTexts,
}
type Change = keyof typeof changes
const allChanges = Object.keys(changes) as Change[]

const emptied = [
  ...['product_product', 'product_template', 'product_uom', 'product_pricelist', 'stock_location', 'stock_warehouse'],
  ...['stock_move', 'sale_shop', 'account_account', 'account_journal', 'crm_lead', 'crm_meeting', 'hr_employee'],
  ...['mail_message', 'mail_alias', 'ir_sequence', 'mrp_bom', 'project_project', 'res_lang'],
] // biome-ignore format: a list reads better in few lines

interface Recipe {
  seed: number
  changes: Change[]
  emptied: string[]
}

const recipes = fc.record<Recipe>({
  seed: fc.nat(1_000_000),
  changes: fc.subarray(allChanges, { minLength: 1 }),
  emptied: fc.subarray(emptied, { maxLength: 4 }),
})

const template = 'generated_template'
let folder: string
let target: Target

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-generated-'))
  const server = testServer()
  const all = Object.keys((await loadCatalogue('7.0')).modules).filter(
    (name) => !/^(l10n_|anonymization$)/.test(name),
  )
  const out = join(folder, 'sample.dump')
  await makeSample({
    server,
    series: '7.0',
    modules: runs ? all : [...sampleModules, 'survey', 'point_of_sale'],
    rows: 12,
    out,
    format: 'custom',
  })
  await server.withAdmin((client) =>
    client.query(`CREATE DATABASE ${template} TEMPLATE template0 ENCODING 'UTF8'`),
  )
  const { host, port, user } = server.admin
  const to = ['-h', host, '-p', String(port), '-U', user, '-d', template]
  await promisify(execFile)(join(findPrograms(), 'pg_restore'), ['--exit-on-error', '-O', ...to, out])
  target = await chooseTarget({ server, dataFolder: folder, to: '8.0', catalogueOnly: true })
}, 600_000)
afterAll(async () => {
  await testServer().withAdmin((client) => client.query(`DROP DATABASE IF EXISTS ${template}`))
  await rm(folder, { recursive: true, force: true })
})

interface Outcome {
  verification: Verification
  before: Ledger
  after: Ledger
}

let count = 0
async function upgraded(recipe: Recipe): Promise<Outcome> {
  const [server, name] = [testServer(), `generated_${++count}`]
  const source = join(folder, `${name}.dump`)
  await server.withAdmin((client) => client.query(`CREATE DATABASE ${ident(name)} TEMPLATE ${template}`))
  const before = await server.withAdmin(async (client) => {
    await client.query('BEGIN')
    for (const change of allChanges)
      if (recipe.changes.includes(change)) await changes[change](client, recipe.seed)
    await generated.emptyTables(client, recipe.emptied)
    await client.query('COMMIT')
    const ledger = await ledgerOf(client, moves)
    await writeDump({
      connection: { ...server.admin, database: name },
      out: source,
      format: 'custom',
      postgresql: '15',
    })
    return ledger
  }, name)
  await server.withAdmin((client) => client.query(`DROP DATABASE ${ident(name)}`))
  const scratch = await server.createScratch()
  try {
    const attachments = join(folder, name)
    await mkdir(attachments)
    const { verification } = await runStages({
      ...{ scratch, target, source, attachments, events: silent },
      ...{ to: '8.0', out: join(folder, `${name}-8.0.dump`), format: 'custom', aim: 'test' },
    })
    return { verification, before, after: await scratch.with((client) => ledgerOf(client, quants)) }
  } finally {
    await scratch.drop()
    await rm(source, { force: true })
    await rm(join(folder, `${name}-8.0.dump`), { force: true })
  }
}

/** What lies in the company's own places, as 7.0 knows it, and as 8.0 does. */
const moves = `
  SELECT m.product_id, side.location_id,
         round(sum(side.sign * m.product_qty * CASE WHEN u.category_id = o.category_id AND u.factor <> 0 THEN o.factor / u.factor ELSE 1 END)::numeric, 3)::float
    FROM stock_move m CROSS JOIN LATERAL (VALUES (m.location_id, -1), (m.location_dest_id, 1)) AS side (location_id, sign)
    JOIN stock_location l ON l.id = side.location_id AND l.usage = 'internal'
    JOIN product_product p ON p.id = m.product_id JOIN product_template t ON t.id = p.product_tmpl_id
    JOIN product_uom u ON u.id = m.product_uom JOIN product_uom o ON o.id = t.uom_id
   WHERE m.state = 'done' GROUP BY 1, 2`
const quants = `
  SELECT q.product_id, q.location_id, round(sum(q.qty::numeric), 3)::float
    FROM stock_quant q JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal' GROUP BY 1, 2`

type Ledger = Record<string, unknown[][]>

/** Figures that are counted here in words of their own, not as the verification does. */
async function ledgerOf(client: pg.ClientBase, onHand: string): Promise<Ledger> {
  const questions = {
    'on hand': `SELECT * FROM (${onHand}) AS q (product, location, quantity) WHERE abs(quantity) > 0.001 ORDER BY 1, 2`,
    'trial balance': `SELECT account_id, period_id, sum(debit), sum(credit) FROM account_move_line GROUP BY 1, 2 ORDER BY 1, 2`,
    residual: `SELECT l.partner_id, sum(coalesce(debit, 0) - coalesce(credit, 0)) FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                WHERE a.type IN ('receivable', 'payable') AND l.reconcile_id IS NULL GROUP BY 1 ORDER BY 1`,
    orders: `SELECT state, count(*), sum(amount_total) FROM sale_order GROUP BY 1 ORDER BY 1`,
    invoices: `SELECT state, type, count(*), sum(amount_total) FROM account_invoice GROUP BY 1, 2 ORDER BY 1, 2`,
    moves: `SELECT state, count(*) FROM stock_move GROUP BY 1 ORDER BY 1`,
    partners: `SELECT active, count(*), md5(string_agg(coalesce(name, '-'), ',' ORDER BY id)) FROM res_partner GROUP BY 1 ORDER BY 1`,
    attachments: `SELECT id, name, md5(db_datas) FROM ir_attachment ORDER BY id`,
    messages: `SELECT res_id, count(*), md5(string_agg(body, ',' ORDER BY id)) FROM mail_message WHERE model = 'res.partner' GROUP BY 1 ORDER BY 1`,
    followers: `SELECT res_id, count(DISTINCT partner_id) FROM mail_followers WHERE res_model = 'res.partner' GROUP BY 1 ORDER BY 1`,
    translations: `SELECT name, res_id, count(*), md5(string_agg(lang || value, ',' ORDER BY lang, value)) FROM ir_translation
                    WHERE name IN ('product.template,name', 'product.category,name', 'account.account,name') AND type = 'model' GROUP BY 1, 2 ORDER BY 1, 2`,
  }
  const ledger: Ledger = {}
  for (const [name, question] of Object.entries(questions)) ledger[name] = await rowsOf(client, question)
  return ledger
}

/** Long texts and amounts of everything at once come first; the other databases are drawn. */
const everything: Recipe = { seed, changes: allChanges, emptied: [] }

test(
  'whatever the data are, they are upgraded and verified without a violation, and the books say the same',
  async () => {
    await fc.assert(
      fc.asyncProperty(recipes, async (recipe) => {
        const { verification, before, after } = await upgraded(recipe)
        expect(
          verification.checks.filter(({ ok }) => !ok).map(({ id, violations }) => ({ id, ...violations })),
        ).toEqual([])
        expect(after).toEqual(before)
      }),
      { seed, numRuns: runs || 2, examples: [[everything]], endOnFailure: true },
    )
  },
  runs ? runs * 120_000 : 600_000,
)

test('a database with nothing in it but what every database has is upgraded', async () => {
  const { verification, after } = await upgraded({ seed, changes: [], emptied })
  expect(verification.ok).toBe(true)
  expect(after['on hand']).toEqual([])
}, 600_000)
