import type pg from 'pg'

/**
 * Runs work in a transaction of its own, or as a part of the one that the connection is in already: whoever began it
 * commits or gives it up as a whole.
 */
export async function inTransaction<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  // What ReadyForQuery said last: "I" idle, "T" in a transaction, "E" in one that failed.
  if ('getTransactionStatus' in client && client.getTransactionStatus() !== 'I') return work()
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (thrown) {
    await client.query('ROLLBACK').catch(() => {})
    throw thrown
  }
}
