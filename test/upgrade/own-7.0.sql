-- Fields of people on standard models.
INSERT INTO ir_model_fields (id, model, model_id, name, ttype, field_description, state, select_level, relation, required)
SELECT 900001, 'sale.order', id, 'x_priority', 'integer', 'Own priority', 'manual', '0', '', false FROM ir_model WHERE model = 'sale.order';
ALTER TABLE sale_order ADD COLUMN x_priority integer;
UPDATE sale_order SET x_priority = id;

-- A module that nobody knows, with two models, a link between them and a column on partners.
INSERT INTO ir_module_module (id, name, state, latest_version, shortdesc) VALUES (900001, 'acme', 'installed', '7.0.1.0', 'Contracts');
INSERT INTO ir_model (id, model, name, state) VALUES (900001, 'acme.contract', 'Contract', 'base'), (900002, 'acme.tag', 'Tag', 'base');
INSERT INTO ir_model_fields (id, model, model_id, name, ttype, relation, field_description, state, select_level, required, on_delete)
SELECT 900010 + row_number() OVER (), f.model, m.id, f.name, f.ttype, f.relation, f.name, 'base', '0', false, 'set null'
  FROM (VALUES ('acme.contract', 'name', 'char', ''), ('acme.contract', 'partner_id', 'many2one', 'res.partner'), ('acme.contract', 'user_id', 'many2one', 'res.users'),
               ('acme.contract', 'state', 'selection', ''), ('acme.contract', 'amount', 'float', ''), ('acme.contract', 'tag_ids', 'many2many', 'acme.tag'),
               ('acme.contract', 'terms', 'text', ''), ('acme.tag', 'name', 'char', ''), ('res.partner', 'acme_rating', 'integer', ''), ('res.groups', 'acme_desk', 'char', '')) AS f (model, name, ttype, relation)
  JOIN ir_model m ON m.model = f.model;
CREATE TABLE acme_tag (id serial PRIMARY KEY, create_uid integer REFERENCES res_users ON DELETE SET NULL, create_date timestamp, write_uid integer, write_date timestamp, name varchar(64) NOT NULL);
CREATE TABLE acme_contract (
  id serial PRIMARY KEY, create_uid integer, create_date timestamp, write_uid integer, write_date timestamp, name varchar(64) NOT NULL,
  partner_id integer REFERENCES res_partner ON DELETE RESTRICT, user_id integer REFERENCES res_users ON DELETE SET NULL, state varchar, amount numeric CHECK (amount >= 0), UNIQUE (name));
CREATE INDEX acme_contract_state ON acme_contract (state);
CREATE TABLE acme_contract_tag_rel (contract_id integer NOT NULL REFERENCES acme_contract ON DELETE CASCADE, tag_id integer NOT NULL REFERENCES acme_tag ON DELETE CASCADE, UNIQUE (contract_id, tag_id));
INSERT INTO acme_tag (name) SELECT 'Tag ' || i FROM generate_series(1, 3) i;
INSERT INTO acme_contract (name, partner_id, user_id, state, amount)
SELECT 'Contract ' || row_number() OVER (ORDER BY id), id, 1, 'open', 12.50 * id FROM (SELECT id FROM res_partner ORDER BY id LIMIT 5) p;
INSERT INTO acme_contract_tag_rel SELECT c.id, t.id FROM acme_contract c, acme_tag t WHERE (c.id + t.id) % 2 = 0;
ALTER TABLE res_partner ADD COLUMN acme_rating integer;
UPDATE res_partner SET acme_rating = id % 5 WHERE id < 20;
CREATE VIEW acme_figures AS SELECT state, count(*) AS contracts, sum(amount) AS amount FROM acme_contract GROUP BY state;
INSERT INTO ir_property (id, name, fields_id, type, value_text, res_id, company_id)
SELECT 900001, 'terms', id, 'text', 'Thirty days', 'acme.contract,1', 1 FROM ir_model_fields WHERE model = 'acme.contract' AND name = 'terms';
INSERT INTO ir_values (id, name, key, model, value) VALUES (900010, 'amount', 'default', 'acme.contract', E'F10\n.');
INSERT INTO mail_message (id, type, model, res_id, body, date) VALUES (900001, 'comment', 'acme.contract', 1, '<p>Signed</p>', '2013-05-01');
INSERT INTO ir_attachment (id, name, type, res_model, res_id, db_datas) VALUES (900001, 'Scan', 'binary', 'acme.contract', 1, 'c2Nhbg==');

