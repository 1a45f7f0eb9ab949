import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowsOf, valuesOf } from '../../../../test/setup/small.ts'
import { halfHop } from '../../../../test/setup/source.ts'

const withSurveys = halfHop(['7.0', '8.0'], ['survey', 'hr_recruitment', 'hr_evaluation'])

const kinds = [
  ...['multiple_choice_only_one_ans', 'multiple_choice_multiple_ans', 'matrix_of_choices_only_one_ans'],
  ...['matrix_of_choices_only_multi_ans', 'matrix_of_drop_down_menus', 'rating_scale', 'single_textbox'],
  ...['multiple_textboxes', 'multiple_textboxes_diff_type', 'comment', 'numerical_textboxes', 'date'],
  ...['date_and_time', 'descriptive_text', 'table'],
]
const survey = `
  INSERT INTO survey_survey (id, title, state, note) VALUES (1, 'S', 'open', 'a < b');
  INSERT INTO survey_page (id, title, survey_id, description) VALUES (1, 'P', 1, 'x & y');`
const lines = `
  SELECT n.question_id, n.skipped, n.answer_type, n.value_text, n.value_number, n.value_date::text, n.value_free_text, l.value, r.value
    FROM survey_user_input_line n LEFT JOIN survey_label l ON l.id = n.value_suggested LEFT JOIN survey_label r ON r.id = n.value_suggested_row
   ORDER BY n.id`

