import type pg from 'pg'
import type { PackFacts } from '../../packs/pack.ts'
import { note } from '../notes.ts'
import { setPairs } from './pairs.ts'

/** Modules that got another name, or whose contents another module took over, in ir_module_module and in all xmlids. */
export async function renameModules(client: pg.ClientBase, facts: PackFacts['modules']): Promise<void> {
  const renamed = { ...facts.renamedCommunity, ...facts.renamed }
  const merged = { ...facts.mergedCommunity, ...facts.merged }
  if (await setPairs(client, { ...merged, ...renamed })) {
    await note(
      client,
      'hop',
      'module',
      `
      SELECT r.old, CASE WHEN $1::jsonb ? r.old THEN 'merged' ELSE 'renamed' END, jsonb_build_object('into', r.new)
        FROM renamed r JOIN ir_module_module m ON m.name = r.old AND m.state IN ('installed', 'to upgrade', 'to remove')`,
      [JSON.stringify(merged)],
    )
    // The module that takes over counts as installed when the one it takes over was.
    await client.query(`
      UPDATE ir_module_module t SET state = 'installed'
        FROM renamed r JOIN ir_module_module s ON s.name = r.old
       WHERE t.name = r.new AND s.state IN ('installed', 'to upgrade') AND t.state NOT IN ('installed', 'to upgrade')`)
    await client.query(`
      UPDATE ir_module_module m SET name = r.new
        FROM renamed r
       WHERE m.name = r.old AND NOT EXISTS (SELECT FROM ir_module_module t WHERE t.name = r.new)
         AND NOT EXISTS (SELECT FROM renamed o JOIN ir_module_module p ON p.name = o.old WHERE o.new = r.new AND o.old < r.old)`)
    await client.query(`
      UPDATE ir_module_module m SET state = 'uninstalled' FROM renamed r WHERE m.name = r.old`)
    await moveXmlidsToModules(client)
    await client.query(`
      UPDATE ir_model_data d SET name = 'module_' || r.new
        FROM renamed r
       WHERE d.module = 'base' AND d.name = 'module_' || r.old
         AND NOT EXISTS (SELECT FROM ir_model_data t WHERE t.module = 'base' AND t.name = 'module_' || r.new)
         AND NOT EXISTS (SELECT FROM renamed o WHERE o.new = r.new AND o.old < r.old)`)
  }
}

/**
 * (module, name) is unique: where both modules had a record of that name, the one of the module that goes is named after
 * it. The target does not know that name, so the record goes or stays as other obsolete ones do.
 */
async function moveXmlidsToModules(client: pg.ClientBase): Promise<void> {
  await client.query(`
    UPDATE ir_model_data d SET name = d.module || '__' || d.name
      FROM (SELECT d.id, row_number() OVER (PARTITION BY r.new, d.name ORDER BY d.id) AS nth,
                   EXISTS (SELECT FROM ir_model_data t WHERE t.module = r.new AND t.name = d.name) AS taken
              FROM ir_model_data d JOIN renamed r ON r.old = d.module) twice
     WHERE d.id = twice.id AND (twice.taken OR twice.nth > 1)`)
  await client.query('UPDATE ir_model_data d SET module = r.new FROM renamed r WHERE d.module = r.old')
}
