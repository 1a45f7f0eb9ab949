import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withCalendar = halfHop(['7.0', '8.0'], ['base_calendar'])

const people = `
  INSERT INTO res_partner (id, name, tz) VALUES (1, 'In Paris', 'Europe/Paris'), (2, 'Nowhere', NULL);
  INSERT INTO res_users (id, login, partner_id) VALUES (10, 'a', 1), (20, 'b', 2);`
const moments = `SELECT id, start::text, stop::text, start_date::text, stop_date::text, start_datetime::text, stop_datetime::text, display_start, final_date::text FROM calendar_event ORDER BY id`

describe('events', () => {
  test('start and stop by the hour, or by the day where their owner is', () =>
    withCalendar(async ({ client, transform }) => {
      await client.query(`${people}
        INSERT INTO calendar_event (id, name, user_id, start_datetime, duration, date_deadline, allday, end_date) VALUES
          (1, 'timed', 10, '2014-01-10 09:00', 1.5, '2015-01-01', false, '2014-06-01'), (2, 'all day', 10, '2014-01-09 23:00', 24, NULL, true, NULL),
          (3, 'two days', 20, '2014-01-10 00:00', 48, NULL, true, NULL), (4, NULL, NULL, '2014-01-10 09:00', NULL, '2014-01-10 11:00', NULL, NULL),
          (5, 'short', 20, '2014-01-10 14:00', 2, NULL, true, NULL)`)
      await transform('base_calendar')
      expect(await rowsOf(client, moments)).toEqual([
        [
          ...[1, '2014-01-10 09:00:00', '2014-01-10 10:30:00', null, null],
          ...['2014-01-10 09:00:00', '2014-01-10 10:30:00', '2014-01-10 09:00:00', '2014-06-01'],
        ],
        [
          2,
          '2014-01-10 00:00:00',
          '2014-01-10 00:00:00',
          '2014-01-10',
          '2014-01-10',
          null,
          null,
          '2014-01-10',
          null,
        ],
        [
          3,
          '2014-01-10 00:00:00',
          '2014-01-11 00:00:00',
          '2014-01-10',
          '2014-01-11',
          null,
          null,
          '2014-01-10',
          null,
        ],
        [
          ...[4, '2014-01-10 09:00:00', '2014-01-10 11:00:00', null, null],
          ...['2014-01-10 09:00:00', '2014-01-10 11:00:00', '2014-01-10 09:00:00', null],
        ],
        [
          5,
          '2014-01-10 00:00:00',
          '2014-01-10 00:00:00',
          '2014-01-10',
          '2014-01-10',
          null,
          null,
          '2014-01-10',
          null,
        ],
      ])
    }))

  test('moments that were left out are cancelled events, unless an event stands for them', () =>
    withCalendar(async ({ client, transform }) => {
      await client.query(`${people}
        INSERT INTO calendar_event (id, name, user_id, start_datetime, duration, allday, recurrency, exdate, recurrent_id, recurrent_id_date, active, exrule) VALUES
          (1, 'weekly', 10, '2014-01-06 09:00', 2, false, true, '20140113T090000Z,2014-01-20 09:00:00,20140120T090000,20140230T090000Z,rubbish,20140127T090000Z,20140203T100000Z', NULL, NULL, true, NULL),
          (2, 'moved', 10, '2014-01-28 09:00', 2, false, false, NULL, 1, '2014-01-27 09:00', true, NULL), (3, 'undated', 10, '2014-02-03 10:00', 1, false, false, NULL, 1, NULL, true, NULL),
          (4, 'all day', 10, '2014-03-02 23:00', 24, true, true, '20140309T230000Z,20140317', NULL, NULL, true, 'FREQ=DAILY');
        SELECT setval('calendar_event_id_seq', 4)`)
      await transform('base_calendar')
      expect(
        await rowsOf(
          client,
          `SELECT recurrent_id, recurrent_id_date::text, start::text, stop::text, start_date::text, stop_date::text, active, recurrency, name, user_id
             FROM calendar_event WHERE id > 4 ORDER BY id`,
        ),
      ).toEqual([
        [
          1,
          '2014-01-13 09:00:00',
          '2014-01-13 09:00:00',
          '2014-01-13 11:00:00',
          null,
          null,
          false,
          false,
          'weekly',
          10,
        ],
        [
          1,
          '2014-01-20 09:00:00',
          '2014-01-20 09:00:00',
          '2014-01-20 11:00:00',
          null,
          null,
          false,
          false,
          'weekly',
          10,
        ],
        [
          4,
          '2014-03-10 00:00:00',
          '2014-03-10 00:00:00',
          '2014-03-10 00:00:00',
          '2014-03-10',
          '2014-03-10',
          false,
          false,
          'all day',
          10,
        ],
        [
          4,
          '2014-03-17 00:00:00',
          '2014-03-17 00:00:00',
          '2014-03-17 00:00:00',
          '2014-03-17',
          '2014-03-17',
          false,
          false,
          'all day',
          10,
        ],
      ])
      expect(
        await valuesOf(client, 'SELECT recurrent_id_date::text FROM calendar_event WHERE id = 3'),
      ).toEqual(['2014-02-03 10:00:00'])
      expect(
        await rowsOf(
          client,
          `SELECT subject, detail ->> 'rows' FROM uplift.note WHERE topic = 'event' ORDER BY 1`,
        ),
      ).toEqual([
        ['all day', null],
        ['calendar.event', '4'],
      ])
    }))
})

