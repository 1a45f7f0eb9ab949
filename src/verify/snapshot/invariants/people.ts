import type { Invariant } from '../figure.ts'

/** Who can log in. */
export const users: Invariant = {
  id: 'users',
  title: 'Users: logins, and which are active',
  dimensions: [{ name: 'login', kind: 'text' }],
  values: ['users', 'active'],
  measures: ({ inventory, old }) =>
    inventory.has('res_users', 'login')
      ? [
          {
            scope: '',
            sql: `SELECT ARRAY[t.login::text], ARRAY[count(*), count(*) FILTER (WHERE t.active)] FROM res_users t WHERE ${old('res_users', 't')} GROUP BY 1`,
          },
        ]
      : [],
}

/** The companies and the currency that each keeps its books in. */
export const companies: Invariant = {
  id: 'companies',
  title: 'Companies and their currencies',
  dimensions: [
    { name: 'company', kind: 'id', table: 'res_company' },
    { name: 'currency', kind: 'text' },
  ],
  values: ['companies'],
  measures: ({ inventory, old }) =>
    inventory.has('res_company', 'currency_id')
      ? [
          {
            scope: '',
            sql: `SELECT ARRAY[t.id::text, coalesce(c.name, '')], ARRAY[1] FROM res_company t LEFT JOIN res_currency c ON c.id = t.currency_id WHERE ${old('res_company', 't')}`,
          },
        ]
      : [],
}
