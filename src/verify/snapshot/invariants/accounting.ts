import type { Database, Invariant } from '../figure.ts'

/** Debit and credit of every account in every company, over all entries and over the posted ones. */
export const trialBalance: Invariant = {
  id: 'trial-balance',
  title: 'Trial balance per account and company',
  dimensions: [
    { name: 'company', kind: 'id', table: 'res_company' },
    { name: 'account', kind: 'id', table: 'account_account' },
  ],
  values: ['lines', 'debit', 'credit', 'posted debit', 'posted credit'],
  measures({ inventory }) {
    if (!inventory.has('account_move_line', 'debit') || !inventory.has('account_move', 'state')) return []
    return [
      {
        scope: '',
        // Lines without an account are sections and notes of invoices, from 13.0 on.
        sql: `SELECT ARRAY[coalesce(${company(inventory)}::text, ''), l.account_id::text],
                     ARRAY[count(*), ${sum('l.debit')}, ${sum('l.credit')},
                           ${sum('l.debit', "m.state = 'posted'")}, ${sum('l.credit', "m.state = 'posted'")}]
                FROM account_move_line l LEFT JOIN account_move m ON m.id = l.move_id
                     ${inventory.has('account_move_line', 'company_id') ? '' : 'LEFT JOIN account_account a ON a.id = l.account_id'}
               WHERE l.account_id IS NOT NULL GROUP BY 1`,
      },
    ]
  },
}

/** What is still open on receivable and payable accounts, by partner. */
export const residual: Invariant = {
  id: 'residual',
  title: 'Open receivables and payables per partner',
  dimensions: [
    { name: 'company', kind: 'id', table: 'res_company' },
    { name: 'partner', kind: 'id', table: 'res_partner' },
    { name: 'kind', kind: 'text' },
  ],
  values: ['residual'],
  measures({ inventory }) {
    const kind = accountKind(inventory)
    if (!kind || !inventory.has('account_move_line', 'debit')) return []
    const remains = inventory.has('account_move_line', 'amount_residual')
    if (!remains && !inventory.has('account_move_line', 'reconcile_id')) return []
    // Before 9.0 a line is open until it is reconciled in full; the payments of a part are open lines themselves.
    const [amount, open] = remains
      ? ['l.amount_residual', 'l.amount_residual <> 0']
      : ['l.debit - l.credit', 'l.reconcile_id IS NULL']
    return [
      {
        scope: '',
        sql: `SELECT ARRAY[coalesce(${company(inventory)}::text, ''), coalesce(l.partner_id::text, ''), ${kind}], ARRAY[${sum(amount)}]
                FROM account_move_line l JOIN account_account a ON a.id = l.account_id
               WHERE ${kind} IN ('receivable', 'payable') AND ${open}
               GROUP BY 1 HAVING ${sum(amount)} <> 0`,
      },
    ]
  },
}

function company(inventory: Database['inventory']): string {
  return inventory.has('account_move_line', 'company_id') ? 'l.company_id' : 'a.company_id'
}

/** "receivable", "payable" or something else, for the account `a`. */
function accountKind(inventory: Database['inventory']): string | null {
  if (inventory.has('account_account', 'account_type'))
    return `regexp_replace(a.account_type, '^(asset|liability)_', '')`
  if (inventory.has('account_account', 'internal_type')) return 'a.internal_type'
  return inventory.has('account_account', 'type') ? 'a.type' : null
}

/** Amounts are numeric in newer versions and floats in the oldest; six digits are more than any currency has. */
function sum(expression: string, condition = 'true'): string {
  return `round(coalesce(sum((${expression})::numeric) FILTER (WHERE ${condition}), 0), 6)`
}
