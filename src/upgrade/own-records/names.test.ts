import { expect, test } from 'vitest'
import { packOf } from '../../../test/setup/hop.ts'
import { Fields } from '../../verify/views/fields.ts'
import { examineDomain, examineGrouping, newNames } from './names.ts'

const fields = new Fields(
  new Map([
    ['sale.order', new Map([['partner_id', 'res.partner'], ['state', null], ['total', null]])],
    ['res.partner', new Map([['name', null], ['parent_id', 'res.partner'], ['mail', null]])],
  ]),
  new Map(),
  new Set(),
) // biome-ignore format: tables read better in few lines
const names = newNames([
  packOf({ fields: [['res.partner', 'email', 'e_mail']], models: { renamed: {}, merged: { 'sale.shop': 'sale.order' } } }).facts,
  packOf({ fields: [['res.partner', 'e_mail', 'mail'], ['sale.order', 'amount', 'total']] }).facts,
]) // biome-ignore format: names read better in few lines

const domain = (text: string) => examineDomain(text, 'sale.order', fields, names)

test('a condition on fields that are there stays as it is, letter for letter', () => {
  for (const text of [
    `[('state','=','draft'), "|", ( "partner_id.parent_id.name" , 'not in', ['a', "b"])]`,
    `[('create_date','>',(datetime.date.today()).strftime('%Y'))]`,
    `['|',('partner_id','child_of',[user.partner_id.id]),('partner_id','=',False)]`,
    `[]`,
    `not a domain at all`,
  ])
    expect(domain(text)).toEqual({ text, missing: [] })
})

test('a field with another name gets it, through every hop and along a path', () => {
  expect(domain(`[('amount','>',3),('partner_id.parent_id.email', 'ilike', 'email')]`)).toEqual({
    text: `[('total','>',3),('partner_id.parent_id.mail', 'ilike', 'email')]`,
    missing: [],
  })
})

test('a field that is gone is told with its model', () => {
  expect(
    domain(`[('shop_id.name','=','x'),('partner_id.shoe','=',1),('state','=','shop_id')]`).missing,
  ).toEqual(['shop_id on sale.order', 'shoe on res.partner'])
})

test('fields that are grouped by are looked at, alone or in a list, with the part of a date', () => {
  const grouping = (text: string) => examineGrouping(text, 'sale.order', fields, names)
  expect(
    grouping(`{'group_by': ['state', 'create_date:month', 'amount'], 'search_default_gone': 1}`),
  ).toEqual({
    text: `{'group_by': ['state', 'create_date:month', 'total'], 'search_default_gone': 1}`,
    missing: [],
  })
  expect(grouping(`{"group_by": "shop_id"}`).missing).toEqual(['shop_id on sale.order'])
  expect(grouping('{}')).toEqual({ text: '{}', missing: [] })
})
