import type pg from 'pg'
import { qualified } from '../../postgres/sql.ts'
import type { Inventory } from '../../schema/inventory.ts'

/**
 * A record of ir.sequence of implementation "standard" counts in a sequence of the database that is named after its
 * id, ir_sequence_007, and one more for each of its date ranges. Records that came new have none yet.
 */
export async function createRecordSequences(client: pg.ClientBase, customer: Inventory): Promise<void> {
  if (!customer.has('ir_sequence', 'implementation')) return
  const ranges = customer.hasTable('ir_sequence_date_range')
    ? `UNION ALL
       SELECT 'ir_sequence_' || lpad(s.id::text, greatest(3, length(s.id::text)), '0') || '_' || lpad(r.id::text, greatest(3, length(r.id::text)), '0'),
              r.number_next, s.number_increment
         FROM ir_sequence_date_range r JOIN ir_sequence s ON s.id = r.sequence_id WHERE s.implementation = 'standard'`
    : ''
  const { rows } = await client.query<{ name: string; next: number; step: number }>(`
    SELECT name, greatest(coalesce(next, 1), 1)::int AS next, CASE WHEN coalesce(step, 1) = 0 THEN 1 ELSE coalesce(step, 1) END::int AS step
      FROM (SELECT 'ir_sequence_' || lpad(id::text, greatest(3, length(id::text)), '0'), number_next, number_increment
              FROM ir_sequence WHERE implementation = 'standard' ${ranges}) AS q (name, next, step)
     WHERE to_regclass('public.' || name) IS NULL`)
  const statements = rows.map(
    ({ name, next, step }) =>
      `CREATE SEQUENCE ${qualified('public', name)} INCREMENT BY ${step} START WITH ${next}`,
  )
  if (statements.length > 0) await client.query(statements.join(';\n'))
}
