import type pg from 'pg'
import { setPairs } from './pairs.ts'

/** Gives records the xmlids that the newer version knows them by; a name that is taken already stays with its record. */
export async function renameXmlids(client: pg.ClientBase, renamed: Record<string, string>): Promise<void> {
  if (!(await setPairs(client, renamed))) return
  await client.query(`
    UPDATE ir_model_data d SET module = split_part(r.new, '.', 1), name = substr(r.new, strpos(r.new, '.') + 1)
      FROM renamed r
     WHERE d.module = split_part(r.old, '.', 1) AND d.name = substr(r.old, strpos(r.old, '.') + 1)
       AND NOT EXISTS (SELECT FROM ir_model_data t
                        WHERE t.module = split_part(r.new, '.', 1) AND t.name = substr(r.new, strpos(r.new, '.') + 1))`)
}
