import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer } from '../../test/setup/databases.ts'
import type { Scratch } from '../postgres/server.ts'
import { ident, identList, qualified } from '../postgres/sql.ts'
import { parseForeignKey, parseKey } from './definitions.ts'

describe('foreign keys', () => {
  test.each([
    ['FOREIGN KEY (company_id) REFERENCES res_company(id) ON DELETE SET NULL', ['company_id'], 'set null'],
    ['FOREIGN KEY ("order") REFERENCES res_company(id)', ['order'], 'no action'],
    ['FOREIGN KEY (a, "b c") REFERENCES res_company(id, x) ON DELETE CASCADE', ['a', 'b c'], 'cascade'],
    ['FOREIGN KEY (a) REFERENCES res_company(id) ON UPDATE CASCADE ON DELETE RESTRICT', ['a'], 'restrict'],
    ['FOREIGN KEY (a) REFERENCES res_company(id) ON UPDATE CASCADE', ['a'], 'no action'],
  ])('%s', (definition, columns, onDelete) => {
    expect(parseForeignKey(definition)).toMatchObject({ columns, table: 'res_company', onDelete })
  })

  test('a schema is told apart from the table', () => {
    expect(parseForeignKey('FOREIGN KEY (a) REFERENCES public."user"(id)')).toMatchObject({
      schema: 'public',
      table: 'user',
      targetColumns: ['id'],
    })
  })

  test('other constraints are none', () => {
    expect(parseForeignKey('UNIQUE (name)')).toBeNull()
    expect(parseForeignKey("CHECK ((name <> 'FOREIGN KEY (a) REFERENCES b(c)'::text))")).toBeNull()
  })
})

describe('keys', () => {
  test.each([
    ['UNIQUE (name, company_id)', ['name', 'company_id']],
    ['UNIQUE ("group", "a,b")', ['group', 'a,b']],
    ['UNIQUE NULLS NOT DISTINCT (code)', ['code']],
    ['UNIQUE (code) INCLUDE (name)', ['code']],
    ['PRIMARY KEY (id)', ['id']],
  ])('%s', (definition, columns) => {
    expect(parseKey(definition)).toEqual(columns)
  })

  test('a check is none', () => {
    expect(parseKey('CHECK ((a > 0))')).toBeNull()
  })
})

describe('as the server writes them', () => {
  let scratch: Scratch
  beforeAll(async () => {
    scratch = await testServer().createScratch()
  })
  afterAll(() => scratch.drop())

  test('any name is read back', async () => {
    const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0'))
    await scratch.with((client) =>
      fc.assert(
        fc.asyncProperty(name, fc.uniqueArray(name, { minLength: 2, maxLength: 2 }), async (table, pair) => {
          await client.query('BEGIN')
          const target = qualified('public', table)
          await client.query(`
            CREATE TABLE ${target} (${pair.map((column) => `${ident(column)} integer`).join(', ')}, UNIQUE (${identList(pair)}));
            ALTER TABLE ${target} ADD FOREIGN KEY (${identList(pair)}) REFERENCES ${target} (${identList(pair)})`)
          const { rows } = await client.query<{ type: string; definition: string }>(
            'SELECT contype AS type, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::regclass',
            [target],
          )
          await client.query('ROLLBACK')
          const of = (type: string) => rows.find((row) => row.type === type)!.definition
          expect(parseKey(of('u'))).toEqual(pair)
          expect(parseForeignKey(of('f'))).toMatchObject({ columns: pair, table, targetColumns: pair })
        }),
        { numRuns: 60 },
      ),
    )
  })
})