-- Views: of the module and of people; some of them name what 8.0 does not have.
INSERT INTO ir_ui_view (id, name, model, type, priority, arch, inherit_id)
SELECT v.id, v.name, v.model, v.type, 16, v.arch, (SELECT d.res_id FROM ir_model_data d WHERE d.model = 'ir.ui.view' AND d.module || '.' || d.name = v.extends)
  FROM (VALUES
    (900001, 'acme.contract.form', 'acme.contract', 'form', '<form string="Contract"><field name="name"/><field name="partner_id"/><field name="tag_ids"/></form>', NULL),
    (900002, 'acme.contract.tree', 'acme.contract', 'tree', '<tree string="Contracts"><field name="name"/><field name="amount"/></tree>', NULL),
    (900003, 'acme.partner', 'res.partner', 'form', '<xpath expr="//field[@name=''website'']" position="after"><field name="acme_rating"/></xpath>', 'base.view_partner_form'),
    (900004, 'own: beside the reference', 'sale.order', 'form', '<field name="client_order_ref" position="after"><field name="x_priority" string="Own term"/></field>', 'sale.view_order_form'),
    (900005, 'own: beside a field that is gone', 'sale.order', 'form', '<xpath expr="//field[@name=''shop_id'']" position="after"><field name="x_priority" string="Second time"/></xpath>', 'sale.view_order_form'),
    (900007, 'own: orders by shop', 'sale.order', 'tree', '<tree string="Orders"><field name="name"/><field name="shop_id"/></tree>', NULL),
    (900008, 'own: event with a renamed field', 'event.event', 'tree', '<tree string="Events"><field name="name"/><field name="register_max"/></tree>', NULL),
    (900009, 'own: shops', 'sale.shop', 'tree', '<tree string="Shops"><field name="name"/></tree>', NULL)) AS v (id, name, model, type, arch, extends);
INSERT INTO ir_ui_view (id, name, model, type, priority, arch, inherit_id)
VALUES (900006, 'own: extends one that is off', 'sale.order', 'form', 17, '<xpath expr="//field[@string=''Second time'']" position="attributes"><attribute name="string">Third</attribute></xpath>', 900005);

-- Actions, menus, bindings.
INSERT INTO ir_act_window (id, name, type, res_model, view_type, view_mode, view_id, domain, context, target) VALUES
  (900001, 'Contracts', 'ir.actions.act_window', 'acme.contract', 'form', 'tree,form', 900001, '[(''state'',''='',''open'')]', '{}', 'current'),
  (900002, 'Orders by shop', 'ir.actions.act_window', 'sale.order', 'form', 'tree,form', 900007, NULL, '{}', 'current'),
  (900003, 'Orders of one shop', 'ir.actions.act_window', 'sale.order', 'form', 'tree,form', NULL, '[(''shop_id'',''='',1)]', '{}', 'current'),
  (900004, 'Shops', 'ir.actions.act_window', 'sale.shop', 'form', 'tree,form', NULL, NULL, '{}', 'current');
INSERT INTO ir_ui_menu (id, name, parent_id, sequence) VALUES (900001, 'Acme', NULL, 90), (900002, 'Contracts', 900001, 1), (900003, 'Orders by shop', 900001, 2);
INSERT INTO ir_values (id, name, key, key2, model, res_id, value) VALUES
  (900001, 'Contracts', 'action', 'tree_but_open', 'ir.ui.menu', 900002, 'ir.actions.act_window,900001'),
  (900002, 'Orders', 'action', 'tree_but_open', 'ir.ui.menu', 900003, 'ir.actions.act_window,900002');

