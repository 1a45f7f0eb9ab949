import { describe, expect, it } from 'vitest'
import type { PackFacts } from '../../packs/pack.ts'
import { Renames } from '../renames.ts'
import { beforeAndAfter } from './before-after.ts'
import { compareFigures, compareRecords } from './compare.ts'
import { addDecimals, type Invariant, sameDecimal } from './figure.ts'
import type { RecordCount } from './records.ts'

const facts: PackFacts = {
  from: '7.0',
  to: '8.0',
  modules: { renamed: {}, merged: {}, removed: [] },
  models: { renamed: { survey: 'survey.survey' }, merged: { 'crm.meeting': 'calendar.event' } },
  tables: { survey: 'survey_survey' },
  columns: [],
  fields: [],
  xmlids: { renamed: {} },
  values: [
    { table: 'procurement_order', column: 'state', values: { draft: 'confirmed', waiting: 'confirmed' } },
  ],
  moves: [
    {
      fromModel: 'crm.meeting',
      fromTable: 'crm_meeting',
      toModel: 'calendar.event',
      toTable: 'calendar_event',
      columns: {},
    },
  ],
}
const renames = new Renames([facts])

function count(model: string, rows: number, more: Partial<RecordCount> = {}): RecordCount {
  return { models: [model], rows, maxId: rows, old: rows, own: null, ...more }
}

describe('records', () => {
  const compare = (before: Record<string, RecordCount>, after: Record<string, RecordCount>) => {
    const { violations, apart } = compareRecords(before, after, renames).check
    return {
      violations: violations.first.map(({ problem }) => problem),
      apart: apart.first.map(({ problem }) => problem),
    }
  }

  it('follow a renamed table', () => {
    expect(compare({ survey: count('survey', 4) }, { survey_survey: count('survey.survey', 4) })).toEqual({
      violations: [],
      apart: [],
    })
  })

  it('that were lost are found even when as many new ones came', () => {
    expect(
      compare({ res_partner: count('res.partner', 9) }, { res_partner: count('res.partner', 9, { old: 8 }) })
        .violations,
    ).toEqual(['1 of 9 records are gone'])
  })

  it('that moved into another table have to arrive there beside its own', () => {
    const before = { crm_meeting: count('crm.meeting', 5), calendar_event: count('calendar.event', 2) }
    expect(compare(before, { calendar_event: count('calendar.event', 7, { old: 2 }) })).toEqual({
      violations: [],
      apart: [],
    })
    expect(compare(before, { calendar_event: count('calendar.event', 6, { old: 2 }) }).violations).toEqual([
      '1 of 5 records did not arrive',
    ])
  })

  it('of a model that the target lacks are listed as not proven', () => {
    expect(compare({ res_request: count('res.request', 3) }, {})).toEqual({
      violations: [],
      apart: [expect.stringMatching(/not proven.*3 records/)],
    })
  })

  it('are told by table: how many there were, how many there are, and why', () => {
    const before = {
      res_partner: count('res.partner', 9),
      survey: count('survey', 4),
      res_request: count('res.request', 3),
    }
    const after = {
      res_partner: count('res.partner', 9, { old: 8 }),
      survey_survey: count('survey.survey', 4),
    }
    const { findings } = compareRecords(before, after, renames)
    expect(beforeAndAfter(before, after, renames, findings)).toEqual([
      { model: 'res.partner', before: 9, after: 9, finding: '1 of 9 records are gone', lost: true },
      {
        ...{ model: 'res.request', before: 3, after: 0, lost: false },
        finding: 'not proven: the target has no such model for 3 records',
      },
      { model: 'survey.survey', before: 4, after: 4, finding: null, lost: false },
    ])
  })

  it('of module data count as far as people made them', () => {
    const before = { ir_ui_view: count('ir.ui.view', 900, { own: 4 }) }
    expect(
      compare(before, { ir_ui_view: count('ir.ui.view', 1200, { old: 500, own: 4 }) }).violations,
    ).toEqual([])
    expect(
      compare(before, { ir_ui_view: count('ir.ui.view', 1200, { old: 500, own: 3 }) }).violations,
    ).toEqual(['1 of 4 records that people made are gone'])
  })
})

