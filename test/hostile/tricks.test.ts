import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Judge } from '../../src/load/judge/judge.ts'
import { Parser } from '../../src/load/judge/parser.ts'
import { dropScratches, loadPlain, marker } from './try-load.ts'

afterAll(dropScratches)

describe('a name that tries to end its statement', () => {
  it.each([
    ['a quote and a semicolon', 'x"; DROP TABLE public.honest; --'],
    ['a line break and a command to psql', `x\n\\! touch ${marker}\n--`],
    ['a carriage return', `x\r\\! touch ${marker}\r`],
    ['an end of rows', 'x\n\\.\nDROP TABLE public.honest;'],
    ['an opening of a comment', 'x /* '],
    ['a dollar quote', 'x $$ $a$'],
    ['a backslash at its end', 'x\\'],
    ['a single quote', `x'||pg_sleep(100)||'`],
    ['other scripts', 'таблица — 表'],
  ])('with %s is a name', async (_, name) => {
    const quoted = `"${name.replaceAll('"', '""')}"`
    const { error, report, leftBehind, honestRows } = await loadPlain(
      [
        `CREATE TABLE public.${quoted} (id integer DEFAULT 1 NOT NULL, ${quoted} text);`,
        `CREATE SEQUENCE public.${quoted.replace('"', '"s ')} START WITH 1;`,
        `COPY public.${quoted} (id, ${quoted}) FROM stdin;\n1\tvalue\n\\.\n`,
      ].join('\n\n'),
    )
    expect(error).toBeNull()
    expect(report?.tables.find((table) => table.name === name)?.rows).toBe(1)
    expect(report?.skipped).toEqual([])
    expect(leftBehind).toEqual([])
    expect(honestRows).toBe(2)
  })

  it('written by its code points is the name that they spell', async () => {
    const { report } = await loadPlain('CREATE TABLE public.U&"\\0061\\0022;\\005C!" (id integer);\n')
    expect(report?.tables.map(({ name }) => name)).toContain('a";\\!')
  })
})

describe('a text that hides a statement', () => {
  const hidden = `ALTER SYSTEM SET archive_command = 'touch ${marker}';`

  it.each([
    ['behind another on one line', `SET row_security = off; ${hidden}`],
    ['behind a string with a backslash', `COMMENT ON TABLE public.honest IS 'x\\'; ${hidden} --';`],
    ['behind an escaped string', `COMMENT ON TABLE public.honest IS E'\\''; ${hidden} --';`],
    ['behind a closed nested comment', `/* /* */ */ ${hidden} /* */`],
    ['behind a dollar quote that ends early', `COMMENT ON TABLE public.honest IS $a$ x $a$; ${hidden} $a$;`],
    [
      'behind a parameter that looks like a dollar quote',
      `COMMENT ON TABLE public.honest IS 'a$1$'; ${hidden} -- $1$`,
    ],
    ['behind a line comment', `-- x\r\n${hidden}`],
    ['behind a string of code points', `COMMENT ON TABLE public.honest IS U&'\\0027'; ${hidden} --';`],
    [
      'behind a body of SQL',
      `CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END; ${hidden}`,
    ],
    ['with a form feed in its words', `ALTER\fSYSTEM SET archive_command = 'x';`],
    ['in small letters', `alter system set archive_command = 'x';`],
  ])('%s is refused', async (_, text) => {
    const { error, leftBehind } = await loadPlain(`${text}\n`)
    expect(error?.code).toBe('LOAD:REFUSED')
    expect(leftBehind).toEqual([])
  })

  it('behind a byte order mark is no SQL', async () => {
    const { report, leftBehind } = await loadPlain(`\ufeff${hidden}\n`)
    expect(report?.skipped.map(({ severity }) => severity)).toEqual(['severe'])
    expect(leftBehind).toEqual([])
  })

  it.each([
    ['a string', `COMMENT ON TABLE public.honest IS '; ${hidden.replaceAll("'", "''")}';`],
    ['a comment', `/* ; ${hidden} /* ${hidden} */ ${hidden} */ SET row_security = off;`],
    ['a dollar quote', `COMMENT ON TABLE public.honest IS $a$ ; ${hidden} $b$ $a$;`],
    [
      'a body of SQL',
      'CREATE FUNCTION public.f() RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;',
    ],
    ['a quoted name', `CREATE TABLE public."; ${hidden}" (id integer);`],
    ['rows', `COPY public.honest (id, name) FROM stdin;\n3\t${hidden}\n\\.\n`],
  ])('in %s stays text', async (_, text) => {
    const { error, report, leftBehind, honestRows } = await loadPlain(`${text}\n`)
    expect(error).toBeNull()
    expect(report?.skipped).toEqual([])
    expect(leftBehind).toEqual([])
    expect(honestRows).toBeGreaterThanOrEqual(2)
  })

  it('in a string where a backslash escapes is refused or text as the dump says', async () => {
    const text = `COMMENT ON TABLE public.honest IS 'x\\'; ${hidden} --';\n`
    const off = await loadPlain(`SET standard_conforming_strings = off;\n${text}`)
    expect(off.error).toBeNull()
    expect(off.leftBehind).toEqual([])
    const on = await loadPlain(`SET standard_conforming_strings = on;\n${text}`)
    expect(on.error?.code).toBe('LOAD:REFUSED')
  })
})

