-- The record that an alias belongs to is its parent.
UPDATE mail_alias a SET alias_parent_model_id = m.id, alias_parent_thread_id = r.id
  FROM crm_case_section r, ir_model m WHERE a.id = r.alias_id AND m.model = 'crm.case.section';

-- Mails to the general address make leads for no team in particular: no other alias does, so 8.0 knows it by the parent.
UPDATE mail_alias a SET alias_parent_model_id = m.id
  FROM ir_model m, ir_model_data d
 WHERE m.model = 'crm.case.section' AND d.module = 'crm' AND d.name = 'mail_alias_lead_info' AND d.model = 'mail.alias' AND d.res_id = a.id AND a.alias_parent_model_id IS NULL;

-- Every team worked with leads and opportunities.
ALTER TABLE crm_case_section ADD COLUMN IF NOT EXISTS use_leads boolean, ADD COLUMN IF NOT EXISTS use_opportunities boolean;
UPDATE crm_case_section SET use_leads = coalesce(use_leads, true), use_opportunities = coalesce(use_opportunities, true);

-- What a meeting was about follows it to its event.
ALTER TABLE calendar_event ADD COLUMN IF NOT EXISTS opportunity_id integer, ADD COLUMN IF NOT EXISTS phonecall_id integer;
UPDATE calendar_event e SET opportunity_id = m.opportunity_id, phonecall_id = m.phonecall_id
  FROM uplift.moved v JOIN legacy.crm_meeting m ON m.id = v.old_id
 WHERE v.from_model = 'crm.meeting' AND v.new_id = e.id AND num_nonnulls(m.opportunity_id, m.phonecall_id) > 0;

UPDATE calendar_event e SET opportunity_id = p.opportunity_id, phonecall_id = p.phonecall_id
  FROM calendar_event p WHERE p.id = e.recurrent_id AND NOT e.active AND num_nonnulls(e.opportunity_id, e.phonecall_id) = 0;

-- A stage said by its state how it ends: 8.0 takes the folded ones for closed, and of these those at 100 % for won, at 0 % for lost.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'stage', name, CASE WHEN state IN ('done', 'cancel') THEN 'closes: it is folded, and its probability says whether it wins' ELSE 'is open: it is not folded' END,
       jsonb_build_object('model', 'crm.case.stage', 'id', id, 'state', state, 'fold', fold, 'probability', probability)
  FROM crm_case_stage
 WHERE state IS NOT NULL AND (coalesce(fold, false) <> (state IN ('done', 'cancel'))
    OR coalesce(probability, 0) <> CASE state WHEN 'done' THEN 100 WHEN 'cancel' THEN 0 ELSE coalesce(probability, 0) END)
 ORDER BY id;
UPDATE crm_case_stage
   SET fold = state IN ('done', 'cancel'),
       probability = CASE state WHEN 'done' THEN 100 WHEN 'cancel' THEN 0 ELSE probability END
 WHERE state IS NOT NULL;

-- The day of the last change of stage is that of the message about it; without one the stage is the first one.
ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS date_last_stage_update timestamp without time zone;
UPDATE crm_lead t SET date_last_stage_update = coalesce(s.date, q.create_date)
  FROM crm_lead q
  LEFT JOIN (SELECT res_id, max(date) AS date FROM last_of_subtype
              WHERE model = 'crm.lead' AND subtype IN ('crm.mt_lead_stage', 'crm.mt_lead_won', 'crm.mt_lead_lost')
              GROUP BY res_id) s ON s.res_id = q.id
 WHERE q.id = t.id;
