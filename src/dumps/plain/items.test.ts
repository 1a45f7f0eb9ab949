import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DumpItem } from '../dump.ts'
import { splitSql } from './items.ts'
import { MAX_STATEMENT_BYTES } from './scanner.ts'

const settings = { encoding: null, standardConformingStrings: true, entry: null }

/** Items with the rows of COPY as text; the input comes in pieces of the sizes given, again and again. */
async function split(text: string | Buffer, sizes = [1 << 20]): Promise<unknown[]> {
  const bytes = Buffer.from(text)
  let at = 0
  let turn = 0
  const source = {
    async next() {
      if (at >= bytes.length) return null
      const size = sizes[turn++ % sizes.length]!
      const piece = bytes.subarray(at, at + size)
      at += size
      return piece
    },
    async close() {},
  }
  const found: unknown[] = []
  for await (const item of splitSql(source, settings)) found.push(await plain(item))
  return found
}

async function plain(item: DumpItem): Promise<unknown> {
  switch (item.kind) {
    case 'statement':
      return [item.line, item.sql]
    case 'meta':
      return [item.line, 'meta', item.command]
    case 'copy':
      return [
        `${item.table.schema}.${item.table.name}`,
        item.columns,
        Buffer.concat(await item.data.toArray()).toString(),
      ]
    default:
      return item
  }
}

const statements = async (text: string) => (await split(text)).map((item) => (item as unknown[])[1])

describe('statements', () => {
  it.each([
    ['quotes', `SELECT 'a;b', 'it''s;', "c;""d";`],
    ['escape strings', `SELECT E'a\\';b', e'\\\\';`],
    ['a standard string that ends in a backslash', `SELECT 'a\\';`],
    ['dollar quotes', 'SELECT $$a;b$$, $x$ $$;$$ $y$; $x$;'],
    ['a dollar in a name and parameters', 'SELECT a$b$c, $1;'],
    ['comments inside', 'SELECT 1 -- a;b\n , 2 /* ; /* nested ; */ ; */;'],
    ['operators that look like comments', 'SELECT 4-2, 4/2, a->b, -1;'],
    ['parentheses', 'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2;);'],
    [
      'a body',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END;',
    ],
    ['a body with OR REPLACE', 'create or replace procedure p() begin atomic insert into t values (1); end;'],
    ['a transaction, which has no body', 'BEGIN;'],
    ['a letter before a string', "SELECT b'01', x'ff', n'a', U&'d;';"],
    ['a quote right after a word', "SELECT date'2020-01-01;';"],
  ])('%s: one statement', async (_, sql) =>
    expect(await statements(`${sql}\nSELECT 9;`)).toEqual([sql, 'SELECT 9;']),
  )

  it('counts lines, over comments, strings and rows', async () => {
    const text =
      "--\n-- x\n--\n\nSELECT 'a\nb';/* c\n\n*/ SELECT 2;\nCOPY t FROM stdin;\n1\n2\n\\.\nSELECT 3;\n\\connect x y\n"
    expect(await split(text)).toEqual([
      [5, "SELECT 'a\nb';"],
      [8, 'SELECT 2;'],
      ['public.t', null, '1\n2\n'],
      [13, 'SELECT 3;'],
      [14, 'meta', '\\connect x y'],
    ])
  })

  it('follows standard_conforming_strings', async () => {
    const text =
      "SET standard_conforming_strings = off;\nSELECT 'a\\';b';\nSET standard_conforming_strings = on;\nSELECT 'a\\';"
    expect(await statements(text)).toHaveLength(4)
  })

  it('reads text in the encoding that the dump sets', async () => {
    const latin = Buffer.concat([
      Buffer.from("SET client_encoding = 'LATIN1';\nSELECT '"),
      Buffer.from([0xe9]),
      Buffer.from("';"),
    ])
    expect(await split(latin)).toContainEqual([2, "SELECT 'é';"])
    const wrong = Buffer.concat([
      Buffer.from("SET client_encoding = 'UTF8';\nSELECT '"),
      Buffer.from([0xe9]),
      Buffer.from("';"),
    ])
    await expect(split(wrong)).rejects.toMatchObject({ code: 'DUMP:CORRUPT' })
    await expect(split("SET client_encoding = 'SJIS';")).rejects.toMatchObject({ code: 'DUMP:UNSUPPORTED' })
  })

  it('leaves a backslash within a statement to whoever parses it', async () => {
    expect(await statements('SELECT 1 \\! ls\n;')).toEqual(['SELECT 1 \\! ls\n;'])
  })
})

