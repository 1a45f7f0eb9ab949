import { expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withPeople = halfHop(['7.0', '8.0'], ['hr_attendance', 'hr_expense'])

test('a position has the employees who have not left, and those it wants besides', () =>
  withPeople(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO resource_resource (id, name, active) VALUES (1, 'a', true), (2, 'b', true), (3, 'c', false);
      INSERT INTO hr_job (id, name, no_of_recruitment, no_of_employee) VALUES (1, 'x', 3, 7), (2, 'y', NULL, NULL), (3, 'z', 0, 1.0);
      INSERT INTO hr_employee (id, resource_id, job_id) VALUES (1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 3, 3), (5, 1, NULL);`)
    await transform('hr')
    expect(
      await rowsOf(
        client,
        'SELECT id, no_of_employee, no_of_recruitment, expected_employees FROM hr_job ORDER BY id',
      ),
    ).toEqual([
      [1, 2, 3, 5],
      [2, 0, null, 0],
      [3, 0, 0, 0],
    ])
  }))

test('a sign-out has the minutes since the last sign-in before it', () =>
  withPeople(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO hr_attendance (id, employee_id, name, action) VALUES
        (1, 1, '2014-01-01 08:00', 'sign_in'), (2, 1, '2014-01-01 12:20:59', 'sign_out'), (3, 2, '2014-01-01 13:00', 'sign_out'),
        (4, 1, '2014-01-02 08:00', 'sign_in'), (5, 1, '2014-01-03 09:30', 'sign_out'), (6, 1, '2014-01-04 09:30', 'action');`)
    await transform('hr_attendance')
    expect(
      await rowsOf(client, 'SELECT id, round(worked_hours, 4)::float8 FROM hr_attendance ORDER BY id'),
    ).toEqual([
      [1, 0],
      [2, 4.3333],
      [3, 0],
      [4, 0],
      [5, 1.5],
      [6, null],
    ])
  }))

test('an expense has the amount of its lines', () =>
  withPeople(async ({ client, transform }) => {
    await client.query(`
      INSERT INTO hr_expense_expense (id, name) VALUES (1, 'trip'), (2, 'nothing'), (3, 'empty line');
      INSERT INTO hr_expense_line (id, expense_id, unit_amount, unit_quantity) VALUES (1, 1, 10.5, 2), (2, 1, 3, 1), (3, 3, NULL, 1);`)
    await transform('hr_expense')
    expect(await rowsOf(client, 'SELECT id, amount::float8 FROM hr_expense_expense ORDER BY id')).toEqual([
      [1, 24],
      [2, 0],
      [3, 0],
    ])
  }))