-- Groups, rights, rules.
INSERT INTO res_groups (id, name) VALUES (900001, 'acme: people'), (900002, 'acme: masters');
INSERT INTO res_groups_implied_rel (gid, hid) VALUES (900002, 900001);
INSERT INTO res_groups_users_rel (gid, uid) SELECT 900001, id FROM res_users ORDER BY id LIMIT 2;
INSERT INTO ir_model_access (id, name, model_id, group_id, perm_read, perm_write, perm_create, perm_unlink, active) VALUES
  (900001, 'acme.contract people', 900001, 900001, true, true, true, false, true), (900002, 'acme.contract masters', 900001, 900002, true, true, true, true, true);
INSERT INTO ir_rule (id, name, model_id, domain_force, active, "global", perm_read, perm_write, perm_create, perm_unlink)
SELECT 900001, 'acme: own contracts', 900001, '[(''user_id'',''='',user.id)]', true, false, true, true, true, true UNION ALL
SELECT 900002, 'own: orders of the first shop', id, '[(''shop_id.name'',''='',''First'')]', true, false, true, true, true, true FROM ir_model WHERE model = 'sale.order';
INSERT INTO rule_group_rel (rule_group_id, group_id) VALUES (900001, 900001), (900002, 900001);

-- Filters and automated rules.
INSERT INTO ir_filters (id, name, model_id, domain, context, is_default) VALUES
  (900001, 'own: drafts', 'sale.order', '[(''state'',''='',''draft'')]', '{}', true),
  (900002, 'own: one shop', 'sale.order', '[(''shop_id'',''='',1)]', '{}', true),
  (900003, 'own: large events', 'event.event', '[(''register_max'',''>'',10)]', '{}', false);
INSERT INTO base_action_rule (id, name, model_id, filter_id, active, sequence)
SELECT 900000 + r.n, r.name, m.id, r.filter, true, 5
  FROM (VALUES (1, 'own: when drafted', 900001), (2, 'own: when of the shop', 900002)) AS r (n, name, filter) JOIN ir_model m ON m.model = 'sale.order';

-- What runs: server actions, scheduled actions, a workflow.
INSERT INTO ir_act_server (id, name, type, model_id, state, code, condition)
SELECT 900011, 'own: code', 'ir.actions.server', id, 'code', 'for i in range(3):' || E'\n' || '    log(str(i))', 'True' FROM ir_model WHERE model = 'sale.order';
INSERT INTO ir_act_server (id, name, type, model_id, state, condition)
SELECT 900012, 'own: note and shop', 'ir.actions.server', id, 'object_write', 'True' FROM ir_model WHERE model = 'sale.order';
INSERT INTO ir_server_object_lines (id, server_id, col1, value, type)
SELECT 900001, 900012, id, '''called''', 'equation' FROM ir_model_fields WHERE model = 'sale.order' AND name = 'note' UNION ALL
SELECT 900002, 900012, id, '1', 'value' FROM ir_model_fields WHERE model = 'sale.order' AND name = 'shop_id';
INSERT INTO ir_cron (id, name, user_id, active, interval_number, interval_type, numbercall, nextcall, priority, model, function, args, doall)
VALUES (900001, 'own: every night', 1, true, 1, 'days', -1, '2013-06-01 02:00:00', 5, 'acme.contract', 'run_nightly', '(7,)', false);
INSERT INTO wkf (id, name, osv, on_create) VALUES (900001, 'acme.contract', 'acme.contract', true);
INSERT INTO wkf_activity (id, wkf_id, name, kind, flow_start, flow_stop, split_mode, join_mode, action) VALUES
  (900001, 900001, 'draft', 'dummy', true, false, 'XOR', 'XOR', NULL), (900002, 900001, 'open', 'function', false, true, 'XOR', 'XOR', 'action_open()');
