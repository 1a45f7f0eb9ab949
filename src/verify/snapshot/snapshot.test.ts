import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRealDatabases, realDatabase, testServer } from '../../../test/setup/databases.ts'
import { openDump } from '../../dumps/open.ts'
import { loadDump } from '../../load/load.ts'
import type { Scratch } from '../../postgres/server.ts'
import { addDecimals, type Figure } from './figure.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'

async function snapshotOf(name: string, series: string): Promise<{ snapshot: Snapshot; scratch: Scratch }> {
  const scratch = await testServer().createScratch()
  const dump = await openDump(realDatabase(`${name}.dump`))
  try {
    await loadDump(dump, scratch)
  } finally {
    await dump.close()
  }
  return {
    snapshot: await scratch.with(async (client) => {
      await client.query('ANALYZE')
      return takeSnapshot(client, series)
    }),
    scratch,
  }
}

function invariantsOf(name: string) {
  return JSON.parse(readFileSync(realDatabase(`${name}.json`), 'utf8')).invariants
}

/** Figures as {"key | key": [number, …]}. */
function byKey(figures: readonly Figure[]): Record<string, number[]> {
  return Object.fromEntries(figures.map(({ key, value }) => [key.join(' | '), value.map(Number)]))
}

function entries<T>(
  rows: readonly T[],
  key: (row: T) => (string | number | null)[],
  value: (row: T) => (number | string)[],
): Record<string, number[]> {
  return Object.fromEntries(
    rows.map((row) => [
      key(row)
        .map((part) => part ?? '')
        .join(' | '),
      value(row).map(Number),
    ]),
  )
}

describe.skipIf(!hasRealDatabases)('the snapshot of openerp-7.0-demo', () => {
  let snapshot: Snapshot
  let scratch: Scratch
  const facts = hasRealDatabases ? invariantsOf('openerp-7.0-demo') : {}

  beforeAll(async () => {
    ;({ snapshot, scratch } = await snapshotOf('openerp-7.0-demo', '7.0'))
  })
  afterAll(() => scratch?.drop())

  const documents = (table: string): Record<string, number[]> =>
    byKey(
      snapshot.figures
        .documents!.figures.filter(({ key }) => key[0] === table)
        .map(({ key, value }) => ({ key: [key[1]!], value })),
    )

  it('counts a translation of a record that there is, and none of one beyond the last, as in the result', () =>
    scratch.with(async (client) => {
      await client.query('BEGIN')
      await client.query(`
        INSERT INTO res_partner_category (id, name, active) SELECT max(id) + 1, 'Own', true FROM res_partner_category;
        INSERT INTO ir_translation (name, lang, type, res_id, src, value, state)
        SELECT 'res.partner.category,name', 'xx_XX', 'model', max(id) + more, 'Own', 'Eigen', 'translated'
          FROM res_partner_category, unnest(ARRAY[0, 1, 1000]) AS more GROUP BY more`)
      const ofOwn = ({ figures }: Snapshot) =>
        byKey(figures.translations!.figures)['res_partner_category.name | xx_XX']
      const before = await takeSnapshot(client, '7.0')
      expect(ofOwn(before)).toEqual([1])
      expect(ofOwn(await takeSnapshot(client, '7.0', { before }))).toEqual([1])
      await client.query('ROLLBACK')
    }))

  it('has the trial balance of its author', () => {
    const mine = byKey(
      snapshot.figures['trial-balance']!.figures.map(({ key, value }) => ({ key, value: value.slice(0, 3) })),
    )
    type Row = { company_id: number; account_id: number; n: number; debit: string; credit: string }
    expect(mine).toEqual(
      entries<Row>(
        facts.trial_balance,
        (r) => [r.company_id, r.account_id],
        (r) => [r.n, r.debit, r.credit],
      ),
    )
  })

  it('has the open receivables and payables of its author', () => {
    type Row = { company_id: number; partner_id: number | null; type: string; balance: string }
    const theirs = entries<Row>(
      facts.open_receivable_payable,
      (r) => [r.company_id, r.partner_id, r.type],
      (r) => [r.balance],
    )
    for (const [key, [balance]] of Object.entries(theirs)) if (balance === 0) delete theirs[key]
    expect(byKey(snapshot.figures.residual!.figures)).toEqual(theirs)
  })

  it('has the stock on hand of its author', () => {
    type Row = { product_id: number; location_id: number; qty: string }
    const theirs = entries<Row>(
      facts.on_hand_per_product_location,
      (r) => [r.product_id, r.location_id],
      (r) => [r.qty],
    )
    expect(byKey(snapshot.figures['stock-on-hand']!.figures)).toEqual(theirs)
    expect(snapshot.figures['stock-moves']).toEqual(snapshot.figures['stock-on-hand'])
  })

  it.each([
    ['stock_picking', 'pickings_per_state'],
    ['procurement_order', null],
    ['mrp_production', 'productions_per_state'],
    ['stock_move', 'stock_moves_per_state'],
    ['pos_order', 'pos_orders_per_state'],
    ['account_bank_statement', 'bank_statements_per_state'],
    ['hr_holidays', 'leaves_per_state'],
    ['event_event', 'events_per_state'],
  ])('has the states of %s of its author', (table, name) => {
    if (name === null) return expect(Object.keys(documents(table)).length).toBeGreaterThan(0)
    type Row = { state: string; n: number }
    expect(documents(table)).toEqual(
      entries<Row>(
        facts[name],
        (r) => [r.state],
        (r) => [r.n, documents(table)[r.state]?.[1] ?? 0],
      ),
    )
  })

  it.each([
    ['sale_order', 'sale_orders_per_state'],
    ['purchase_order', 'purchase_orders_per_state'],
  ])('has the states and amounts of %s of its author', (table, name) => {
    type Row = { state: string; n: number; amount: string }
    expect(documents(table)).toEqual(
      entries<Row>(
        facts[name],
        (r) => [r.state],
        (r) => [r.n, r.amount],
      ),
    )
  })

  it('has the messages and followers of its author', () => {
    type Row = { model?: string | null; res_model?: string; n: number }
    const theirs = {
      ...entries<Row>(
        facts.mail_messages,
        (r) => ['mail_message', r.model ?? ''],
        (r) => [r.n],
      ),
      ...entries<Row>(
        facts.mail_followers,
        (r) => ['mail_followers', r.res_model!],
        (r) => [r.n],
      ),
    }
    expect(byKey(snapshot.figures.communication!.figures)).toEqual(theirs)
  })

  it('has the attachments of its author, with the bytes of their contents', () => {
    const { figures } = snapshot.figures.attachments!
    const sum = (i: number): number =>
      Number(figures.reduce((total, { value }) => addDecimals(total, value[i]!), '0'))
    expect([sum(0), sum(1)]).toEqual([facts.attachments.count, facts.attachments.total_bytes])
    expect(
      snapshot.figures['attachment-contents']!.figures.map(({ key, value }) => [key[0], Number(value[0])]),
    ).toEqual([['database', facts.attachments.in_database]])
  })

  it('has the active and archived users and partners of its author, and the values of custom fields', () => {
    const active = byKey(snapshot.figures.active!.figures)
    type Row = { active: boolean; n: number }
    for (const [table, name] of [
      ['res_users', 'res_users_active'],
      ['res_partner', 'res_partner_active'],
      ['product_product', 'product_product_active'],
    ] as const)
      expect(active).toMatchObject(
        entries<Row>(
          facts[name],
          (r) => [table, r.active ? 'active' : 'archived'],
          (r) => [r.n],
        ),
      )
    const filled = Object.fromEntries(
      snapshot.figures['custom-fields']!.figures.map(({ key, value }) => [key[0], Number(value[0])]),
    )
    expect(filled).toMatchObject(facts.custom_field_filled)
  })

  it('counts the rows of every table as its author did', () => {
    const { row_counts: rows } = JSON.parse(readFileSync(realDatabase('openerp-7.0-demo.json'), 'utf8'))
    // The author counted ir_actions with the tables that inherit from it.
    for (const [table, { rows: n }] of Object.entries(snapshot.records))
      if (table !== 'ir_actions') expect([table, n]).toEqual([table, rows[table]])
  })
})

