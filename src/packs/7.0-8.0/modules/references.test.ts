import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

/** Two meetings whose ids events have too, and everything that names them. */
const meetings = `
  INSERT INTO uplift.relation (tbl, col, target) VALUES
    ('meeting_category_rel', 'event_id', 'crm_meeting'), ('crm_meeting_partner_rel', 'meeting_id', 'crm_meeting'), ('meeting_attendee_rel', 'event_id', 'crm_meeting'),
    ('event_attendee_rel', 'event_id', 'calendar_event'), ('hr_holidays', 'meeting_id', 'crm_meeting');
  INSERT INTO ir_model (id, model, name) VALUES (1, 'crm.meeting', 'Meeting'), (2, 'calendar.event', 'Event');
  INSERT INTO calendar_event (id, name, date, duration) VALUES (5, 'event five', '2014-01-01 08:00', 1), (6, 'event six', '2014-01-02 08:00', 1);
  SELECT setval('calendar_event_id_seq', 6);
  INSERT INTO crm_meeting (id, name, date, duration, select1, state, recurrent_id, recurrent_id_date, opportunity_id, phonecall_id) VALUES
    (5, 'meeting five', '2014-02-01 08:00', 1, 'day', 'open', NULL, NULL, 71, NULL), (6, 'meeting six', '2014-02-08 09:00', 1, 'date', 'draft', 5, '2014-02-08 08:00', NULL, 72);
  INSERT INTO crm_meeting_partner_rel (meeting_id, partner_id) VALUES (5, 1), (6, 2);
  INSERT INTO meeting_category_rel (event_id, type_id) VALUES (5, 3), (6, 4);
  INSERT INTO calendar_attendee (id, email, state) VALUES (1, 'event', 'needs-action'), (2, 'meeting', 'delegated');
  INSERT INTO event_attendee_rel (event_id, attendee_id) VALUES (5, 1);
  INSERT INTO meeting_attendee_rel (event_id, attendee_id) VALUES (5, 2);
  INSERT INTO hr_holidays (id, name, meeting_id) VALUES (1, 'leave', 5), (2, 'none', NULL);`

const named = [
  ['ir_attachment', 'res_model', 'res_id'],
  ['mail_message', 'model', 'res_id'],
  ['mail_followers', 'res_model', 'res_id'],
  ['ir_values', 'model', 'res_id'],
  ['ir_model_data', 'model', 'res_id'],
  ['ir_act_window', 'res_model', 'res_id'],
] as const
const references = named
  .map(
    ([table, model, id], at) =>
      `INSERT INTO ${table} (id, ${model}, ${id}) VALUES (${9000 + at * 10}, 'crm.meeting', 6), (${9001 + at * 10}, 'calendar.event', 6), (${9002 + at * 10}, 'stock.picking.in', 6), (${9003 + at * 10}, 'res.partner', 6);`,
  )
  .join('\n')

