import { ident, literal } from '../../../postgres/sql.ts'
import type { Invariant } from '../figure.ts'

const tables = [
  ['mail_message', 'model'],
  ['mail_followers', 'res_model'],
  ['mail_activity', 'res_model'],
] as const

/** Messages, followers and activities by the model of the document that they are on. */
export const communication: Invariant = {
  id: 'communication',
  title: 'Messages, followers and activities per model',
  dimensions: [
    { name: 'table', kind: 'table' },
    { name: 'model', kind: 'model' },
  ],
  values: ['rows'],
  measures: ({ inventory, old }) =>
    tables
      .filter(([table, model]) => inventory.has(table, model))
      .map(([table, model]) => ({
        scope: table,
        sql: `SELECT ARRAY[${literal(table)}, coalesce(t.${ident(model)}, '')], ARRAY[count(*)] FROM ${ident(table)} t WHERE ${old(table, 't')} GROUP BY 1`,
      })),
}
