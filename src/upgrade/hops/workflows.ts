import type pg from 'pg'
import type { Inventory } from '../../schema/inventory.ts'

/**
 * Models that have no workflow any more: its definition goes with its running instances. Workflows that waited for one
 * of these as a subflow keep their work item and wait for their own signals.
 */
export async function removeWorkflows(
  client: pg.ClientBase,
  models: readonly string[],
  inventory: Inventory,
): Promise<void> {
  if (models.length === 0 || !inventory.hasTable('wkf')) return
  const gone = async (table: string, query: string, parameters: unknown[] = []) => {
    await client.query(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS ${query}`, parameters)
  }
  await client.query('CREATE TEMP TABLE gone_wkf (id integer) ON COMMIT DROP')
  await client.query('INSERT INTO gone_wkf SELECT id FROM wkf WHERE osv = ANY ($1)', [models])
  await gone('gone_activity', 'SELECT a.id FROM wkf_activity a JOIN gone_wkf w ON w.id = a.wkf_id')
  await gone(
    'gone_transition',
    'SELECT t.id FROM wkf_transition t WHERE t.act_from IN (SELECT id FROM gone_activity) OR t.act_to IN (SELECT id FROM gone_activity)',
  )
  await gone('gone_instance', 'SELECT i.id FROM wkf_instance i JOIN gone_wkf w ON w.id = i.wkf_id')
  await client.query(`
    UPDATE wkf_workitem i SET subflow_id = NULL FROM gone_instance g WHERE i.subflow_id = g.id;
    UPDATE wkf_activity a SET subflow_id = NULL FROM gone_wkf w WHERE a.subflow_id = w.id;
    DELETE FROM wkf_triggers t USING gone_instance g WHERE t.instance_id = g.id;
    DELETE FROM wkf_witm_trans l USING gone_instance g WHERE l.inst_id = g.id;
    DELETE FROM wkf_witm_trans l USING gone_transition g WHERE l.trans_id = g.id;
    DELETE FROM wkf_workitem i USING gone_instance g WHERE i.inst_id = g.id;
    DELETE FROM wkf_instance i USING gone_instance g WHERE i.id = g.id;
    DELETE FROM wkf_transition t USING gone_transition g WHERE t.id = g.id;
    DELETE FROM wkf_activity a USING gone_activity g WHERE a.id = g.id;
    DELETE FROM wkf w USING gone_wkf g WHERE w.id = g.id;
    DELETE FROM ir_model_data d USING gone_transition g WHERE d.model = 'workflow.transition' AND d.res_id = g.id;
    DELETE FROM ir_model_data d USING gone_activity g WHERE d.model = 'workflow.activity' AND d.res_id = g.id;
    DELETE FROM ir_model_data d USING gone_wkf g WHERE d.model = 'workflow' AND d.res_id = g.id;
    DROP TABLE gone_wkf, gone_activity, gone_transition, gone_instance`)
}