INSERT INTO wkf_transition (id, act_from, act_to, signal, condition) VALUES (900001, 900001, 900002, 'contract_open', 'amount > 0');
INSERT INTO wkf_instance (id, wkf_id, uid, res_id, res_type, state) SELECT 900000 + id, 900001, 1, id, 'acme.contract', 'active' FROM acme_contract;
INSERT INTO wkf_workitem (id, act_id, inst_id, state) SELECT 900000 + id, 900001, 900000 + id, 'complete' FROM acme_contract;

-- Reports, numbers, translations.
INSERT INTO ir_act_report_xml (id, name, type, model, report_name, report_type, report_rml_content_data, auto)
VALUES (900021, 'own: contract', 'ir.actions.report.xml', 'acme.contract', 'acme.contract', 'pdf', '<document>own</document>', true);
INSERT INTO ir_values (id, name, key, key2, model, res_id, value) VALUES (900003, 'own: contract', 'action', 'client_print_multi', 'acme.contract', 0, 'ir.actions.report.xml,900021');
INSERT INTO ir_sequence_type (id, code, name) VALUES (900001, 'acme.contract', 'Contracts');
INSERT INTO ir_sequence (id, name, code, prefix, padding, number_next, number_increment, implementation, active) VALUES (900001, 'own: contracts', 'acme.contract', 'C%(year)s/', 5, 1, 1, 'standard', true);
CREATE SEQUENCE ir_sequence_900001;
SELECT setval('ir_sequence_900001', 41);
INSERT INTO ir_translation (id, lang, type, name, src, value, res_id, module, state)
SELECT 900000 + n, l.code, t.type, t.name, t.src, t.value, t.res_id, t.module, 'translated'
  FROM (SELECT code FROM res_lang WHERE code <> 'en_US' ORDER BY code LIMIT 1) l,
       (VALUES (1, 'model', 'acme.contract,name', 'Contract 1', 'Contrat 1', 1, NULL), (2, 'field', 'acme.contract,name', 'Name', 'Nom', 900011, 'acme'),
               (3, 'view', 'acme.contract', 'Contract', 'Contrat', 0, 'acme'), (4, 'code', 'addons/acme/contract.py', 'Cannot sign', 'Impossible', 0, 'acme'),
               (5, 'view', 'sale.order', 'Own term', 'Propre terme', 0, NULL)) AS t (n, type, name, src, value, res_id, module);

-- A field that leads to a model whose records get new ids; files and messages of a model that goes.
INSERT INTO ir_model_fields (id, model, model_id, name, ttype, field_description, state, select_level, relation, required, on_delete)
SELECT 900002, 'res.partner', id, 'x_meeting_id', 'many2one', 'Next meeting', 'manual', '0', 'crm.meeting', false, 'set null' FROM ir_model WHERE model = 'res.partner';
ALTER TABLE res_partner ADD COLUMN x_meeting_id integer REFERENCES crm_meeting ON DELETE SET NULL;
UPDATE res_partner SET x_meeting_id = (SELECT max(id) FROM crm_meeting) WHERE id = 1;
UPDATE res_partner SET x_meeting_id = (SELECT min(id) FROM crm_meeting) WHERE id = 3;
INSERT INTO ir_attachment (id, name, type, res_model, res_id, db_datas) VALUES (900002, 'Lease', 'binary', 'sale.shop', 1, 'bGVhc2U=');
INSERT INTO mail_message (id, type, model, res_id, body, date) VALUES (900002, 'comment', 'sale.shop', 1, '<p>Closed on Mondays</p>', '2013-05-01');

-- Conditions, defaults and actions with values that have another name in 8.0: 1 was the highest priority of a lead, 0 of a task.
INSERT INTO ir_filters (id, name, model_id, domain, context, is_default) VALUES
  (900004, 'own: urgent leads', 'crm.lead', '[(''priority'',''in'',[''1'',''2''])]', '{''group_by'': [''channel_id'']}', false);
