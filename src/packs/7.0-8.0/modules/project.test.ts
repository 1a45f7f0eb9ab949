import { expect, test } from 'vitest'
import { rowsOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withProject = halfHop(['7.0', '8.0'], ['mail', 'project'])

const work = `
  INSERT INTO project_task_type (id, name, state, fold) VALUES (1, 'Open', 'open', false), (2, 'Done', 'done', false);
  INSERT INTO account_analytic_account (id, name, parent_id) VALUES (1, 'top', NULL), (2, 'part', 1), (3, 'piece', 2), (4, 'alone', 99);
  INSERT INTO project_project (id, analytic_account_id, planned_hours, progress_rate) VALUES (10, 1, 7, 7), (20, 2, 7, 7), (30, 3, 7, 7), (40, 4, 7, 7);
  INSERT INTO project_task (id, name, project_id, stage_id, planned_hours, total_hours, effective_hours, progress) VALUES
    (1, 'a', 10, 1, 10, 8, 2, 0), (2, 'b', 20, 1, 5, 4, 1, 0), (3, 'c', 30, 1, 3, 3, 3, 100), (4, 'd', 30, 2, 50, 50, 50, 0), (5, 'e', 40, NULL, 9, 9, 0, 0), (6, 'f', NULL, 1, NULL, NULL, NULL, NULL);`

test('hours of a project are those of its tasks in open stages and of the projects below it', () =>
  withProject(async ({ client, transform }) => {
    await client.query(work)
    await transform('mail', 'project')
    expect(
      await rowsOf(
        client,
        'SELECT id, planned_hours::float8, total_hours::float8, effective_hours::float8, progress_rate::float8 FROM project_project ORDER BY id',
      ),
    ).toEqual([
      [10, 18, 15, 6, 40],
      [20, 8, 7, 4, 57.14],
      [30, 3, 3, 3, 100],
      [40, 0, 0, 0, 0],
    ])
  }))

test('a task in a closed stage is through, an open one never quite', () =>
  withProject(async ({ client, transform }) => {
    await client.query(work)
    await transform('mail', 'project')
    expect(await rowsOf(client, 'SELECT id, progress::float8 FROM project_task ORDER BY id')).toEqual([
      [1, 25],
      [2, 25],
      [3, 99.99],
      [4, 100],
      [5, 0],
      [6, 0],
    ])
  }))
