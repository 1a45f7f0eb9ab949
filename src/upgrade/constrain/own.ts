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

/**
 * Names the SQL views of Odoo's own modules that were made again as the source had them, because nobody told what form the
 * newer version gives them: Odoo makes them anew when the module is updated.
 */
export async function noteFormerViews(
  client: pg.ClientBase,
  deferred: readonly Deferred[],
  odoosViews: ReadonlySet<string>,
): Promise<void> {
  const names = deferred
    .filter(({ kind, name }) => (kind === 'view' || kind === 'materializedView') && !odoosViews.has(name))
    .map(({ name }) => name)
  await note(
    client,
    'constrain',
    'former SQL view',
    `SELECT c.relname, 'has the form of the source, for that of the newer version is not known: Odoo makes it anew with -u ' || string_agg(DISTINCT o.name, ','),
            jsonb_build_object('model', min(m.model))
       FROM pg_class c
       JOIN uplift.model_table t ON t.tbl = c.relname
       JOIN public.ir_model m ON m.model = t.model
       JOIN public.ir_model_data d ON d.model = 'ir.model' AND d.res_id = m.id
       JOIN uplift.module o ON o.name = d.module AND o.kind = 'target'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm') AND c.relname = ANY ($1::text[])
      GROUP BY c.relname ORDER BY c.relname`,
    [names],
  )
}
