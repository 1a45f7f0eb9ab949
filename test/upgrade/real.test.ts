import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCatalogue } from '../../src/catalogue/load.ts'
import { predictXmlids } from '../../src/catalogue/predict-xmlids.ts'
import { openDump } from '../../src/dumps/open.ts'
import { writeDump } from '../../src/dumps/write/write.ts'
import { technicalTables } from '../../src/odoo/technical.ts'
import { loadPack } from '../../src/packs/load.ts'
import { qualified } from '../../src/postgres/sql.ts'
import type { UpgradeResult } from '../../src/upgrade/stages.ts'
import { runUpgrade } from '../../src/upgrade/upgrade.ts'
import { hasRealDatabases, realDatabase, testServer } from '../setup/databases.ts'
import { startOldPostgres } from '../setup/old-postgres.ts'
import { restoreInto } from '../write/restore.ts'

interface Way {
  source: string
  from: string
  to: string
  reference: string
  /** Violations that the pack names among what it does not do yet. */
  known: RegExp
}

const ways: Way[] = [
  { source: 'openerp-7.0-demo', from: '7.0', to: '8.0', reference: 'odoo-8.0-fresh', known: /^$/ },
  {
    source: 'odoo-16.0-demo',
    from: '16.0',
    to: '17.0',
    reference: 'odoo-17.0-fresh',
    known: /has (attrs|states), which is not read from 17\.0 on$/,
  },
]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-upgrade-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(!hasRealDatabases).each(ways)(
  '$source to $to with the reference',
  ({ source, from, to, reference, known }) => {
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
    }, 600_000)

    test.each(['schema', 'xmlids', 'references', 'values', 'records', 'trial-balance'])(
      'no violation of the check "%s"',
      (id) => {
        const check = result.verification.checks.find((entry) => entry.id === id)
        expect(check?.compared).toBeGreaterThan(10)
        expect(check?.violations).toEqual({ total: 0, first: [] })
      },
    )

    test('every other check of the verification passes, but for what the pack says that it does not do yet', () => {
      const unsaid = result.verification.checks.filter(
        ({ ok, violations: { first } }) => !ok && !first.every(({ problem }) => known.test(problem)),
      )
      expect(unsaid.map(({ id, violations }) => ({ id, ...violations }))).toEqual([])
    })

    test('the report names what was switched off', () => {
      const off = result.notes.filter(({ topic }) => topic === 'neutralised')
      expect(off.map(({ subject }) => subject)).toEqual(
        expect.arrayContaining(['ir_cron', 'ir_mail_server', 'mail_mail']),
      )
      expect(off.every(({ detail }) => Number(detail.rows) > 0)).toBe(true)
    })

    test('the result restores with pg_restore, with as many records of every model as the source had', async () => {
      const { row_counts } = JSON.parse(await readFile(realDatabase(`${source}.json`), 'utf8')) as {
        row_counts: Record<string, number>
      }
      await restoreInto(testServer().admin, 'custom', result.written.path, async (client) => {
        expect(await countsThatDiffer(client, row_counts, result, { from, to })).toEqual([])
      })
    }, 240_000)

    test.runIf(from === '7.0')(
      'its SQL form restores on a real PostgreSQL 9.6 with the same rows',
      async () => {
        const old = await startOldPostgres('9.6')
        if (!old) return
        const sql = join(folder, `${source}.sql`)
        try {
          const { admin } = testServer()
          const rows = await restoreInto(admin, 'custom', result.written.path, async (client) => {
            const { database = '' } = client
            await writeDump({
              connection: { ...admin, database },
              out: sql,
              format: 'plain',
              postgresql: '9.6',
            })
            return rowsByTable(client)
          })
          expect(Object.keys(rows).length).toBeGreaterThan(500)
          expect(await restoreInto(old.address, 'plain', sql, rowsByTable)).toEqual(rows)
        } finally {
          await old.stop()
        }
      },
      300_000,
    )

    test('nothing but the dump is left: no scratch database, no role', async () => {
      const name = (result.written.restoreCommands[0] ?? '').length
      expect(name).toBeGreaterThan(0)
      // Others on the same server make and drop theirs meanwhile: only what stays without a database is left over.
      const left = async () => {
        const { rows } = await testServer().withAdmin((client) =>
          client.query<{ owner: string }>(
            `SELECT r.rolname AS owner FROM pg_roles r WHERE r.rolname ~ '^uplift_[0-9a-f]{12}$'
                AND NOT EXISTS (SELECT FROM pg_database d WHERE d.datname = r.rolname)`,
          ),
        )
        return new Set(rows.map((row) => row.owner))
      }
      const first = await left()
      await expect
        .poll(async () => [...(await left())].filter((owner) => first.has(owner)), {
          timeout: 60_000,
          interval: 500,
        })
        .toEqual([])
    }, 90_000)
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
    }, 600_000)

    test.each(['schema', 'references', 'records'])('no violation of the check "%s"', (id) => {
      const check = result.verification.checks.find((entry) => entry.id === id)
      expect(check?.compared).toBeGreaterThan(100)
      expect(check?.violations).toEqual({ total: 0, first: [] })
    })

    test('no xmlid of a model, view or menu that the target does not have is left', async () => {
      const expected = predictXmlids(await loadCatalogue(to), new Set(result.plan.targetModules))
      await restoreInto(testServer().admin, 'custom', result.written.path, async (client) => {
        const { rows } = await client.query<{ xmlid: string; model: string }>(
          `SELECT module || '.' || name AS xmlid, model FROM ir_model_data
            WHERE module = ANY ($1) AND model IN ('ir.model', 'ir.ui.view', 'ir.ui.menu') AND NOT coalesce(noupdate, false)`,
          [result.plan.targetModules],
        )
        expect(rows.length).toBeGreaterThan(300)
        expect(rows.filter(({ xmlid }) => !expected.has(xmlid))).toEqual([])
      })
    }, 240_000)
  },
)

