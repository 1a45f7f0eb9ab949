import { expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withAccounts = halfHop(
  ['7.0', '8.0'],
  ['account_voucher', 'point_of_sale', 'account_analytic_analysis', 'portal'],
)

const statements = `
  ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS commercial_partner_id integer;
  INSERT INTO account_account (id, name, code, reconcile) VALUES (1, 'receivable', '1', true), (2, 'fees', '2', false);
  INSERT INTO account_bank_statement (id, name, state, journal_id) VALUES (1, 'open', 'draft', 5), (2, 'closed', 'confirm', 5);
  INSERT INTO account_move (id, name, journal_id, state) VALUES (1, 'a', 5, 'draft'), (2, 'b', 5, 'posted'), (3, 'c', 6, 'posted'), (4, 'd', 5, 'posted');
  INSERT INTO account_voucher (id, name, move_id) VALUES (1, 'booked', 4), (2, 'draft', NULL);
  INSERT INTO account_bank_statement_line (id, name, statement_id, type, account_id, voucher_id, pos_statement_id, analytic_account_id) VALUES
    (1, 'of a customer', 1, 'customer', 1, 2, NULL, 3), (2, 'fees', 1, 'general', 2, NULL, NULL, NULL), (3, 'of the till', 1, 'customer', 1, NULL, 9, NULL),
    (4, 'booked', 2, 'customer', 1, NULL, NULL, NULL), (5, 'several', 2, 'supplier', 1, NULL, NULL, NULL), (6, 'voucher', 2, 'customer', 1, 1, NULL, NULL),
    (7, 'down payment', 1, 'supplier', 2, NULL, NULL, NULL);
  INSERT INTO account_bank_statement_line_move_rel (statement_line_id, move_id) VALUES (4, 1), (5, 1), (5, 2), (5, 3);`

test('booked lines of bank statements name their entry; those of partners that are not booked are to be reconciled', () =>
  withAccounts(async ({ client, transform }) => {
    await client.query(statements)
    await transform('account', 'account_voucher')
    expect(
      await rowsOf(
        client,
        'SELECT id, journal_entry_id, account_id FROM account_bank_statement_line ORDER BY id',
      ),
    ).toEqual([
      [1, null, null],
      [2, null, 2],
      [3, null, 1],
      [4, 1, 1],
      [5, 2, 1],
      [6, 4, 1],
      [7, null, 2],
    ])
    expect(await rowsOf(client, 'SELECT * FROM legacy.account_bank_statement_line__account')).toEqual([
      [1, 1],
    ])
    expect(
      await rowsOf(
        client,
        "SELECT subject, detail ->> 'rows', detail -> 'vouchers' FROM uplift.note WHERE topic = 'statement' ORDER BY id",
      ),
    ).toEqual([
      ['account.bank.statement.line', null, null],
      ['open', '1', null],
      ['open', '1', null],
      ['open', null, [2]],
    ])
  }))

test('items name their reconciliation, lines of an invoice its partner, invoices the commercial partner', () =>
  withAccounts(async ({ client, transform }) => {
    await client.query(`
      ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS commercial_partner_id integer;
      INSERT INTO res_partner (id, name, commercial_partner_id) VALUES (1, 'company', 1), (2, 'contact', 1);
      INSERT INTO account_invoice (id, partner_id) VALUES (1, 2);
      INSERT INTO account_invoice_line (id, name, invoice_id, partner_id) VALUES (1, 'a', 1, NULL), (2, 'b', 1, 1), (3, 'c', NULL, 1);
      INSERT INTO account_move_reconcile (id, name) VALUES (1, 'A1'), (2, 'A2');
      INSERT INTO account_move_line (id, name, reconcile_id, reconcile_partial_id) VALUES (1, 'x', 1, NULL), (2, 'y', NULL, 2), (3, 'z', NULL, NULL);`)
    await transform('account')
    expect(await rowsOf(client, 'SELECT commercial_partner_id FROM account_invoice')).toEqual([[1]])
    expect(await rowsOf(client, 'SELECT partner_id FROM account_invoice_line ORDER BY id')).toEqual([
      [2],
      [2],
      [1],
    ])
    expect(await rowsOf(client, 'SELECT reconcile_ref FROM account_move_line ORDER BY id')).toEqual([
      ['A1'],
      ['A2'],
      [null],
    ])
  }))

test('contracts begin with the newer defaults and are not invoiced by themselves', () =>
  withAccounts(async ({ client, transform }) => {
    await client.query("INSERT INTO account_analytic_account (id, name) VALUES (1, 'contract')")
    await transform('account_analytic_analysis')
    expect(
      await rowsOf(
        client,
        "SELECT recurring_rule_type, recurring_interval, recurring_next_date = (now() AT TIME ZONE 'UTC')::date, to_jsonb(a) ->> 'recurring_invoices' FROM account_analytic_account a",
      ),
    ).toEqual([['monthly', 1, true, null]])
  }))

test('ways of paying in the portal are noted', () =>
  withAccounts(async ({ client, transform }) => {
    await client.query(
      "INSERT INTO portal_payment_acquirer (id, name, form_template, visible) VALUES (1, 'Cheque', '<p/>', true)",
    )
    await transform('portal')
    expect(
      await rowsOf(client, "SELECT subject, detail ->> 'visible' FROM uplift.note WHERE topic = 'payment'"),
    ).toEqual([['Cheque', 'true']])
  }))