INSERT INTO ir_rule (id, name, model_id, domain_force, active, "global", perm_read, perm_write, perm_create, perm_unlink)
SELECT 900003, 'own: urgent leads', id, '[(''priority'',''='',''1'')]', true, false, true, true, true, true FROM ir_model WHERE model = 'crm.lead';
INSERT INTO rule_group_rel (rule_group_id, group_id) VALUES (900003, 900001);
INSERT INTO ir_act_window (id, name, type, res_model, view_type, view_mode, domain, context, target) VALUES
  (900005, 'Urgent tasks', 'ir.actions.act_window', 'project.task', 'form', 'tree,form', '[(''priority'',''='',''0'')]', '{''default_priority'': ''0''}', 'current');
INSERT INTO ir_values (id, name, key, key2, model, res_id, value) VALUES (900011, 'priority', 'default', NULL, 'crm.lead', 0, E'S''5''\np0\n.');
INSERT INTO ir_act_server (id, name, type, model_id, state, condition)
SELECT 900013, 'own: calm down', 'ir.actions.server', id, 'object_write', 'True' FROM ir_model WHERE model = 'crm.lead';
INSERT INTO ir_server_object_lines (id, server_id, col1, value, type)
SELECT 900003, 900013, id, '5', 'value' FROM ir_model_fields WHERE model = 'crm.lead' AND name = 'priority';
INSERT INTO mail_alias (id, alias_name, alias_model_id, alias_user_id, alias_defaults)
SELECT 900001, 'own-leads', id, 1, '{''channel_id'': 1, ''priority'': ''1''}' FROM ir_model WHERE model = 'crm.lead';

-- Names by which the module finds its records.
INSERT INTO ir_model_data (module, name, model, res_id)
SELECT 'acme', 'model_' || replace(model, '.', '_'), 'ir.model', id FROM ir_model WHERE model LIKE 'acme.%' UNION ALL
SELECT 'acme', 'field_' || replace(model, '.', '_') || '_' || name, 'ir.model.fields', id FROM ir_model_fields WHERE id BETWEEN 900010 AND 900100 UNION ALL
SELECT 'acme', 'view_' || id, 'ir.ui.view', id FROM ir_ui_view WHERE id IN (900001, 900002, 900003) UNION ALL
SELECT 'acme', x.name, x.model, x.id FROM (VALUES ('action', 'ir.actions.act_window', 900001), ('menu', 'ir.ui.menu', 900001), ('menu_contracts', 'ir.ui.menu', 900002),
  ('group', 'res.groups', 900001), ('access', 'ir.model.access', 900001), ('rule', 'ir.rule', 900001), ('cron', 'ir.cron', 900001), ('report', 'ir.actions.report.xml', 900021),
  ('sequence', 'ir.sequence', 900001), ('type', 'ir.sequence.type', 900001), ('wkf', 'workflow', 900001), ('act_draft', 'workflow.activity', 900001), ('contract_one', 'acme.contract', 1)) AS x (name, model, id);

-- The ids above are far from the others; the counters go on behind them.
SELECT setval(oid::regclass, 900500) FROM pg_class
 WHERE relkind = 'S' AND relname IN ('ir_model_id_seq', 'ir_model_fields_id_seq', 'ir_module_module_id_seq', 'ir_property_id_seq', 'ir_values_id_seq', 'mail_message_id_seq',
   'ir_attachment_id_seq', 'ir_ui_view_id_seq', 'ir_actions_id_seq', 'ir_ui_menu_id_seq', 'res_groups_id_seq', 'ir_model_access_id_seq', 'ir_rule_id_seq', 'ir_filters_id_seq',
   'base_action_rule_id_seq', 'mail_alias_id_seq', 'ir_server_object_lines_id_seq', 'ir_cron_id_seq', 'wkf_id_seq', 'wkf_activity_id_seq', 'wkf_transition_id_seq', 'wkf_instance_id_seq',
   'wkf_workitem_id_seq', 'ir_sequence_type_id_seq', 'ir_sequence_id_seq', 'ir_translation_id_seq');

-- A field that his module requires, on records that the new version brings more of.
ALTER TABLE res_groups ADD COLUMN acme_desk varchar;
UPDATE res_groups SET acme_desk = CASE WHEN id % 3 = 0 THEN 'back' ELSE 'front' END;
ALTER TABLE res_groups ALTER acme_desk SET NOT NULL;
