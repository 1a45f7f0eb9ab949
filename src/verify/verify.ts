import type pg from 'pg'
import { extractSchema } from '../schema/extract.ts'
import { readInventory } from '../schema/inventory.ts'
import type { VerifyInput } from './input.ts'
import { readModels } from './models.ts'
import { checkModuleData } from './module-data.ts'
import { checkReferences } from './references/check.ts'
import { findOrphans } from './references/orphans.ts'
import { Renames } from './renames.ts'
import { checkSchema } from './schema-distance.ts'
import type { BeforeAfter } from './snapshot/before-after.ts'
import { compareSnapshots, goneModels } from './snapshot/compare.ts'
import { takeSnapshot } from './snapshot/snapshot.ts'
import { checkValues } from './values.ts'
import type { Check, Verification } from './verification.ts'
import { checkViews } from './views/check.ts'

/**
 * Verifies the upgraded database in schema `public`: its shape, module data, references, views and values against the
 * target, and its figures against those of the source. Only reads; temporary tables of the connection are its own.
 */
export async function verify(
  client: pg.ClientBase,
  input: VerifyInput,
  onCheck: (id: string, milliseconds: number) => void = () => {},
): Promise<Verification> {
  const started = performance.now()
  await client.query('SET search_path TO public')
  const inventory = await readInventory(client)
  const models = await readModels(client, input.series, inventory)
  const renames = new Renames(input.facts)
  const checks: Check[] = []
  let records: BeforeAfter[] = []
  const run = async (id: string, work: () => Promise<Check[]>): Promise<void> => {
    const begin = performance.now()
    checks.push(...(await work()))
    onCheck(id, performance.now() - begin)
  }
  await run('schema', async () => [await checkSchema(client, await extractSchema(client), input, inventory)])
  await run('xmlids', async () => [await checkModuleData(client, input, models)])
  await run('views', async () => [await checkViews(client, input, inventory)])
  await run('values', async () => [await checkValues(client, input, inventory, models)])
  if (input.before) {
    const { before } = input
    await run('snapshot', async () => {
      const after = await takeSnapshot(client, input.series, {
        before,
        renames,
        customModules: input.customModules,
      })
      const compared = compareSnapshots(before, after, input.facts)
      records = compared.records
      const gone = goneModels(before.records, after.records, renames)
      return [checkReferences(after.references, before.references, renames, gone), ...compared.checks]
    })
  } else
    await run('references', async () => [
      checkReferences(await findOrphans(client, inventory, models), null, renames),
    ])
  return {
    ok: checks.every(({ ok }) => ok),
    series: input.series,
    checks,
    records,
    seconds: Math.round(performance.now() - started) / 1000,
  }
}
