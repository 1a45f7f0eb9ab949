import { expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withEvents = halfHop(['7.0', '8.0'], ['event_sale'])

const events = `
  INSERT INTO res_partner (id, name, tz, country_id) VALUES (1, 'here', 'Europe/Brussels', 20), (2, 'there', 'Nowhere', NULL), (3, 'speaker', NULL, NULL);
  INSERT INTO res_users (id, login, partner_id) VALUES (1, 'a', 1), (2, 'b', 2);
  INSERT INTO event_event (id, name, description, seats_max, type, user_id, create_uid, address_id, main_speaker_id) VALUES
    (1, 'Fair', E'a < b\\nc', 50, 7, 1, 2, 1, 3), (2, 'Talk', '', NULL, 8, 2, 1, NULL, NULL), (3, 'Walk', NULL, 0, NULL, NULL, NULL, NULL, NULL);
  INSERT INTO event_registration (id, event_id, state, nb_register) VALUES
    (1, 1, 'open', 20), (2, 1, 'done', 5), (3, 1, 'draft', 7), (4, 1, 'cancel', 90), (5, 2, 'open', NULL), (6, 2, 'draft', 4);`

test('seats, time zone, country and description of events', () =>
  withEvents(async ({ client, transform }) => {
    await client.query(events)
    await transform('event')
    expect(
      await rowsOf(
        client,
        'SELECT id, seats_reserved, seats_used, seats_unconfirmed, seats_available, date_tz, country_id, description FROM event_event ORDER BY id',
      ),
    ).toEqual([
      [1, 20, 5, 7, 25, 'Europe/Brussels', 20, '<p>a &lt; b<br/>c</p>'],
      [2, 0, 0, 4, 0, 'Europe/Brussels', null, ''],
      [3, 0, 0, 0, 0, 'UTC', null, null],
    ])
    expect(
      await rowsOf(
        client,
        "SELECT subject, detail ->> 'speaker' FROM uplift.note WHERE outcome LIKE '%speaker%'",
      ),
    ).toEqual([['Fair', 'speaker']])
  }))

test('an event has one ticket, with its limit, for the product it was sold with, else one for its type', () =>
  withEvents(async ({ client, transform }) => {
    await client.query(`${events}
      INSERT INTO product_template (id, name, list_price) VALUES (1, 'Seat', 30), (2, 'Talk seat', NULL), (3, 'Stool', 5);
      INSERT INTO product_product (id, product_tmpl_id, active, event_ok, event_type_id) VALUES (10, 1, true, true, 7), (20, 2, true, true, 8), (30, 3, true, false, NULL);
      INSERT INTO sale_order_line (id, order_id, name, product_id, event_id) VALUES (1, 1, 'x', 30, 1), (2, 1, 'y', 30, 1), (3, 1, 'z', 10, 1), (4, 1, 'no event', 10, NULL);`)
    await transform('event', 'event_sale')
    expect(
      await rowsOf(
        client,
        'SELECT event_id, product_id, name, price::float8, seats_max FROM event_event_ticket ORDER BY id',
      ),
    ).toEqual([
      [1, 30, 'Stool', 5, 50],
      [2, 20, 'Talk seat', 0, 0],
      [3, null, 'Registration', 0, 0],
    ])
    expect(
      await rowsOf(
        client,
        `SELECT (SELECT count(*)::integer FROM event_registration r JOIN event_event_ticket t ON t.id = r.event_ticket_id AND t.event_id = r.event_id),
                (SELECT count(*)::integer FROM sale_order_line l JOIN event_event_ticket t ON t.id = l.event_ticket_id AND t.event_id = l.event_id),
                (SELECT array_agg(seats_max ORDER BY id) FROM event_event)`,
      ),
    ).toEqual([[6, 3, [50, 0, 0]]])
  }))

test('an event without a product for registrations has a free ticket, and it is noted', () =>
  withEvents(async ({ client, transform }) => {
    await client.query(`${events}
      INSERT INTO product_template (id, name) VALUES (1, 'Stool');
      INSERT INTO product_product (id, product_tmpl_id, active) VALUES (10, 1, true)`)
    await transform('event', 'event_sale')
    expect(
      await rowsOf(
        client,
        'SELECT event_id, product_id, name, price::float8, seats_max FROM event_event_ticket ORDER BY id',
      ),
    ).toEqual([
      [1, null, 'Registration', 0, 50],
      [2, null, 'Registration', 0, 0],
      [3, null, 'Registration', 0, 0],
    ])
    expect(
      await rowsOf(client, "SELECT detail -> 'events' FROM uplift.note WHERE subject = 'event.event.ticket'"),
    ).toEqual([[[1, 2, 3]]])
  }))

test('where there is no product at all events have no ticket, their limit stays, and it is noted', () =>
  withEvents(async ({ client, transform }) => {
    await client.query(events)
    await transform('event', 'event_sale')
    expect(await rowsOf(client, 'SELECT id FROM event_event_ticket')).toEqual([])
    expect(await rowsOf(client, 'SELECT id, seats_max FROM event_event ORDER BY id')).toEqual([
      [1, 50],
      [2, 0],
      [3, 0],
    ])
    expect(await rowsOf(client, 'SELECT DISTINCT event_ticket_id FROM event_registration')).toEqual([[null]])
    expect(
      await rowsOf(
        client,
        "SELECT outcome, detail -> 'events' FROM uplift.note WHERE subject = 'event.event.ticket'",
      ),
    ).toEqual([['there is no product: these events have no ticket', [1, 2, 3]]])
  }))
