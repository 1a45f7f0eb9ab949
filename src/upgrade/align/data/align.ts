import type pg from 'pg'
import { inTransaction } from '../../../postgres/transaction.ts'
import { readInventory } from '../../../schema/inventory.ts'
import type { Schema } from '../../../schema/schema.ts'
import { allRecordTexts } from '../../hops/models.ts'
import type { Plan } from '../../plan.ts'
import { mapActionButtons } from './action-buttons.ts'
import { Expressions } from './expressions.ts'
import { mapGroupFields } from './group-fields.ts'
import { buildIdMap } from './id-map.ts'
import { alignMany2many } from './many2many.ts'
import { alignModules, noteGoneModules } from './modules.ts'
import { removeObsolete } from './obsolete.ts'
import { prepareWorkingTables } from './prepare.ts'
import { type Relation, registryMany2ones, relationsOf } from './relations.ts'
import { replaceOwnedRows } from './replaced.ts'
import { fillAddedColumns, insertRows, updateRows } from './rows.ts'
import { alignTranslations } from './translations.ts'
import { alignXmlids } from './xmlids.ts'

/**
 * Makes the module data of the loaded database that of the target, keeping the customer's records: one id map for all
 * rows of the reference first, then one statement a table. Gives the references between the target's tables.
 * `ref` is the schema with the reference, `public` the customer's.
 */
export async function alignModuleData(
  client: pg.ClientBase,
  plan: Plan,
  schema: Schema,
  added: readonly [string, string][],
  { bodies = true, onStep = () => {} }: { bodies?: boolean; onStep?: (step: string) => void } = {},
): Promise<Relation[]> {
  return inTransaction(client, async () => {
    const [reference, customer] = [await readInventory(client, 'ref'), await readInventory(client)]
    await prepareWorkingTables(client, plan)
    await noteGoneModules(client)
    const many2ones = [
      ...(await registryMany2ones(client, 'ref')),
      ...(await registryMany2ones(client, 'public')),
    ]
    const relations = relationsOf(schema, many2ones)
    onStep('owned rows')
    await replaceOwnedRows(client, reference, customer)
    onStep('id map')
    await buildIdMap(client, { schema, relations, reference, customer })
    const expressions = new Expressions(relations, await allRecordTexts(client, customer))
    const rows = { reference, customer, expressions, added }
    onStep('update')
    await updateRows(client, rows)
    onStep('insert')
    await insertRows(client, rows)
    await fillAddedColumns(client, rows)
    await mapActionButtons(client, reference, customer)
    await mapGroupFields(client, reference, customer)
    onStep('obsolete')
    await removeObsolete(client, relations, customer, bodies)
    onStep('links')
    await alignMany2many(client, relations, reference, customer)
    await alignXmlids(client, customer)
    await alignModules(client)
    onStep('translations')
    await alignTranslations(client, reference, customer)
    await client.query('DROP INDEX IF EXISTS public.uplift_xmlid, public.uplift_xmlid_record')
    onStep('done')
    return relations
  })
}
