import { expect, test } from 'vitest'
import { packOf } from '../../../test/setup/hop.ts'
import { Fields } from '../../verify/views/fields.ts'
import { newNames } from './names.ts'
import { defaultsOfContext, dictionaryOfFields, newValues, valuesOfDomain } from './values.ts'

const fields = new Fields(
  new Map([
    ['crm.lead', new Map([['priority', null], ['state', null], ['medium_id', 'crm.medium'], ['task_id', 'project.task']])],
    ['project.task', new Map([['priority', null]])],
    ['crm.medium', new Map([['name', null]])],
  ]),
  new Map(),
  new Set(),
) // biome-ignore format: tables read better in few lines
const priority = { '1': '3', '2': '2', '3': '1' }
const packs = [
  packOf({ fields: [['crm.lead', 'channel_id', 'medium_id']], values: [{ table: 'crm_case', column: 'priority', values: priority }] }).facts,
  packOf({
    tables: { crm_case: 'crm_lead' },
    values: [{ table: 'crm_lead', column: 'priority', values: { '3': 'high', '9': 'none' } }, { table: 'project_task', column: 'priority', values: { a: 'b' } }],
  }).facts,
] // biome-ignore format: facts read better in few lines
const [names, values] = [newNames(packs), newValues(packs)]

const domain = (text: string) => valuesOfDomain(text, 'crm.lead', fields, values)

test('values lead through every hop, under the last name of their table', () => {
  expect(Object.fromEntries(values.get('crm_lead.priority')!)).toEqual({
    '1': 'high',
    '2': '2',
    '3': '1',
    '9': 'none',
  })
  expect(values.has('crm_case.priority')).toBe(false)
})

test('a domain compares with the values as they are called now', () => {
  expect(domain(`[('priority','=','1'),("priority", "not in", ["3", '9', 'x'])]`)).toBe(
    `[('priority','=','high'),("priority", "not in", ["1", 'none', 'x'])]`,
  )
  expect(domain(`['|', ['priority', 'in', ('1', '3')], ('task_id.priority','!=','a')]`)).toBe(
    `['|', ['priority', 'in', ('high', '1')], ('task_id.priority','!=','b')]`,
  )
})

test('what is compared otherwise, on another field or with no text stays, letter for letter', () => {
  for (const text of [
    `[('state','=','1'),('medium_id.name','=','1')]`,
    `[('priority','=',1),('priority','in',[1,2]),('priority','=',user.priority)]`,
    `[('priority','ilike','1'),('priority','>','1')]`,
    `[('nothing.priority','=','1')]`,
    `not a domain at all`,
  ])
    expect(domain(text)).toBe(text)
})

test('defaults of a context and of an alias have the names and values of now', () => {
  expect(
    defaultsOfContext(
      `{'default_priority': '1', "default_channel_id": 4, 'priority': '1', 'search_default_priority': '1'}`,
      'crm.lead',
      fields,
      names,
      values,
    ),
  ).toBe(
    `{'default_priority': 'high', "default_medium_id": 4, 'priority': '1', 'search_default_priority': '1'}`,
  )
  expect(
    dictionaryOfFields(`{'channel_id': 1, 'priority': '1', 'state': '1'}`, 'crm.lead', fields, names, values),
  ).toBe(`{'medium_id': 1, 'priority': 'high', 'state': '1'}`)
})