test('of any list of times those that are times are left out once each', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.record({
            time: fc.date({
              min: new Date('1990-01-01T00:00:00Z'),
              max: new Date('2099-12-31T00:00:00Z'),
              noInvalidDate: true,
            }),
            form: fc.constantFrom('T', 'TZ', ' ', '-'),
          }),
          fc.string({ maxLength: 6 }),
          fc.constantFrom('20140230T000000', '20141301T000000', '20140101T250000', '99999999', '2014', ''),
        ),
        { maxLength: 12 },
      ),
      (said) =>
        withCalendar(async ({ client, transform }) => {
          const expected = new Set<string>()
          const list = said.map((entry) => {
            if (typeof entry === 'string') return entry.replaceAll(/[,\0]/g, '')
            const text = entry.time.toISOString().slice(0, 19)
            expected.add(text.replace('T', ' '))
            const packed = text.replaceAll(/[-:]/g, '')
            return { T: packed, TZ: `${packed}Z`, ' ': packed.replace('T', ' '), '-': text }[entry.form]
          })
          await client.query(
            `INSERT INTO calendar_event (id, name, start_datetime, duration, recurrency, exdate) VALUES (1, 'a', '2014-01-01 09:00', 1, true, $1)`,
            [list.join(',')],
          )
          await client.query(`SELECT setval('calendar_event_id_seq', 1)`)
          await transform('base_calendar')
          expect(
            await valuesOf(
              client,
              'SELECT recurrent_id_date::text FROM calendar_event WHERE recurrent_id = 1 AND NOT active ORDER BY id',
            ),
          ).toEqual([...expected].sort())
        }),
    ),
    { numRuns: 25 },
  ))

test('cancelled events have the partners and tags of their recurrence', () =>
  withCalendar(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO calendar_event (id, name, start_datetime, duration, recurrency, exdate) VALUES (1, 'a', '2014-01-01', 1, true, '20140108T000000');
      SELECT setval('calendar_event_id_seq', 1);
      INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id) VALUES (1, 7), (1, 8);
      INSERT INTO meeting_category_rel (event_id, type_id) VALUES (1, 3)`)
    await transform('base_calendar')
    expect(await rowsOf(client, 'SELECT * FROM calendar_event_res_partner_rel ORDER BY 1, 2')).toEqual([
      [1, 7],
      [1, 8],
      [2, 7],
      [2, 8],
    ])
    expect(await rowsOf(client, 'SELECT event_id, type_id FROM meeting_category_rel ORDER BY 1')).toEqual([
      [1, 3],
      [2, 3],
    ])
  }))

test('an attendee belongs to one event and has a link of its own', () =>
  withCalendar(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO calendar_event (id, name, start_datetime, duration) VALUES (1, 'a', '2014-01-01', 1), (2, 'b', '2014-01-01', 1);
      INSERT INTO calendar_attendee (id, email, state) VALUES (1, 'x@y', 'accepted'), (2, 'z@y', 'needsAction'); SELECT setval('calendar_attendee_id_seq', 2);
      INSERT INTO event_attendee_rel (event_id, attendee_id) VALUES (1, 1), (2, 1), (2, 2)`)
    await transform('base_calendar')
    expect(
      await rowsOf(client, 'SELECT id, event_id, email, state FROM calendar_attendee ORDER BY id'),
    ).toEqual([
      [1, 1, 'x@y', 'accepted'],
      [2, 2, 'z@y', 'needsAction'],
      [3, 2, 'x@y', 'accepted'],
    ])
    expect(await valuesOf(client, 'SELECT count(DISTINCT access_token)::int FROM calendar_attendee')).toEqual(
      [3],
    )
  }))

test('alarms are shared definitions', () =>
  withCalendar(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO res_alarm (id, name, trigger_duration, trigger_interval, trigger_occurs) VALUES (1, 'Quarter', 15, 'minutes', 'before'), (2, 'After', 2, 'hours', 'after'), (3, 'Module''s', 1, 'days', 'before');
      INSERT INTO ir_model_data (module, name, model, res_id) VALUES ('calendar', 'alarm3', 'res.alarm', 3);
      INSERT INTO calendar_alarm (id, name, action, trigger_duration, trigger_interval) VALUES (1, '', 'email', 3, 'hours'); SELECT setval('calendar_alarm_id_seq', 1);
      INSERT INTO calendar_event (id, name, start_datetime, duration, alarm_id, base_calendar_alarm_id) VALUES (1, 'a', '2014-01-01', 1, 2, NULL), (2, 'b', '2014-01-01', 1, 1, 1)`)
    await transform('base_calendar')
    expect(
      await rowsOf(
        client,
        'SELECT id, name, type, duration, interval, duration_minutes FROM calendar_alarm ORDER BY id',
      ),
    ).toEqual([
      [1, '3 hours', 'email', 3, 'hours', 180],
      [2, 'Quarter', 'notification', 15, 'minutes', 15],
      [3, 'After', 'notification', 2, 'hours', 120],
    ])
    expect(await rowsOf(client, 'SELECT * FROM calendar_alarm_calendar_event_rel ORDER BY 1')).toEqual([
      [1, 3],
      [2, 1],
    ])
  }))

test('reminders are sent by the method that sends them now', () =>
  withCalendar(async ({ client, transform }) => {
    await client.query(`INSERT INTO ir_cron (id, name, model, function, args) VALUES
      (1, 'Reminders', 'calendar.alarm', 'do_run_scheduler', '(False,)'), (2, 'mine', 'calendar.alarm', 'search', '([],)')`)
    await transform('base_calendar')
    expect(await rowsOf(client, 'SELECT model, function, args FROM ir_cron ORDER BY id')).toEqual([
      ['calendar.alarm_manager', 'get_next_mail', '()'],
      ['calendar.alarm', 'search', '([],)'],
    ])
  }))