describe.skipIf(!hasRealDatabases)("Odoo's own backup zip of 16.0", () => {
  test('goes to 17.0 with its filestore, every file under its name and with its bytes', async () => {
    const source = realDatabase('odoo-16.0-small-backup.zip')
    const out = join(folder, 'small.zip')
    const result = await runUpgrade({
      server: testServer(),
      dataFolder: folder,
      source,
      to: '17.0',
      reference: realDatabase('odoo-17.0-fresh.dump'),
      out,
      format: 'zip',
      aim: 'test',
    })
    const failed = result.verification.checks.filter(({ ok }) => !ok)
    expect(failed.map(({ id, violations }) => ({ id, ...violations }))).toEqual([])
    const [before, after] = [await filesOf(source), await filesOf(out)]
    expect(Object.keys(before).length).toBeGreaterThan(10)
    expect(after).toMatchObject(before)
  }, 600_000)
})

async function filesOf(path: string): Promise<Record<string, number>> {
  const dump = await openDump(path)
  try {
    const files: Record<string, number> = {}
    for await (const { name, bytes } of dump.filestore()) files[name] = bytes
    return files
  } finally {
    await dump.close()
  }
}

async function rowsByTable(client: pg.ClientBase): Promise<Record<string, number>> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT tablename AS table FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  )
  const counts = await client.query<{ table: string; n: number }>(
    rows
      .map(
        ({ table }) =>
          `SELECT '${table}'::text AS table, count(*)::int AS n FROM ONLY ${qualified('public', table)}`,
      )
      .join(' UNION ALL '),
  )
  return Object.fromEntries(counts.rows.map(({ table, n }) => [table, n]))
}

/**
 * Tables whose number of rows is not that of the source, through renames, merges and splits and without what the target's
 * modules added. Technical records follow the target and are compared by the xmlids instead.
 */
async function countsThatDiffer(
  client: pg.ClientBase,
  before: Record<string, number>,
  { notes, plan }: UpgradeResult,
  { from, to }: { from: string; to: string },
): Promise<string[]> {
  const { facts } = await loadPack(from, to)
  const source = await loadCatalogue(from)
  const added = new Map<string, number>()
  for (const { topic, outcome, subject, detail } of notes)
    if (topic === 'module data' && outcome === 'added') added.set(subject, Number(detail.rows))
  const target = new Map<string, string>(Object.entries(facts.tables))
  for (const move of facts.moves ?? []) target.set(move.fromTable, move.toTable)
  const transient = new Set(
    Object.values(source.models).flatMap(({ transient: short, table }) => (short && table ? [table] : [])),
  )
  const expected = new Map<string, number>()
  for (const [table, rows] of Object.entries(before)) {
    if (transient.has(table) || technicalTables.has(table) || bookkeeping.test(table)) continue
    const name = target.get(table) ?? table
    expected.set(name, (expected.get(name) ?? 0) + rows)
  }
  const tables = await client.query<{ table: string }>(
    `SELECT c.relname AS table FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`,
  )
  const counted = new Map<string, number>()
  for (const { table } of tables.rows) {
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${qualified('public', table)}`,
    )
    counted.set(table, rows[0]!.n - (added.get(table) ?? 0))
  }
  const made = madeByTransforms[`${from}-${to}`] ?? {}
  return [...expected].flatMap(([table, rows]) => {
    const found = counted.get(table)
    const wanted = rows + (made[table] ?? 0)
    return found === undefined || rows === 0 || found === wanted
      ? []
      : [`${table}: ${rows} before, ${found} after (${plan.from} to ${plan.to})`]
  })
}

/** Rows that count the program's own work, not people's: terms, and the state of workflows that are gone. */
const bookkeeping = /^(ir_translation|wkf_instance|wkf_workitem|wkf_triggers)$/

/** Rows that a transform makes or takes away besides, each for a reason of its own. */
const madeByTransforms: Record<string, Record<string, number>> = {
  '7.0-8.0': {
    // That the database is neutralised, and the mail server that leads nowhere.
    ir_config_parameter: 1,
    ir_mail_server: 1,
    // Costs and cost methods became properties of each company, with the two defaults of methods.
    ir_property: 450,
    // What unfinished procurements were told became messages.
    mail_message: 3,
    // Types of pickings count for themselves, and a warehouse has locations of its own.
    ir_sequence: 16,
    stock_location: 13,
    // What a server action said in its e-mail is a template.
    email_template: 1,
    // Several text boxes of one question are questions of their own.
    survey_question: 3,
    // Components stand in mrp_bom_line.
    mrp_bom: -40,
  },
  '16.0-17.0': {
    // Icons of menus that are gone.
    ir_attachment: -2,
    // That the database is neutralised, six services that are paid for and lead nowhere, and which plan projects use.
    ir_config_parameter: 8,
    ir_mail_server: 1,
    // Nine values of what plans apply to, per company, came; two accounts of taxes became columns of their groups.
    ir_property: 7,
    // What was said about templates of the chart of accounts is kept in schema legacy.
    mail_message: -37,
    // Stages of notes are personal stages of tasks.
    project_task_user_rel: 16,
  },
}
