import { expect, test } from 'vitest'
import { testServer } from '../../test/setup/databases.ts'
import { deparsed, objectName } from './object-name.ts'

const long = 'a_table_of_a_rather_long_name_that_goes_on_and_on_for_a_while_x'
const column = 'and_a_column_that_is_no_shorter_at_all_than_its_table_is_long'

test('names are those that PostgreSQL gives, short or cut', async () => {
  const names = await testServer().withAdmin(async (client) => {
    await client.query(
      `CREATE TEMP TABLE ${long} (id serial PRIMARY KEY, ${column} int UNIQUE, short int UNIQUE)`,
    )
    const { rows } = await client.query<{ name: string }>(
      'SELECT conname AS name FROM pg_constraint WHERE conrelid = $1::regclass',
      [long],
    )
    return rows.map(({ name }) => name).sort()
  })
  expect(
    [objectName(long, '', 'pkey'), objectName(long, column, 'key'), objectName(long, 'short', 'key')].sort(),
  ).toEqual(names)
})

test('names are quoted where PostgreSQL quotes them', async () => {
  const names = ['name', 'order', 'default', 'left', 'values', 'Name', 'x-y', 'état', 'date', 'user', 'a"b']
  const quoted = await testServer().withAdmin(async (client) => {
    const { rows } = await client.query<{ quoted: string[] }>(
      'SELECT array_agg(quote_ident(name) ORDER BY n) AS quoted FROM unnest($1::text[]) WITH ORDINALITY AS names (name, n)',
      [names],
    )
    return rows[0]!.quoted
  })
  expect(names.map(deparsed)).toEqual(quoted)
})
