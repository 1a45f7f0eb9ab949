import { describe, expect, test } from 'vitest'
import { allXmlids, smallHop } from '../../../test/setup/hop.ts'
import { xmlids } from '../../../test/setup/registry.ts'
import { rowsOf, valuesOf } from '../../../test/setup/small.ts'
import type { RowMove } from '../../packs/pack.ts'

const hopped = smallHop()

describe('rows that another model takes', () => {
  const move: RowMove = {
    ...{ fromModel: 'note.note', fromTable: 'note_note', toModel: 'project.task', toTable: 'project_task' },
    columns: { description: 'memo' },
    expressions: { state: `upper('done')` },
    relations: [
      {
        from: 'note_tag_rel',
        fromColumns: ['note_id', 'tag_id'],
        to: 'task_tag_rel',
        toColumns: ['task_id', 'tag_id'],
      },
    ],
  }
  const source = `
    CREATE TABLE project_task (id serial, name varchar NOT NULL, description text, state varchar NOT NULL, parent_id integer);
    INSERT INTO project_task (name, state, parent_id) VALUES ('task 1', 'open', NULL), ('task 2', 'open', 1);
    CREATE TABLE note_note (id serial, name varchar, memo text, parent_id integer, x_own varchar);
    INSERT INTO note_note (name, memo, parent_id, x_own) VALUES ('note 1', 'first', NULL, 'own'), (NULL, 'second', 1, NULL);
    CREATE TABLE note_tag_rel (note_id integer, tag_id integer); INSERT INTO note_tag_rel VALUES (1, 5), (2, 5);
    CREATE TABLE reader (id serial, note_id integer); INSERT INTO reader (note_id) VALUES (2), (1);
    CREATE TABLE ir_attachment (id serial, res_model varchar, res_id integer);
    INSERT INTO ir_attachment (res_model, res_id) VALUES ('note.note', 2), ('project.task', 2);
    CREATE TABLE ir_ui_menu (id serial, action varchar); INSERT INTO ir_ui_menu (action) VALUES ('note.note,1');
    INSERT INTO uplift.relation VALUES ('reader', 'note_id', 'note_note'), ('note_note', 'parent_id', 'note_note'),
      ('project_task', 'parent_id', 'project_task'), ('note_tag_rel', 'note_id', 'note_note');
    ${xmlids({ 'note.first': ['note.note', 1] })}`

  test('come under new ids, and everything that led to them follows', () =>
    hopped(
      source,
      { moves: [move], models: { renamed: { 'note.note': 'project.task' }, merged: {} } },
      async (client) => {
        expect(
          await rowsOf(
            client,
            'SELECT id, name, description, state, parent_id, x_own FROM project_task ORDER BY id',
          ),
        ).toEqual([
          [1, 'task 1', null, 'open', null, null],
          [2, 'task 2', null, 'open', 1, null],
          [3, 'note 1', 'first', 'DONE', null, 'own'],
          [4, null, 'second', 'DONE', 3, null],
        ])
        expect(await valuesOf(client, 'SELECT note_id FROM reader ORDER BY id')).toEqual([4, 3])
        expect(await rowsOf(client, 'SELECT task_id, tag_id FROM task_tag_rel ORDER BY 1')).toEqual([
          [3, 5],
          [4, 5],
        ])
        expect(await rowsOf(client, 'SELECT res_model, res_id FROM ir_attachment ORDER BY id')).toEqual([
          ['project.task', 4],
          ['project.task', 2],
        ])
        expect(await valuesOf(client, 'SELECT action FROM ir_ui_menu')).toEqual(['project.task,3'])
        expect(await rowsOf(client, allXmlids)).toEqual([['note.first', 'project.task', 3]])
        expect(await valuesOf(client, 'SELECT memo FROM legacy.note_note ORDER BY id')).toEqual([
          'first',
          'second',
        ])
        expect(await rowsOf(client, 'SELECT tbl, target FROM uplift.relation ORDER BY tbl')).toEqual([
          ['note_note', 'project_task'],
          ['note_tag_rel', 'project_task'],
          ['project_task', 'project_task'],
          ['reader', 'project_task'],
        ])
      },
    ))

  test('a row that stands for one of them keeps what it has itself', () =>
    hopped(
      source.replace(`('task 2', 'open', 1)`, `('note 1', 'open', 1)`),
      { moves: [{ ...move, match: 't.name = s.name' }] },
      async (client) => {
        expect(await rowsOf(client, 'SELECT id, name, parent_id FROM project_task ORDER BY id')).toEqual([
          [1, 'task 1', null],
          [2, 'note 1', 1],
          [3, null, 2],
        ])
        expect(await valuesOf(client, 'SELECT note_id FROM reader ORDER BY id')).toEqual([3, 2])
      },
    ))

  test('the taking table is made where its module comes with the hop', () =>
    hopped(
      source.replaceAll(/(CREATE TABLE|INSERT INTO) project_task [^;]*;/g, ''),
      { moves: [{ ...move, create: { name: 'varchar', description: 'text' } }] },
      async (client) =>
        expect(await rowsOf(client, 'SELECT id, name, description FROM project_task ORDER BY id')).toEqual([
          [1, 'note 1', 'first'],
          [2, null, 'second'],
        ]),
    ))
})