const others = `
  INSERT INTO ir_property (id, name, res_id, value_reference) VALUES (1, 'a', 'crm.meeting,6', 'calendar.event,6'), (2, 'b', 'stock.picking.out,6', 'crm.meeting,5');
  INSERT INTO ir_filters (id, name, model_id, domain) VALUES (1, 'meetings', 'crm.meeting', '[]'), (2, 'calls', 'crm.phonecall', '[]'), (3, 'in', 'stock.picking.in', '[]');
  INSERT INTO wkf (id, osv, name) VALUES (1, 'stock.picking', 'p'), (2, 'procurement.order', 'q'), (3, 'account.invoice', 'i');
  INSERT INTO wkf_activity (id, wkf_id, name) VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c');
  INSERT INTO wkf_instance (id, wkf_id, res_type, res_id) VALUES (1, 1, 'stock.picking', 6), (2, 2, 'procurement.order', 1), (3, 3, 'account.invoice', 1);
  INSERT INTO wkf_workitem (id, act_id, inst_id) VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3);
  INSERT INTO ir_model_data (module, name, model, res_id) VALUES
    ('portal', 'group_portal', 'res.groups', 43), ('portal', 'group_anonymous', 'res.groups', 44), ('crm', 'crm_case_channel_phone', 'crm.case.channel', 2);
  INSERT INTO crm_case_channel (id, name) VALUES (2, 'Phone');
  INSERT INTO crm_case_resource_type (id, name) VALUES (3, 'Campaign');
  INSERT INTO crm_lead (id, name, channel_id, type_id, priority) VALUES (1, 'a', 2, 3, '1'), (2, 'b', NULL, NULL, '5'), (3, 'c', NULL, NULL, '3'), (4, 'd', NULL, NULL, NULL);
  INSERT INTO crm_phonecall (id, name, state, priority) VALUES (1, 'a', 'draft', '1'), (2, 'b', 'open', '2'), (3, 'c', 'pending', '3'), (4, 'd', 'done', '4'), (5, 'e', 'cancel', '5');
  INSERT INTO crm_case_section (id, name) VALUES (1, 'team');
  INSERT INTO project_task (id, name, priority) VALUES (1, 'a', '0'), (2, 'b', '1'), (3, 'c', '2'), (4, 'd', '3'), (5, 'e', '4');
  INSERT INTO project_issue (id, name, priority, channel_id) VALUES (1, 'a', '1', 2), (2, 'b', '2', NULL), (3, 'c', '3', NULL), (4, 'd', '4', NULL), (5, 'e', '5', NULL);
  INSERT INTO mail_message_subtype (id, name) VALUES (1, 'own');
  INSERT INTO res_partner (id, name, notification_email_send) VALUES (1, 'a', 'all'), (2, 'b', 'email'), (3, 'c', 'comment'), (4, 'd', 'none'), (5, 'e', NULL);
  INSERT INTO mail_message (id, body, email_from) VALUES (1, 'm', 'kept@example.com'), (2, 'n', NULL);
  INSERT INTO mail_mail (id, mail_message_id, email_from, reply_to, mail_server_id, email_to) VALUES (1, 1, '', 'r@example.com', 4, 'x'), (2, 2, 'f@example.com', NULL, NULL, 'y');
  INSERT INTO note_note (id, name, create_uid) VALUES (1, 'n', 6), (2, 'm', NULL);`

const withAll = halfHop(
  ['7.0', '8.0'],
  ['base_calendar', 'crm', 'project_issue', 'hr_holidays', 'note', 'portal', 'stock', 'account'],
  meetings + references + others,
)

describe('meetings are events under new ids', () => {
  test('partners, tags, attendees, leads, calls and leaves follow', () =>
    withAll(async ({ client, transform }) => {
      await transform('mail', 'base_calendar', 'crm')
      expect(
        await rowsOf(
          client,
          'SELECT id, name, month_by, state, recurrent_id, recurrent_id_date::text, opportunity_id, phonecall_id, start::text FROM calendar_event ORDER BY id',
        ),
      ).toEqual([
        [5, 'event five', null, null, null, null, null, null, '2014-01-01 08:00:00'],
        [6, 'event six', null, null, null, null, null, null, '2014-01-02 08:00:00'],
        [7, 'meeting five', 'day', 'open', null, null, 71, null, '2014-02-01 08:00:00'],
        [8, 'meeting six', 'date', 'draft', 7, '2014-02-08 08:00:00', null, 72, '2014-02-08 09:00:00'],
      ])
      expect(await rowsOf(client, 'SELECT * FROM calendar_event_res_partner_rel ORDER BY 1')).toEqual([
        [7, 1],
        [8, 2],
      ])
      expect(await rowsOf(client, 'SELECT event_id, type_id FROM meeting_category_rel ORDER BY 1')).toEqual([
        [7, 3],
        [8, 4],
      ])
      expect(
        await rowsOf(client, 'SELECT id, event_id, email, state FROM calendar_attendee ORDER BY id'),
      ).toEqual([
        [1, 5, 'event', 'needsAction'],
        [2, 7, 'meeting', 'declined'],
      ])
      expect(await rowsOf(client, 'SELECT id, meeting_id FROM hr_holidays ORDER BY id')).toEqual([
        [1, 7],
        [2, null],
      ])
    }))

  test.each(named)('%s follows models that are one now', (table, model, id) =>
    withAll(async ({ client }) => {
      expect(
        await rowsOf(client, `SELECT ${model}, ${id} FROM ${table} WHERE id >= 9000 ORDER BY id`),
      ).toEqual([
        ['calendar.event', 8],
        ['calendar.event', 6],
        ['stock.picking', 6],
        ['res.partner', 6],
      ])
    }),
  )

  test('properties and filters follow', () =>
    withAll(async ({ client }) => {
      expect(await rowsOf(client, 'SELECT res_id, value_reference FROM ir_property ORDER BY id')).toEqual([
        ['calendar.event,8', 'calendar.event,6'],
        ['stock.picking,6', 'calendar.event,7'],
      ])
      expect(await rowsOf(client, 'SELECT name, model_id FROM ir_filters ORDER BY id')).toEqual([
        ['meetings', 'calendar.event'],
        ['calls', 'crm.phonecall'],
        ['in', 'stock.picking'],
      ])
    }))
})

