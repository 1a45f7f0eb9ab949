import type pg from 'pg'
import { note } from '../../notes.ts'

/** Tells which of the installed modules the target does not have, before the list takes the states of the reference. */
export async function noteGoneModules(client: pg.ClientBase): Promise<void> {
  await note(
    client,
    'align',
    'module',
    `SELECT m.name, 'gone', jsonb_build_object('version', m.latest_version)
       FROM public.ir_module_module m JOIN uplift.module o ON o.name = m.name AND o.kind = 'gone'
      WHERE m.state IN ('installed', 'to upgrade', 'to remove') ORDER BY m.name`,
  )
}

/** The module list as the target knows it: what is installed, in which version; modules of Odoo that are gone leave the list. */
export async function alignModules(client: pg.ClientBase): Promise<void> {
  await note(
    client,
    'align',
    'module',
    `SELECT m.name, 'new', '{}'::jsonb FROM public.ir_module_module m JOIN uplift.module o ON o.name = m.name AND o.kind = 'target'
      WHERE EXISTS (SELECT FROM uplift.id_map i WHERE i.tbl = 'ir_module_module' AND i.id = m.id AND i.origin = 'new') ORDER BY m.name`,
  )
  await note(
    client,
    'align',
    'module',
    `SELECT m.name, 'your own', jsonb_build_object('version', m.latest_version, 'state', m.state)
       FROM public.ir_module_module m JOIN uplift.module o ON o.name = m.name AND o.kind = 'custom' ORDER BY m.name`,
  )
  await client.query(`
    DELETE FROM public.ir_model_data d USING public.ir_module_module m
     WHERE d.model = 'ir.module.module' AND d.res_id = m.id
       AND NOT EXISTS (SELECT FROM uplift.module o WHERE o.name = m.name AND o.kind = 'custom')
       AND NOT EXISTS (SELECT FROM uplift.id_map i WHERE i.tbl = 'ir_module_module' AND i.id = m.id);
    DELETE FROM public.ir_module_module m
     WHERE NOT EXISTS (SELECT FROM uplift.module o WHERE o.name = m.name AND o.kind = 'custom')
       AND NOT EXISTS (SELECT FROM uplift.id_map i WHERE i.tbl = 'ir_module_module' AND i.id = m.id)`)
  // A module that the reference has installed and this database has not: listed, not installed.
  await client.query(`
    UPDATE public.ir_module_module m
       SET state = CASE WHEN o.name IS NOT NULL THEN 'installed' WHEN m.state = 'uninstallable' THEN m.state ELSE 'uninstalled' END,
           latest_version = CASE WHEN o.name IS NOT NULL THEN m.latest_version END
      FROM public.ir_module_module x
      LEFT JOIN uplift.module o ON o.name = x.name AND o.kind = 'target'
     WHERE x.id = m.id AND NOT EXISTS (SELECT FROM uplift.module c WHERE c.name = x.name AND c.kind = 'custom')`)
}
