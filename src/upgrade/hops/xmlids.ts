import type pg from 'pg'
import { inRounds, setPairs } from './pairs.ts'

/**
 * Gives records the xmlids that the newer version knows them by; a name that is taken already stays with its record, and
 * of two records that would get the same name the older one gets it.
 */
export async function renameXmlids(client: pg.ClientBase, renamed: Record<string, string>): Promise<void> {
  // A scheduled action is named together with the server action that it runs.
  const both = Object.entries(renamed).flatMap(([old, name]) => [
    [old, name],
    [`${old}_ir_actions_server`, `${name}_ir_actions_server`],
  ]) as [string, string][]
  for (const round of inRounds(both, (names) => names)) await renameRound(client, Object.fromEntries(round))
}

async function renameRound(client: pg.ClientBase, renamed: Record<string, string>): Promise<void> {
  await setPairs(client, renamed)
  await client.query(`
    UPDATE ir_model_data d SET module = split_part(n.new, '.', 1), name = substr(n.new, strpos(n.new, '.') + 1)
      FROM (SELECT DISTINCT ON (r.new) o.id, r.new
              FROM renamed r
              JOIN ir_model_data o ON o.module = split_part(r.old, '.', 1) AND o.name = substr(r.old, strpos(r.old, '.') + 1)
             ORDER BY r.new, o.id) n
     WHERE d.id = n.id
       AND NOT EXISTS (SELECT FROM ir_model_data t
                        WHERE t.module = split_part(n.new, '.', 1) AND t.name = substr(n.new, strpos(n.new, '.') + 1))`)
}
