import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testServer } from '../../../test/setup/databases.ts'
import { findPrograms } from '../../postgres/programs.ts'
import { readAsPsql } from './psql-text.ts'

const run = promisify(execFile)

describe('whole statements', () => {
  test.each([
    ['SELECT 1;', 1],
    ['', 0],
    ['-- *not* creating schema, since initdb creates it\n', 0],
    [`SELECT 'a''b', "c;""d", $$;'$$, $x$ $$ ; $x$; SELECT 2 /* ; /* ' */ ; */;`, 2],
    ["SELECT E'it\\'s; \\\\';", 1],
    ["SELECT 'C:\\';", 1],
    ["SELECT E'a'\n  -- more\n 'b\\'c;';", 1],
    ["SELECT U&'\\00e9', u&\"\\00e9\", B'01', x'ff', N'n';", 1],
    ['SELECT a$$b, 1.5e-10, .5, a[1:2], $1::text, x::varchar(3);', 1],
    ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);', 1],
    [
      'CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END;',
      1,
    ],
    ['CREATE TABLE begin (a int);', 1],
    ['SELECT 1--2\n;', 1],
    ['SELECT 5 */* x */ 3;', 1],
  ])('%s', (sql, statements) => {
    expect(readAsPsql(sql, true)).toEqual({ problem: null, statements })
  })
})

describe('what psql would not read as whole statements', () => {
  test.each([
    ['SELECT 1'],
    ['SELECT 1; SELECT 2'],
    ['SELECT (1;'],
    ["SELECT 'a;"],
    ['SELECT "a;'],
    ['SELECT $a$ $b$;'],
    ['SELECT 1; /* /* */'],
    ['CREATE FUNCTION begin();'],
    ['\\! id\n'],
    ['SELECT 1 \\gexec\n'],
    ['SELECT 1; \\! id'],
    ["SELECT 'a' \\! id ;"],
    ["SELECT E'a'\n'\\' || ' \\! id ';"],
    ["SELECT 1e1e'\\' \\! id ';"],
    ['SELECT 1;\v'],
  ])('%s', (sql) => {
    expect(readAsPsql(sql, true).problem).not.toBeNull()
  })

  test('long runs of comments cost no more than they are long', () => {
    const started = performance.now()
    expect(readAsPsql(`SELECT 'a' ${'--'.repeat(100_000)}`, true).problem).not.toBeNull()
    expect(readAsPsql(`SELECT 'a' ${'-- x\n'.repeat(50_000)};`, true).problem).toBeNull()
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

/**
 * The real psql against random text made of what its scanner knows: where the reading finds whole statements, psql runs
 * no command of its own. The text would make a file by "\o" in many of its places.
 */
test('text that passes makes no psql run a command of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-psql-'))
  const { host, port, user } = testServer().admin
  const trap = join(folder, 'trap')
  const psql = async (file: string) => {
    const options = ['-X', '-q', '-h', host, '-p', String(port), '-U', user, '-d', 'postgres', '-f', file]
    return (await run(join(findPrograms(), 'psql'), options, { maxBuffer: 2 ** 28 })).stdout
  }
  const pieces = [
    ...[
      "'",
      "''",
      '"',
      '$$',
      '$a$',
      '$a',
      '\\',
      "\\'",
      'E',
      "e'",
      "B'",
      "U&'",
      "N'",
      '--',
      '/*',
      '*/',
      '\n',
      ' ',
      ';',
    ],
    ...[
      '(',
      ')',
      '1',
      '1e',
      'e1',
      'a',
      'SELECT',
      '+',
      '::',
      `\\o ${trap}\n`,
      ` \\o ${trap}\n`,
      '\t',
      '\r',
      ',',
    ],
  ]
  const samples = fc.sample(
    fc.tuple(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 }), fc.boolean()),
    { numRuns: 60_000, seed: 7 },
  )
  let passed = 0
  const scripts: Record<'on' | 'off', string[]> = { on: [], off: [] }
  for (const [parts, standard] of samples) {
    const sql = parts.join('')
    if (!sql.includes('\\o') || readAsPsql(sql, standard).problem !== null) continue
    passed++
    scripts[standard ? 'on' : 'off'].push(sql)
  }
  expect(passed).toBeGreaterThan(100)
  try {
    for (const [setting, texts] of Object.entries(scripts)) {
      const file = join(folder, `${setting}.sql`)
      const body = texts.map((sql) => `SET standard_conforming_strings = ${setting};\n${sql}\n`).join('')
      await writeFile(file, `${body}\\echo the end\n`)
      expect(await psql(file)).toMatch(/the end\n$/)
      expect(existsSync(trap)).toBe(false)
    }
    const file = join(folder, 'sprung.sql')
    await writeFile(file, `SELECT 'a' \\o ${trap}\n;`)
    await psql(file)
    expect(existsSync(trap)).toBe(true)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
