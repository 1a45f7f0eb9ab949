import { ident, literal } from '../../../postgres/sql.ts'
import type { Inventory } from '../../../schema/inventory.ts'
import type { Invariant } from '../figure.ts'

const tables = [
  ['mail_message', 'model'],
  ['mail_followers', 'res_model'],
  ['mail_activity', 'res_model'],
] as const

/** Who follows the same record twice is one follower: 7.0 let people do so. */
function counted(table: string, inventory: Inventory): string {
  const who = ['partner_id', 'channel_id'].filter((column) => inventory.has(table, column))
  return table === 'mail_followers' && who.length > 0
    ? `count(DISTINCT (t.res_id, ${who.map((column) => `t.${ident(column)}`).join(', ')}))`
    : 'count(*)'
}

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
        sql: `SELECT ARRAY[${literal(table)}, coalesce(t.${ident(model)}, '')], ARRAY[${counted(table, inventory)}] FROM ${ident(table)} t WHERE ${old(table, 't')} GROUP BY 1`,
      })),
}