test('pickings and procurements have no workflow, others keep theirs', () =>
  withAll(async ({ client }) => {
    for (const table of ['wkf', 'wkf_activity', 'wkf_instance', 'wkf_workitem'])
      expect(await valuesOf(client, `SELECT id FROM ${table}`)).toEqual([3])
  }))

test('groups of the portal are those of base', () =>
  withAll(async ({ client }) => {
    expect(
      await rowsOf(
        client,
        `SELECT module, name, res_id FROM ir_model_data WHERE model = 'res.groups' ORDER BY res_id`,
      ),
    ).toEqual([
      ['base', 'group_portal', 43],
      ['base', 'group_public', 44],
    ])
  }))

test('channels and resources of leads are media and campaigns under the same ids', () =>
  withAll(async ({ client, transform }) => {
    await transform('mail', 'base_calendar', 'crm')
    expect(
      await rowsOf(client, 'SELECT id, medium_id, campaign_id, priority FROM crm_lead ORDER BY id'),
    ).toEqual([
      [1, 2, 3, '4'],
      [2, null, null, '0'],
      [3, null, null, '2'],
      [4, null, null, null],
    ])
    expect(await rowsOf(client, 'SELECT id, name FROM crm_tracking_medium')).toEqual([[2, 'Phone']])
    expect(await rowsOf(client, 'SELECT id, name FROM crm_tracking_campaign')).toEqual([[3, 'Campaign']])
    expect(
      await rowsOf(client, `SELECT module, name FROM ir_model_data WHERE model = 'crm.tracking.medium'`),
    ).toEqual([['crm', 'crm_medium_phone']])
    expect(await rowsOf(client, 'SELECT use_leads, use_opportunities FROM crm_case_section')).toEqual([
      [true, true],
    ])
  }))

test('priorities go up instead of down', () =>
  withAll(async ({ client }) => {
    const priorities = (table: string) => valuesOf(client, `SELECT priority FROM ${table} ORDER BY id`)
    expect(await priorities('project_task')).toEqual(['2', '2', '1', '0', '0'])
    expect(await priorities('project_issue')).toEqual(['2', '2', '1', '0', '0'])
    expect(await priorities('crm_phonecall')).toEqual(['2', '2', '1', '0', '0'])
  }))

test('calls that were drafts are confirmed', () =>
  withAll(async ({ client }) => {
    expect(await valuesOf(client, 'SELECT state FROM crm_phonecall ORDER BY id')).toEqual([
      ...['open', 'open', 'pending', 'done', 'cancel'],
    ])
  }))

test('partners get mails about everything, or about nothing', () =>
  withAll(async ({ client }) => {
    expect(await valuesOf(client, 'SELECT notify_email FROM res_partner ORDER BY id')).toEqual([
      ...['always', 'always', 'always', 'none', null],
    ])
  }))

test('addresses and server of a mail belong to its message', () =>
  withAll(async ({ client, transform }) => {
    await transform('mail')
    expect(
      await rowsOf(
        client,
        'SELECT id, email_from, reply_to, mail_server_id FROM mail_message WHERE id < 9000 ORDER BY id',
      ),
    ).toEqual([
      [1, 'kept@example.com', 'r@example.com', 4],
      [2, 'f@example.com', null, null],
    ])
    expect(await valuesOf(client, 'SELECT email_to FROM mail_mail ORDER BY id')).toEqual(['x', 'y'])
  }))

test('a note is its writer’s', () =>
  withAll(async ({ client, transform }) => {
    await transform('note')
    expect(await rowsOf(client, 'SELECT id, user_id FROM note_note ORDER BY id')).toEqual([
      [1, 6],
      [2, null],
    ])
  }))

test('the channel of an issue is its name', () =>
  withAll(async ({ client, transform }) => {
    await transform('mail', 'project_issue')
    expect(await valuesOf(client, 'SELECT channel FROM project_issue ORDER BY id')).toEqual([
      ...['Phone', null, null, null, null],
    ])
  }))

test('messages and their kinds have what new ones have', () =>
  withAll(async ({ client, transform }) => {
    await transform('mail')
    expect(await valuesOf(client, 'SELECT DISTINCT no_auto_thread FROM mail_message')).toEqual([false])
    expect(await rowsOf(client, 'SELECT id, sequence, hidden FROM mail_message_subtype')).toEqual([
      [1, 1, false],
    ])
  }))