describe.skipIf(!hasRealDatabases)('the snapshot of odoo-16.0-demo', () => {
  let snapshot: Snapshot
  let scratch: Scratch
  const facts = hasRealDatabases ? invariantsOf('odoo-16.0-demo') : {}

  beforeAll(async () => {
    ;({ snapshot, scratch } = await snapshotOf('odoo-16.0-demo', '16.0'))
  })
  afterAll(() => scratch?.drop())

  const round = (figures: Record<string, number[]>): Record<string, number[]> =>
    Object.fromEntries(
      Object.entries(figures).map(([key, values]) => [
        key,
        values.map((value) => Math.round(value * 100) / 100),
      ]),
    )

  it('has the trial balance of its author', () => {
    const mine = byKey(
      snapshot.figures['trial-balance']!.figures.map(({ key, value }) => ({ key, value: value.slice(3) })),
    )
    type Row = { company_id: number; account_id: number; debit: number; credit: number }
    expect(round(mine)).toMatchObject(
      entries<Row>(
        facts.trial_balance_posted,
        (r) => [r.company_id, r.account_id],
        (r) => [r.debit, r.credit],
      ),
    )
  })

  it('has the stock on hand of its author', () => {
    type Row = { product_id: number; location_id: number; quantity: number }
    const theirs: Record<string, number[]> = {}
    for (const { product_id, location_id, quantity } of facts.on_hand as Row[]) {
      const key = `${product_id} | ${location_id}`
      theirs[key] = [(theirs[key]?.[0] ?? 0) + quantity]
    }
    for (const [key, [quantity]] of Object.entries(theirs)) if (quantity === 0) delete theirs[key]
    expect(byKey(snapshot.figures['stock-on-hand']!.figures)).toEqual(theirs)
  })

  it.each([
    ['stock_picking', 'pickings_per_state'],
    ['mrp_production', 'mrp_production_per_state'],
    ['hr_leave', 'hr_leave_per_state'],
    ['hr_expense', 'hr_expense_per_state'],
    ['sale_order', 'sale_orders_per_state'],
    ['purchase_order', 'purchase_orders_per_state'],
    ['event_registration', 'event_registration_per_state'],
  ])('has the states of %s of its author', (table, name) => {
    const mine = Object.fromEntries(
      snapshot.figures
        .documents!.figures.filter(({ key }) => key[0] === table)
        .map(({ key, value }) => [key[1], Number(value[0])]),
    )
    expect(mine).toEqual(
      Object.fromEntries(
        facts[name].map(({ state, count }: { state: string; count: number }) => [state, count]),
      ),
    )
  })

  it('has the users and archived partners of its author', () => {
    const mine = Object.fromEntries(
      snapshot.figures.users!.figures.map(({ key, value }) => [key[0], Number(value[1]) === 1]),
    )
    expect(mine).toEqual(
      Object.fromEntries(
        facts.users.map(({ login, active }: { login: string; active: boolean }) => [login, active]),
      ),
    )
    const active = byKey(snapshot.figures.active!.figures)
    type Row = { active: boolean; count: number }
    expect(active).toMatchObject(
      entries<Row>(
        facts.res_partner_active,
        (r) => ['res_partner', r.active ? 'active' : 'archived'],
        (r) => [r.count],
      ),
    )
  })
})
