import { describe, expect, it } from 'vitest'
import type { FieldValue } from './fields.ts'
import { giveInsertRows, parseInsert, readInsertRows } from './insert-rows.ts'
import { createdColumns } from './sql-names.ts'

function rows(sql: string): FieldValue[][] {
  const found: FieldValue[][] = []
  readInsertRows(sql, parseInsert(sql)!, (values) => found.push(values))
  return found
}

describe('INSERT statements', () => {
  it('reads table, columns and values', () => {
    const sql = `INSERT INTO public."My t" ("a,b", c) OVERRIDING SYSTEM VALUE VALUES\n\t(1, 'it''s (x), y'),\n\t(NULL, E'a\\'\\\\b');`
    expect(parseInsert(sql)).toMatchObject({ schema: 'public', table: 'My t', columns: ['a,b', 'c'] })
    expect(rows(sql)).toEqual([
      ['1', "it's (x), y"],
      [null, "a'\\b"],
    ])
  })

  it.each([
    ["INSERT INTO t VALUES (true, -1.5e3, 'x', B'01');", [['true', '-1.5e3', 'x', '01']]],
    ["INSERT INTO t VALUES ('\\');", [['\\']]],
    [
      'INSERT INTO t VALUES (1, 2), (3, 4);',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
  ])('%s', (sql, expected) => expect(rows(sql)).toEqual(expected))

  it.each(['SELECT 1;', 'INSERT INTO t SELECT 1;', 'INSERT INTO t DEFAULT VALUES;'])('%s has none', (sql) => {
    expect(parseInsert(sql)).toBeNull()
  })

  it('measures bytea', () => {
    const sql = "INSERT INTO t VALUES ('\\x616263', 'a\\000\\\\', NULL);"
    const sizes: (number | null)[] = []
    const sink = {
      texts: [],
      sizes: ['a', 'b', 'c'],
      row: (_: unknown, size: (name: string) => number | null) => {
        sizes.push(size('a'), size('b'), size('c'))
      },
    }
    expect(giveInsertRows(sql, parseInsert(sql)!, ['a', 'b', 'c'], sink)).toBe(1)
    expect(sizes).toEqual([3, 3, null])
  })
})

it('reads the columns of CREATE TABLE', () => {
  const sql = `CREATE TABLE public."T" (\n    id integer NOT NULL,\n    "a,b" numeric(10,2) DEFAULT 0,\n    CONSTRAINT c CHECK ((id > 0))\n)\nINHERITS (x);`
  expect(createdColumns(sql)).toEqual({ schema: 'public', name: 'T', columns: ['id', 'a,b'] })
})