describe('figures', () => {
  const states: Pick<Invariant, 'id' | 'title' | 'dimensions' | 'values'> = {
    id: 'documents',
    title: 'Documents',
    dimensions: [
      { name: 'table', kind: 'table' },
      { name: 'state', kind: 'state', of: 0 },
    ],
    values: ['documents', 'amount'],
  }
  const compare = (
    before: [string, string, string, string][],
    after: [string, string, string, string][],
    scopes = ['procurement_order'],
  ) => {
    const figures = (rows: typeof before) =>
      rows.map(([table, state, ...value]) => ({ key: [table, state], value }))
    const check = compareFigures(
      states,
      { scopes: ['procurement_order'], figures: figures(before) },
      { scopes, figures: figures(after) },
      renames,
    )
    return [...check.violations.first, ...check.apart.first].map(
      ({ subject, problem }) => `${subject}: ${problem}`,
    )
  }

  it('whose states became one are added up', () => {
    expect(
      compare(
        [
          ['procurement_order', 'draft', '1', '0.10'],
          ['procurement_order', 'waiting', '2', '0.2'],
        ],
        [['procurement_order', 'confirmed', '3', '0.3']],
      ),
    ).toEqual([])
  })

  it('between which the pack chooses by other columns are added up, and no other', () => {
    const chosen = new Renames([
      {
        ...facts,
        values: [
          {
            table: 'procurement_order',
            column: 'state',
            values: { ready: 'running' },
            together: ['running', 'done'],
          },
        ],
      },
      {
        ...facts,
        models: { renamed: {}, merged: {} },
        tables: { procurement_order: 'procurement' },
        values: [{ table: 'procurement', column: 'state', values: { done: 'closed' } }],
      },
    ])
    const held = (running: string, closed: string, cancel: string) =>
      compareFigures(
        states,
        {
          scopes: ['procurement_order'],
          figures: [
            { key: ['procurement_order', 'ready'], value: ['3', '0'] },
            { key: ['procurement_order', 'cancel'], value: ['1', '0'] },
          ],
        },
        {
          scopes: ['procurement'],
          figures: [
            { key: ['procurement', 'running'], value: [running, '0'] },
            { key: ['procurement', 'closed'], value: [closed, '0'] },
            { key: ['procurement', 'cancel'], value: [cancel, '0'] },
          ],
        },
        chosen,
      ).violations.first.map(({ subject, problem }) => `${subject}: ${problem}`)
    expect(held('1', '2', '1')).toEqual([])
    expect(held('1', '1', '2')).toEqual([
      'table procurement | state running or closed: documents 3 before, 2 after',
      'table procurement | state cancel: documents 1 before, 2 after',
    ])
  })

  it('that differ, that are gone and that are new are told', () => {
    expect(
      compare(
        [['procurement_order', 'done', '2', '5']],
        [
          ['procurement_order', 'done', '2', '5.01'],
          ['procurement_order', 'cancel', '1', '0'],
        ],
      ),
    ).toEqual([
      'table procurement_order | state done: amount 5 before, 5.01 after',
      'table procurement_order | state cancel: documents 0 before, 1 after',
    ])
    expect(compare([['procurement_order', 'done', '2', '5']], [])).toEqual([
      'table procurement_order | state done: documents 2 before, 0 after; amount 5 before, 0 after',
    ])
  })

  it('that may grow are only missed when they shrink', () => {
    const check = (before: string, after: string) =>
      compareFigures(
        { ...states, mayGrow: true },
        { scopes: ['t'], figures: [{ key: ['t', 'a'], value: ['1', before] }] },
        { scopes: ['t'], figures: [{ key: ['t', 'a'], value: ['1', after] }] },
        renames,
      )
    expect(check('2', '3')).toMatchObject({ ok: true, apart: { total: 1 } })
    expect(check('3', '2.99')).toMatchObject({
      ...{ ok: false, violations: { total: 1 } },
      sums: [
        { name: 'documents', before: '1', after: '1' },
        { name: 'amount', before: '3', after: '2.99' },
      ],
    })
  })

  it('that only the source has are not proven', () => {
    expect(compare([['procurement_order', 'done', '2', '5']], [], [])).toEqual([
      expect.stringMatching(/not proven.*documents 2, amount 5/),
    ])
  })
})

it('adds and compares decimals exactly', () => {
  expect(addDecimals('0.1', '0.2')).toBe('0.3')
  expect(addDecimals('-1.005', '1')).toBe('-0.005')
  expect(addDecimals('99999999999999999999.99', '0.01')).toBe('100000000000000000000.00')
  expect(sameDecimal('1.50', '1.5')).toBe(true)
  expect(sameDecimal('1.50', '1.51')).toBe(false)
})