describe('the transform of surveys', () => {
  test('runs on empty tables', () =>
    withSurveys(async ({ client, transform }) => {
      await transform('mail', 'survey', 'hr_recruitment', 'hr_evaluation')
      expect(await valuesOf(client, 'SELECT name FROM survey_stage ORDER BY sequence')).toEqual([
        'Draft',
        'In progress',
        'Closed',
        'Permanent',
      ])
      for (const table of ['survey_label', 'survey_user_input_line', 'survey_user_input'])
        expect(await valuesOf(client, `SELECT id FROM ${table}`), table).toEqual([])
    }))

  test('states become stages, and texts rich', () =>
    withSurveys(async ({ client, transform }) => {
      await client.query(`${survey} INSERT INTO survey_survey (id, title, state) VALUES (2, 'a', 'draft'), (3, 'b', 'close'), (4, 'c', 'cancel'), (5, 'd', NULL);
        INSERT INTO survey_question (id, question, type, page_id, description) VALUES (1, 'q', 'comment', 1, 'one' || chr(10) || 'two')`)
      await transform('survey')
      expect(
        await rowsOf(
          client,
          `SELECT s.id, g.name, s.description FROM survey_survey s JOIN survey_stage g ON g.id = s.stage_id ORDER BY s.id`,
        ),
      ).toEqual([
        [1, 'In progress', '<p>a &lt; b</p>'],
        [2, 'Draft', null],
        [3, 'Closed', null],
        [4, 'Closed', null],
        [5, 'Draft', null],
      ])
      expect(
        await valuesOf(
          client,
          'SELECT description FROM survey_page UNION ALL SELECT description FROM survey_question',
        ),
      ).toEqual(['<p>x &amp; y</p>', '<p>one<br/>two</p>'])
    }))

  test('choices, cells, boxes, comments and skipped questions are lines', () =>
    withSurveys(async ({ client, transform }) => {
      await client.query(`${survey}
        INSERT INTO survey_question (id, question, type, page_id, sequence, constr_mandatory, validation_required, validation_type, validation_minimum_no, validation_maximum_no) VALUES
          (1, 'one', 'multiple_choice_only_one_ans', 1, 1, true, false, NULL, NULL, NULL), (2, 'grid', 'matrix_of_choices_only_one_ans', 1, 2, false, false, NULL, NULL, NULL),
          (3, 'text', 'single_textbox', 1, 3, false, true, 'must_be_specific_length', 2, 9), (4, 'long', 'comment', 1, 4, NULL, NULL, NULL, NULL, NULL),
          (5, 'numbers', 'numerical_textboxes', 1, 5, true, true, 'must_be_whole_number', NULL, NULL), (6, 'mixed', 'multiple_textboxes_diff_type', 1, 6, false, NULL, NULL, NULL, NULL),
          (7, 'menus', 'matrix_of_drop_down_menus', 1, 7, false, NULL, NULL, NULL, NULL), (8, 'sheet', 'table', 1, 8, false, NULL, NULL, NULL, NULL),
          (9, 'skipped', 'single_textbox', 1, 9, false, true, 'must_be_email_address', NULL, NULL), (10, 'read me', 'descriptive_text', 1, 10, true, NULL, NULL, NULL, NULL);
        SELECT setval('survey_question_id_seq', 10);
        INSERT INTO survey_answer (id, question_id, answer, sequence, type, menu_choice) VALUES
          (1, 1, 'yes', 2, 'char', NULL), (2, 1, 'no', 1, 'char', NULL), (3, 2, 'row', 1, 'char', NULL), (4, 5, 'first', 1, 'char', NULL), (5, 5, 'second', 2, 'char', NULL),
          (6, 6, 'when', 1, 'date', NULL), (7, 6, 'which', 2, 'selection', E'a\\nb'), (8, 6, 'mail', 3, 'email', NULL), (9, 7, 'line', 1, 'char', NULL);
        INSERT INTO survey_question_column_heading (id, question_id, title) VALUES (1, 2, 'good'), (2, 2, 'bad'), (3, 7, 'menu'), (4, 8, 'h1'), (5, 8, 'h2');
        INSERT INTO survey_user_input (id, survey_id, date_create, state, type, token) VALUES (1, 1, '2014-01-01', 'done', 'link', 't');
        INSERT INTO survey_response_line (id, response_id, question_id, state, single_text, comment, date_create) VALUES
          (1, 1, 1, 'done', NULL, 'because', NULL), (2, 1, 2, 'done', NULL, NULL, '2014-01-02'), (3, 1, 3, 'done', 'short', NULL, NULL), (4, 1, 4, 'done', NULL, 'much', NULL),
          (5, 1, 5, 'done', NULL, NULL, NULL), (6, 1, 6, 'done', NULL, NULL, NULL), (7, 1, 7, 'done', NULL, NULL, NULL), (8, 1, 8, 'done', NULL, NULL, NULL), (9, 1, 9, 'skip', NULL, NULL, NULL);
        INSERT INTO survey_response_answer (id, response_id, answer_id, column_id, answer, value_choice, comment) VALUES
          (1, 1, 1, NULL, NULL, NULL, NULL), (2, 2, 3, 2, NULL, NULL, 'really'), (3, 5, 4, NULL, '1,5', NULL, NULL), (4, 5, 5, NULL, 'many', NULL, NULL),
          (5, 6, 6, NULL, '2014-02-28', NULL, NULL), (6, 6, 6, NULL, '2014-02-30', NULL, NULL), (7, 6, 7, NULL, 'b', NULL, NULL), (8, 6, 8, NULL, 'x@y', NULL, NULL), (9, 7, 9, 3, NULL, 'entry', NULL);
        INSERT INTO survey_tbl_column_heading (id, response_table_id, column_id, name, value) VALUES (1, 8, 4, 0, 'a'), (2, 8, 5, 0, 'b'), (3, 8, 4, 1, 'c')`)
      await transform('survey')
      expect(
        await rowsOf(
          client,
          'SELECT id, question, type, matrix_subtype, constr_mandatory, validation_required, validation_email FROM survey_question ORDER BY sequence, id',
        ),
      ).toEqual([
        [1, 'one', 'simple_choice', 'simple', true, false, false],
        [2, 'grid', 'matrix', 'simple', false, false, false],
        [3, 'text', 'textbox', 'simple', false, true, false],
        [4, 'long', 'free_text', 'simple', false, false, false],
        [5, 'numbers – first', 'numerical_box', 'simple', true, false, false],
        [11, 'numbers – second', 'numerical_box', 'simple', true, false, false],
        [6, 'mixed – when', 'datetime', 'simple', false, false, false],
        [12, 'mixed – which', 'simple_choice', 'simple', false, false, false],
        [13, 'mixed – mail', 'textbox', 'simple', false, false, true],
        [7, 'menus', 'matrix', 'multiple', false, false, false],
        [8, 'sheet', 'free_text', 'simple', false, false, false],
        [9, 'skipped', 'textbox', 'simple', false, false, true],
        [10, 'read me', 'free_text', 'simple', false, false, false],
      ])
      expect(
        await rowsOf(
          client,
          'SELECT question_id, question_id_2, value FROM survey_label ORDER BY coalesce(question_id, question_id_2), question_id_2 NULLS FIRST, sequence',
        ),
      ).toEqual([
        [1, null, 'no'],
        [1, null, 'yes'],
        [2, null, 'good'],
        [2, null, 'bad'],
        [null, 2, 'row'],
        [7, null, 'menu'],
        [null, 7, 'line'],
        [12, null, 'a'],
        [12, null, 'b'],
      ])
      expect(await rowsOf(client, lines)).toEqual([
        [1, false, 'text', 'because', null, null, null, null, null],
        [1, false, 'suggestion', null, null, null, null, 'yes', null],
        [2, false, 'suggestion', null, null, null, null, 'bad', 'row'],
        [2, false, 'text', 'row: really', null, null, null, null, null],
        [3, false, 'text', 'short', null, null, null, null, null],
        [4, false, 'free_text', null, null, null, 'much', null, null],
        [5, false, 'number', null, 1.5, null, null, null, null],
        [11, false, 'text', 'many', null, null, null, null, null],
        [6, false, 'date', null, null, '2014-02-28 00:00:00', null, null, null],
        [6, false, 'text', '2014-02-30', null, null, null, null, null],
        [12, false, 'suggestion', null, null, null, null, 'b', null],
        [13, false, 'text', 'x@y', null, null, null, null, null],
        [7, false, 'suggestion', null, null, null, null, 'menu', 'line'],
        [7, false, 'text', 'line / menu: entry', null, null, null, null, null],
        [8, false, 'free_text', null, null, null, 'h1: a; h2: b\nh1: c', null, null],
        [9, true, null, null, null, null, null, null, null],
      ])
    }))

  test('labels keep their translations, questions of several boxes get theirs', () =>
    withSurveys(async ({ client, transform }) => {
      await client.query(`${survey}
        INSERT INTO survey_question (id, question, type, page_id) VALUES (1, 'one', 'multiple_choice_only_one_ans', 1), (2, 'names', 'multiple_textboxes', 1); SELECT setval('survey_question_id_seq', 2);
        INSERT INTO survey_answer (id, question_id, answer, sequence) VALUES (7, 1, 'yes', 1), (8, 2, 'first', 1), (9, 2, 'last', 2);
        INSERT INTO ir_translation (name, res_id, lang, type, src, value) VALUES ('survey.answer,answer', 7, 'fr_FR', 'model', 'yes', 'oui'),
          ('survey.question,question', 2, 'fr_FR', 'model', 'names', 'noms'), ('survey.answer,answer', 9, 'fr_FR', 'model', 'last', 'dernier')`)
      await transform('survey')
      expect(
        await rowsOf(
          client,
          `SELECT t.name, l.value, t.src, t.value FROM ir_translation t LEFT JOIN survey_label l ON t.name = 'survey.label,value' AND l.id = t.res_id
            WHERE t.name NOT LIKE 'survey.answer%' ORDER BY t.name, t.res_id`,
        ),
      ).toEqual([
        ['survey.label,value', 'yes', 'yes', 'oui'],
        ['survey.question,question', null, 'names – first', 'noms – first'],
        ['survey.question,question', null, 'names – last', 'noms – dernier'],
      ])
    }))

  test('whatever was answered, every answer is a line of its question, and every response line is at least one', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            kind: fc.constantFrom(...kinds),
            answers: fc.array(
              fc.record({
                type: fc.constantFrom('char', 'date', 'integer', 'selection', null),
                answer: fc.constantFrom(null, '', '1', '2014-13-01', '2015-02-29 10:00', 'é'),
                choice: fc.constantFrom(null, 'm'),
                column: fc.boolean(),
              }),
              { maxLength: 3 },
            ),
            single: fc.constantFrom(null, '', 'single'),
            comment: fc.constantFrom(null, 'remark'),
          }),
          { maxLength: 8 },
        ),
        (questions) =>
          withSurveys(async ({ client, transform }) => {
            await client.query(
              `${survey} INSERT INTO survey_user_input (id, survey_id, date_create, state, type, token) VALUES (1, 1, '2014-01-01', 'done', 'link', 't')`,
            )
            for (const [i, { kind, answers, single, comment }] of questions.entries()) {
              await client.query(
                'INSERT INTO survey_question (id, question, type, page_id) VALUES ($1, $2, $3, 1)',
                [i + 1, `q${i}`, kind],
              )
              await client.query(
                'INSERT INTO survey_question_column_heading (id, question_id, title) VALUES ($1, $1, $2)',
                [i + 1, 'c'],
              )
              await client.query(
                'INSERT INTO survey_response_line (id, response_id, question_id, single_text, comment) VALUES ($1, 1, $1, $2, $3)',
                [i + 1, single, comment],
              )
              for (const [j, { type, answer, choice, column }] of answers.entries()) {
                const id = i * 10 + j + 1
                await client.query(
                  'INSERT INTO survey_answer (id, question_id, answer, type) VALUES ($1, $2, $3, $4)',
                  [id, i + 1, `a${j}`, type],
                )
                await client.query(
                  'INSERT INTO survey_response_answer (id, response_id, answer_id, column_id, answer, value_choice) VALUES ($1, $2, $1, $3, $4, $5)',
                  [id, i + 1, column ? i + 1 : null, answer, choice],
                )
              }
            }
            await client.query(
              `SELECT setval('survey_question_id_seq', coalesce(max(id), 0) + 1) FROM survey_question`,
            )
            await transform('survey')
            const [[remarks]] = (await rowsOf(
              client,
              `SELECT count(*)::int FROM survey_user_input_line WHERE value_text = 'remark' OR value_free_text = 'remark'`,
            )) as [[number]]
            expect(remarks).toBe(questions.filter(({ comment }) => comment).length)
            for (const [i, { answers, single }] of questions.entries()) {
              const found = (await rowsOf(
                client,
                `SELECT coalesce(n.value_text, n.value_number::text, n.value_date::date::text, l.value) FROM survey_user_input_line n
                   JOIN survey_question q ON q.id = n.question_id LEFT JOIN survey_label l ON l.id = n.value_suggested
                  WHERE q.question = 'q${i}' OR q.question LIKE 'q${i} –%'`,
              )) as [string | null][]
              expect(found.length).toBeGreaterThan(0)
              const texts = found.map(([text]) => text ?? '')
              if (single) expect(texts).toContain(single)
              for (const { answer } of answers)
                if (answer && !['multiple', 'matrix', 'rating'].includes(questions[i]!.kind.split('_')[0]!))
                  expect(texts.some((text) => text.includes(answer.split(' ')[0]!))).toBe(true)
            }
            expect(
              await valuesOf(
                client,
                'SELECT id FROM survey_user_input_line WHERE skipped <> (answer_type IS NULL)',
              ),
            ).toEqual([])
          }),
      ),
      { numRuns: 12 },
    ))

  test('requests are invitations that interviews name, applicants name their responses', () =>
    withSurveys(async ({ client, transform }) => {
      await client.query(`${survey}
        INSERT INTO res_users (id, partner_id) VALUES (5, 50);
        INSERT INTO survey_user_input (id, survey_id, date_create, state, type, token) VALUES (1, 1, '2014-01-01', 'done', 'link', 't'); SELECT setval('survey_user_input_id_seq', 1);
        INSERT INTO survey_request (id, survey_id, response, state, user_id, email, date_deadline) VALUES
          (1, 1, 1, 'done', 5, NULL, '2014-02-01'), (2, 1, NULL, 'waiting_answer', 5, 'a@b', '2014-03-01'), (3, 1, NULL, 'cancel', NULL, NULL, NULL);
        INSERT INTO uplift.moved (from_model, old_id, new_id) VALUES ('survey.response', 77, 1);
        INSERT INTO hr_applicant (id, response_id) VALUES (1, 77), (2, 78), (3, NULL);
        INSERT INTO hr_evaluation_plan_phase (id, plan_id, survey_id, sequence) VALUES (1, 1, 9, 1), (2, 1, 1, 2), (3, 2, 1, 1);
        INSERT INTO hr_evaluation_evaluation (id, plan_id) VALUES (1, 1);
        INSERT INTO hr_evaluation_interview (id, request_id, evaluation_id) VALUES (1, 1, 1), (2, 2, 1), (3, 3, 1)`)
      await transform('mail', 'survey', 'hr_recruitment', 'hr_evaluation')
      expect(
        await rowsOf(
          client,
          'SELECT id, state, deadline::date::text, partner_id, email FROM survey_user_input ORDER BY id',
        ),
      ).toEqual([
        [1, 'done', '2014-02-01', null, null],
        [2, 'new', '2014-03-01', 50, 'a@b'],
      ])
      expect(
        await rowsOf(
          client,
          'SELECT id, request_id, user_id, state, phase_id FROM hr_evaluation_interview ORDER BY id',
        ),
      ).toEqual([
        [1, 1, 5, 'done', 2],
        [2, 2, 5, 'waiting_answer', 2],
        [3, null, null, 'cancel', 2],
      ])
      expect(await rowsOf(client, 'SELECT id, response_id FROM hr_applicant ORDER BY id')).toEqual([
        [1, 1],
        [2, null],
        [3, null],
      ])
    }))
})
