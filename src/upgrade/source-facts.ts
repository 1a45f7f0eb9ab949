import type pg from 'pg'
import { readInventory } from '../schema/inventory.ts'

/** What a person knows his database by. */
export interface SourceFacts {
  /** Version of the module base, "7.0.1.3". */
  version: string | null
  uuid: string | null
  companies: string[]
  activeUsers: number
}

/** Reads them from the source as it was loaded, before any hop. */
export async function readSourceFacts(client: pg.ClientBase): Promise<SourceFacts> {
  // 5.0 has no parameters, and so no uuid.
  const hasParameters = (await readInventory(client)).hasTable('ir_config_parameter')
  const { rows } = await client.query<SourceFacts>(`
    SELECT (SELECT latest_version FROM public.ir_module_module WHERE name = 'base') AS version,
           ${hasParameters ? `(SELECT value FROM public.ir_config_parameter WHERE key = 'database.uuid')` : 'NULL'} AS uuid,
           (SELECT coalesce(array_agg(name::text ORDER BY id), '{}') FROM public.res_company) AS companies,
           (SELECT count(*)::int FROM public.res_users WHERE active) AS "activeUsers"`)
  return rows[0]!
}
