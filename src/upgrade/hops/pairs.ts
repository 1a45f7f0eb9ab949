import type pg from 'pg'

/** Fills the temporary table `renamed(old, new)` of this connection, which the renaming statements join with. */
export async function setPairs(client: pg.ClientBase, pairs: Record<string, string>): Promise<boolean> {
  await client.query('CREATE TEMP TABLE IF NOT EXISTS renamed (old text PRIMARY KEY, new text NOT NULL)')
  await client.query('TRUNCATE renamed')
  if (Object.keys(pairs).length === 0) return false
  await client.query('INSERT INTO renamed SELECT key, value FROM json_each_text($1::json)', [
    JSON.stringify(pairs),
  ])
  return true
}
