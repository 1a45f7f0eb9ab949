import type pg from 'pg'
import { buildingOrder, type Deferred } from '../../load/report.ts'
import { inTransaction } from '../../postgres/transaction.ts'
import type { Ownership } from '../align/schema-plan.ts'
import { note } from '../notes.ts'

/**
 * The keys, checks, indexes and views of the customer's own tables and columns, as his dump had them. What does not fit
 * any more, because what it names is gone, is named in the notes and not made.
 */
export async function restoreOwn(
  client: pg.ClientBase,
  deferred: readonly Deferred[],
  own: Ownership,
  odoosViews: ReadonlySet<string>,
): Promise<void> {
  const isOwn = (entry: Deferred) =>
    entry.kind === 'view' || entry.kind === 'materializedView'
      ? !odoosViews.has(entry.name)
      : own.ownsTable(entry.table) ||
        (entry.columns.length > 0 && entry.columns.every((column) => own.ownsColumn(entry.table, column)))
  const wanted = deferred.filter((entry) => entry.sql !== null && isOwn(entry))
  await inTransaction(client, async () => {
    for (const kind of buildingOrder)
      for (const entry of wanted.filter((item) => item.kind === kind))
        try {
          await client.query('SAVEPOINT own')
          await client.query(entry.sql!)
          await client.query('RELEASE own')
        } catch (thrown) {
          await client.query('ROLLBACK TO own')
          await note(
            client,
            'constrain',
            'your own',
            `SELECT $1::text, 'not made again: what it names has changed', jsonb_build_object('definition', $2::text, 'reason', $3::text)`,
            [
              `${entry.table}: ${entry.name}`,
              entry.definition,
              thrown instanceof Error ? thrown.message : String(thrown),
            ],
          )
        }
  })
}