describe('rows', () => {
  it.each([
    ['COPY public.t (a, "b ""c") FROM stdin;', 'public.t', ['a', 'b "c']],
    ['COPY "S".T FROM stdin;', 'S.t', null],
    ['copy t(a,b) from stdin ;', 'public.t', ['a', 'b']],
    ['COPY t () FROM stdin;', 'public.t', []],
  ])('%s', async (sql, table, columns) => {
    expect(await split(`${sql}\n1\t2\n\\.\n`)).toEqual([[table, columns, '1\t2\n']])
  })

  it.each([
    ['none', '', ''],
    ['ones that look like the end', '\\\\.\n\\.x'.slice(0, 4), '\\\\.\n'],
    ['carriage returns', 'a\r\nb\r\n', 'a\r\nb\r\n'],
    ['blank ones', '\n\n', '\n\n'],
  ])('%s', async (_, rows, expected) => {
    expect(await split(`COPY t FROM stdin;\n${rows}\\.\nSELECT 1;`)).toEqual([
      ['public.t', null, expected],
      [expect.any(Number), 'SELECT 1;'],
    ])
  })

  it('a schema from search_path', async () => {
    const text = 'SET search_path = "My", pg_catalog;\nCOPY t FROM stdin;\n\\.\n'
    expect(await split(text)).toContainEqual(['My.t', null, ''])
  })

  it('is no COPY when it reads elsewhere', async () => {
    const text =
      "COPY t FROM '/etc/passwd';\nCOPY t FROM PROGRAM 'id';\nCOPY t TO stdout;\nCOPY (SELECT 1) TO stdout;"
    expect(await statements(text)).toHaveLength(4)
  })

  it('refuses forms that pg_dump does not write', async () => {
    await expect(split('COPY t FROM stdin WITH (FORMAT csv);\n1\n\\.\n')).rejects.toMatchObject({
      code: 'DUMP:UNSUPPORTED',
    })
    await expect(split('COPY t FROM stdin; SELECT 1;\n1\n\\.\n')).rejects.toMatchObject({
      code: 'DUMP:CORRUPT',
    })
    await expect(split('COPY t FROM stdin;\n1\n\\.x\n\\.\n')).rejects.toMatchObject({ code: 'DUMP:CORRUPT' })
  })
})

describe('the end', () => {
  it.each([
    ['within rows', 'COPY t FROM stdin;\n1\n'],
    ['within the end of rows', 'COPY t FROM stdin;\n1\n\\.'],
    ['within a statement', 'SELECT 1'],
    ['within a string', "SELECT 'a;\n"],
    ['within a dollar quote', 'SELECT $a$ ;\n'],
    ['within a comment', 'SELECT 1; /* a'],
    ['before the last line of pg_dump', '--\n-- PostgreSQL database dump\n--\n\nSELECT 1;\n'],
    ['before the first statement', '--\n-- PostgreSQL database'],
  ])('%s', async (_, text) => expect(split(text)).rejects.toMatchObject({ code: 'DUMP:TRUNCATED' }))

  it('is fine for a dump of another program, and for pg_dump with its last line', async () => {
    expect(await statements('SELECT 1;')).toEqual(['SELECT 1;'])
    const whole =
      '--\n-- PostgreSQL database dump\n--\n\nSELECT 1;\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict x\n'
    expect(await split(whole)).toHaveLength(2)
  })

  it('bounds the length of a statement', async () => {
    const piece = Buffer.alloc(1 << 20, 'a')
    let pieces = 0
    const source = {
      next: async () => (pieces++ === 0 ? Buffer.from("INSERT INTO t VALUES ('") : piece),
      async close() {},
    }
    const read = async () => {
      for await (const _ of splitSql(source, settings));
    }
    await expect(read()).rejects.toMatchObject({ code: 'DUMP:UNSUPPORTED' })
    expect(pieces).toBeLessThan(MAX_STATEMENT_BYTES / piece.length + 3)
  })
})

describe('pieces', () => {
  const parts = fc.constantFrom(
    'SELECT 1;',
    "SELECT 'a;''b', E'c\\';', $$d;$$, $x_1$;$$ $x_$;$x_1$;",
    '-- comment; \n',
    '/* /* ; */ */',
    'COPY public.t (a) FROM stdin;\nx\n\\\\.\n\\\\\n\\.\n',
    'COPY t FROM stdin;\n\\.\n',
    'CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; END;',
    '\\restrict abc\n',
    '\n\t ',
  )

  it('never change what is found', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(parts, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        async (texts, sizes) => {
          const text = `SELECT 0;\n${texts.join('\n')}\n`
          expect(await split(text, sizes)).toEqual(await split(text))
        },
      ),
      { numRuns: 300 },
    ))
})
