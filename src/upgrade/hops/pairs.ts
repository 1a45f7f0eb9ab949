import type pg from 'pg'

/**
 * Renames in rounds, so that a name is free before another one takes it: what is called b goes to c before a goes to b.
 * Names that go round in a circle come together at the end.
 */
export function* inRounds<T>(
  renames: readonly T[],
  names: (rename: T) => [old: string, now: string],
): Generator<T[]> {
  let open = [...renames]
  while (open.length > 0) {
    const taken = new Set(open.map((rename) => names(rename)[0]))
    const ready = open.filter((rename) => !taken.has(names(rename)[1]))
    yield ready.length > 0 ? ready : open
    if (ready.length === 0) return
    open = open.filter((rename) => taken.has(names(rename)[1]))
  }
}

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
