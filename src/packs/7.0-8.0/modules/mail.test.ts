import { describe, expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withMail = halfHop(['7.0', '8.0'], ['mail', 'crm', 'project_issue', 'hr_recruitment'])

const messages = `
  INSERT INTO mail_message_subtype (id, name) VALUES (1, 'stage'), (2, 'won'), (3, 'other'), (4, 'task'), (5, 'issue'), (6, 'hired');
  INSERT INTO ir_model_data (module, name, model, res_id) VALUES
    ('crm', 'mt_lead_stage', 'mail.message.subtype', 1), ('crm', 'mt_lead_won', 'mail.message.subtype', 2),
    ('crm', 'mt_lead_create', 'mail.message.subtype', 3), ('project', 'mt_task_closed', 'mail.message.subtype', 4),
    ('project_issue', 'mt_issue_stage', 'mail.message.subtype', 5), ('hr_recruitment', 'mt_applicant_hired', 'mail.message.subtype', 6);
  INSERT INTO mail_message (model, res_id, type, date, subtype_id) VALUES
    ('crm.lead', 1, 'comment', '2014-01-01', NULL), ('crm.lead', 1, 'email', '2014-03-01', 3), ('crm.lead', 1, 'notification', '2014-05-01', 1),
    ('crm.lead', 1, 'notification', '2014-04-01', 2), ('crm.lead', 2, 'notification', '2014-05-01', 3), ('crm.lead', 3, 'comment', NULL, 1),
    ('project.task', 1, 'notification', '2014-06-01', 4), ('project.issue', 1, 'comment', '2014-07-01', 5),
    ('hr.applicant', 1, 'notification', '2014-08-01', 6), (NULL, 1, 'comment', '2014-09-01', NULL), ('gone.model', 1, 'email', '2014-09-01', NULL);
  INSERT INTO crm_lead (id, create_date) VALUES (1, '2013-01-01'), (2, '2013-01-02'), (3, NULL);
  INSERT INTO project_task (id, create_date) VALUES (1, '2013-01-01'), (2, '2013-01-02');
  INSERT INTO project_issue (id, create_date) VALUES (1, '2013-01-01');
  INSERT INTO hr_applicant (id, create_date) VALUES (1, '2013-01-01');`

test('a message with several mails has the first address, reply address and server that one of them names', () =>
  withMail(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO mail_message (id, type, email_from) VALUES (1, 'email', 'own@example.com'), (2, 'email', 'own@example.com'), (3, 'email', NULL);
      INSERT INTO mail_mail (id, mail_message_id, email_from, reply_to, mail_server_id) VALUES
        (1, 1, NULL, '', NULL), (2, 1, 'a@example.com', 'r@example.com', 3), (3, 1, 'b@example.com', NULL, 4), (4, 2, '', NULL, NULL)`)
    await transform('mail')
    expect(
      await rowsOf(client, 'SELECT id, email_from, reply_to, mail_server_id FROM mail_message ORDER BY id'),
    ).toEqual([
      [1, 'a@example.com', 'r@example.com', 3],
      [2, 'own@example.com', null, null],
      [3, null, null, null],
    ])
  }))

describe('dates that messages tell', () => {
  test('the last change of stage is that of its newest message, else when the record was made', () =>
    withMail(async ({ client, transform }) => {
      await client.query(messages)
      await transform('mail', 'crm', 'project', 'project_issue', 'hr_recruitment')
      const dates = (table: string) =>
        rowsOf(client, `SELECT id, date_last_stage_update::date::text FROM ${table} ORDER BY id`)
      expect(await dates('crm_lead')).toEqual([
        [1, '2014-05-01'],
        [2, '2013-01-02'],
        [3, null],
      ])
      expect(await dates('project_task')).toEqual([
        [1, '2014-06-01'],
        [2, '2013-01-02'],
      ])
      expect(await dates('project_issue')).toEqual([[1, '2014-07-01']])
      expect(await dates('hr_applicant')).toEqual([[1, '2014-08-01']])
    }))

  test('the last post is the newest that a person wrote', () =>
    withMail(async ({ client, transform }) => {
      await client.query(messages)
      await transform('mail')
      expect(
        await rowsOf(client, 'SELECT model, res_id, value::date::text FROM last_post ORDER BY 1, 2'),
      ).toEqual([
        ['crm.lead', 1, '2014-03-01'],
        ['crm.lead', 3, null],
        ['gone.model', 1, '2014-09-01'],
        ['project.issue', 1, '2014-07-01'],
      ])
    }))
})

describe('stages that had a state', () => {
  test('fold where work ends, and of leads say by their probability whether it was won', () =>
    withMail(async ({ client, transform }) => {
      await client.query(`
        INSERT INTO crm_case_stage (id, name, state, fold, probability) VALUES
          (1, 'New', 'draft', false, 10), (2, 'Half', 'open', true, 50), (3, 'Won', 'done', false, 90), (4, 'Lost', 'cancel', NULL, 5), (5, 'None', NULL, true, 7);
        INSERT INTO project_task_type (id, name, state, fold) VALUES (1, 'Merge', 'open', true), (2, 'Done', 'done', false), (3, 'Off', 'cancelled', NULL), (4, 'None', NULL, NULL);
        INSERT INTO hr_recruitment_stage (id, name, state, fold) VALUES (1, 'First', 'open', false), (2, 'Signed', 'done', false), (3, 'No', 'cancel', true)`)
      await transform('mail', 'crm', 'project', 'hr_recruitment')
      expect(
        await rowsOf(client, 'SELECT id, fold, probability::float8 FROM crm_case_stage ORDER BY id'),
      ).toEqual([
        [1, false, 10],
        [2, false, 50],
        [3, true, 100],
        [4, true, 0],
        [5, true, 7],
      ])
      expect(await rowsOf(client, 'SELECT id, fold FROM project_task_type ORDER BY id')).toEqual([
        [1, false],
        [2, true],
        [3, true],
        [4, null],
      ])
      expect(await rowsOf(client, 'SELECT id, fold FROM hr_recruitment_stage ORDER BY id')).toEqual([
        [1, false],
        [2, true],
        [3, true],
      ])
      expect(
        await rowsOf(client, `SELECT subject FROM uplift.note WHERE topic = 'stage' ORDER BY subject`),
      ).toEqual([['Done'], ['Half'], ['Lost'], ['Merge'], ['Off'], ['Signed'], ['Won']])
    }))
})

test('the records that aliases belong to are their parents', () =>
  withMail(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO ir_model (id, model) VALUES (1, 'res.users'), (2, 'mail.group'), (3, 'project.project'), (4, 'crm.case.section'), (5, 'hr.job');
      INSERT INTO mail_alias (id, alias_name) VALUES (1, 'u'), (2, 'g'), (3, 'p'), (4, 's'), (5, 'j'), (6, 'none'), (7, 'info'), (8, 'jobs');
      INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('crm', 'mail_alias_lead_info', 'mail.alias', 7), ('hr_recruitment', 'mail_alias_jobs', 'mail.alias', 8);
      INSERT INTO res_users (id, alias_id) VALUES (10, 1);
      INSERT INTO mail_group (id, alias_id) VALUES (20, 2);
      INSERT INTO project_project (id, alias_id) VALUES (30, 3);
      INSERT INTO crm_case_section (id, alias_id) VALUES (40, 4);
      INSERT INTO hr_job (id, alias_id) VALUES (50, 5)`)
    await transform('mail', 'crm', 'project', 'hr_recruitment')
    expect(
      await rowsOf(
        client,
        'SELECT id, alias_contact, alias_parent_model_id, alias_parent_thread_id FROM mail_alias ORDER BY id',
      ),
    ).toEqual([
      [1, 'everyone', 1, 10],
      [2, 'everyone', 2, 20],
      [3, 'everyone', 3, 30],
      [4, 'everyone', 4, 40],
      [5, 'everyone', 5, 50],
      [6, 'everyone', null, null],
      [7, 'everyone', 4, null],
      [8, 'everyone', 5, null],
    ])
  }))