describe('an expression', () => {
  let parser: Parser
  beforeAll(async () => {
    parser = await Parser.open()
  })
  const column = (expression: string) => `CREATE TABLE public.t (a integer DEFAULT ${expression});`
  const deep: Record<string, string> = {
    brackets: `${'('.repeat(50_000)}1${')'.repeat(50_000)}`,
    sums: `1${'+1'.repeat(100_000)}`,
    casts: `1${'::integer'.repeat(100_000)}`,
    negations: `(${'NOT '.repeat(100_000)}true)`,
    signs: `${'- '.repeat(100_000)}1`,
    cases: `${'CASE WHEN true THEN '.repeat(20_000)}1${' END'.repeat(20_000)}`,
    arrays: `${'ARRAY['.repeat(20_000)}1${']'.repeat(20_000)}`,
    queries: `${'(SELECT '.repeat(20_000)}1${')'.repeat(20_000)}`,
    'concatenated strings': `'a'${"||'b'".repeat(50_000)}`,
  }

  it.each(Object.entries(deep))('of %s beyond any real dump’s depth is refused', async (_, expression) => {
    const { error, leftBehind } = await loadPlain(`${column(expression)}\n`)
    expect(error?.code).toBe('LOAD:REFUSED')
    expect(leftBehind).toEqual([])
  })

  it('that breaks the parser again and again leaves it able to read right', async () => {
    const honest = 'CREATE TABLE public.t (a integer DEFAULT 1);'
    const facts = { functions: [], extensions: [], reservedSchemas: [] }
    const newJudge = () => new Judge(parser, facts, { standardConformingStrings: true })
    const expected = newJudge().judge(honest, null)
    for (let i = 0; i < 60; i++) {
      expect(() => newJudge().judge(column(deep.sums!), null)).toThrow('nested deeper')
      // The second parser takes over at once; the next one is made meanwhile.
      await new Promise((done) => setImmediate(done))
      expect(newJudge().judge(honest, null)).toEqual(expected)
    }
  })

  it('of some hundred levels is no danger', async () => {
    const { error, report } = await loadPlain(`${column(`1${'+1'.repeat(1000)}`)}\n`)
    expect(error).toBeNull()
    expect(report?.skipped.map(({ what }) => what)).toEqual(['default'])
  })

  it('too long for memory is refused', async () => {
    const { error } = await loadPlain(`${column(`'${'x'.repeat(9 * 2 ** 20)}'`)}\n`)
    expect(error?.code).toMatch(/^(LOAD:REFUSED|DUMP:)/)
  })
})
