import type pg from 'pg'
import { ident, literal, qualified } from '../../postgres/sql.ts'
import { note } from '../notes.ts'

/**
 * Fills the columns that were lifted for the rows of the reference (uplift.lifted), as far as no rule of a pack did: with
 * the value that more of the table's records have than any other, and two at least. A column that stays empty somewhere
 * stays without NOT NULL here; both are told.
 */
export async function fillLifted(client: pg.ClientBase): Promise<void> {
  const there = await client.query<{ there: boolean }>(
    `SELECT to_regclass('uplift.lifted') IS NOT NULL AS there`,
  )
  if (!there.rows[0]!.there) return
  const { rows } = await client.query<{ tbl: string; col: string }>(
    'SELECT tbl, col FROM uplift.lifted ORDER BY tbl, col',
  )
  for (const { tbl, col } of rows) {
    const [table, column] = [qualified('public', tbl), ident(col)]
    const { rowCount: filled } = await client.query(`
      UPDATE ONLY ${table} t SET ${column} = most.value
        FROM (SELECT c.${column} AS value FROM ONLY ${table} c WHERE c.${column} IS NOT NULL
               GROUP BY c.${column} HAVING count(*) > 1 ORDER BY count(*) DESC, c.${column} LIMIT 1) most
       WHERE t.${column} IS NULL AND t.id IN (SELECT id FROM uplift.id_map WHERE tbl = ${literal(tbl)} AND origin = 'new')`)
    if (filled)
      await tell(client, 'required value', `${tbl}.${col}`, 'filled', {
        rows: filled,
        because: 'records came along with the newer version, and this is what most of the others have',
      })
    const { rows: empty } = await client.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM ONLY ${table} WHERE ${column} IS NULL`,
    )
    if (empty[0]!.rows === 0) await client.query(`ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`)
    else
      await tell(
        client,
        'not adapted',
        `${tbl}.${col}`,
        'is required, and records that came along with the newer version have no value: give them one',
        {
          rows: empty[0]!.rows,
        },
      )
  }
}

async function tell(
  client: pg.ClientBase,
  topic: string,
  subject: string,
  outcome: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await note(client, 'fill', topic, 'SELECT $1::text, $2::text, $3::jsonb', [
    subject,
    outcome,
    JSON.stringify(detail),
  ])
}
