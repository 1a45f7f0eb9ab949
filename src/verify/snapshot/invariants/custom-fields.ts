import { ident, literal } from '../../../postgres/sql.ts'
import type { Invariant } from '../figure.ts'

/** The fields that people added themselves: how many records have a value, and a total over the values. */
export const customFields: Invariant = {
  id: 'custom-fields',
  title: 'Values of fields that people added',
  dimensions: [
    { name: 'column', kind: 'column' },
    { name: 'of', kind: 'reference' },
  ],
  values: ['values', 'total'],
  measures: ({ inventory, manual }) =>
    manual.flatMap(({ table, column, reference }) => {
      const type = inventory.typeOf(table, column)
      if (!type) return []
      return [
        {
          scope: `${table}.${column}`,
          sql: `SELECT ARRAY[${literal(`${table}.${column}`)}, ${literal(reference)}], ARRAY[count(t.${ident(column)}), coalesce(${total(type, `t.${ident(column)}`)}, 0)] FROM ONLY ${ident(table)} t`,
        },
      ]
    }),
}

/** A number that changes with the values and not with the way they are kept: floats and texts change their type in newer versions. */
function total(type: string, c: string): string {
  if (/^(integer|bigint|smallint|numeric|double precision|real)/.test(type))
    return `round(sum(${c}::numeric), 4)`
  if (type === 'boolean') return `count(*) FILTER (WHERE ${c})`
  if (/^(date|timestamp)/.test(type)) return `round(sum(extract(epoch FROM ${c}))::numeric, 0)`
  if (type === 'jsonb') return `sum(length(${c} ->> 'en_US'))`
  if (type === 'bytea') return `sum(octet_length(${c}))`
  return `sum(length(${c}::text))`
}
