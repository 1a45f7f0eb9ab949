import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DumpHead, DumpItem, TocEntry } from '../dump.ts'
import { archiveSql } from './archive-sql.ts'

const head: DumpHead = {
  layers: ['pgdmp_custom', 'sql'],
  format: 'custom',
  archiveVersion: '1.14',
  serverVersion: '15.1\n\\! id',
  pgDumpVersion: null,
  databaseName: null,
  createdAt: null,
  encoding: "UTF8'; \\! id",
  standardConformingStrings: true,
  compression: 'gzip',
  manifest: null,
}

function entryOf(more: Partial<TocEntry>): TocEntry {
  return {
    ...{ dumpId: 1, tableOid: '0', oid: '0', tag: 't', description: 'TABLE', section: 'pre-data' },
    ...{ definition: '', dropStatement: '', copyStatement: '', namespace: 'public', tablespace: '' },
    ...{
      tableAccessMethod: '',
      owner: '',
      relkind: null,
      withOids: false,
      dependencies: [],
      hadDumper: false,
    },
    ...{ dataOffset: null, fileName: null },
    ...more,
  }
}

/** `qualified`: names carry their schema, so that no search_path is set. */
async function textOf(entry: TocEntry, rows?: Buffer[], qualified = false): Promise<string> {
  async function* items(): AsyncGenerator<DumpItem> {
    if (entry.definition !== '') yield { kind: 'statement', sql: entry.definition, entry, line: null }
    if (rows !== undefined)
      yield {
        kind: 'copy',
        table: { schema: 'public', name: entry.tag },
        columns: null,
        copyStatement: entry.copyStatement,
        entry,
        data: Readable.from(rows),
      }
  }
  const toc = qualified ? [entryOf({ description: 'SEARCHPATH' }), entry] : [entry]
  return (await buffer(archiveSql(head, toc, items()))).toString('latin1')
}

const evilText = fc
  .array(fc.constantFrom('a', '\n', '\r', '\\', '\\! id', ' ', '--', '*/', ';', "'"))
  .map((parts) => parts.join(''))

const dataEntry = entryOf({
  description: 'TABLE DATA',
  hadDumper: true,
  copyStatement: 'COPY t (a) FROM stdin;\n',
})

describe('a hostile archive', () => {
  test('names never leave the comment that they stand in', async () => {
    const evil = 'x\n\\! id\r\\! id\r\nSELECT 1;'
    const text = await textOf(
      entryOf({ tag: evil, description: evil, namespace: evil, owner: evil, definition: 'SELECT 1;\n' }),
      undefined,
      true,
    )
    const commands = text.split(/[\r\n]/).filter((line) => line.trimStart().startsWith('\\'))
    expect(commands).toEqual(['\\set ON_ERROR_STOP on'])
    expect(text).not.toContain('15.1\n')
  })

  test('names of access methods and schemas are quoted', async () => {
    const text = await textOf(
      entryOf({ tableAccessMethod: 'heap; \\! id', namespace: 's"; \\! id', definition: 'SELECT 1;\n' }),
    )
    expect(text).toContain('SET default_table_access_method = "heap; \\! id";')
    expect(text).toContain('SET search_path = "s""; \\! id", pg_catalog;')
  })

  test.each([
    ['a command', 'SELECT 1;\n\\! id\n'],
    ['a command behind a statement on its line', 'SELECT 1 \\g |id\n;'],
    ['a statement without an end', 'SELECT 1'],
    ['a quote without an end', "SELECT 'a;"],
    ['a zero byte', 'SELECT 1;\0'],
    ['a character whose lower byte is a backslash', 'SELECT 1; \u015c! id'],
    ['strings that another setting reads otherwise', "SELECT f(); SELECT '\\' || ' \\! id ';"],
  ])('%s in a definition is refused', async (_, definition) => {
    await expect(textOf(entryOf({ definition }))).rejects.toMatchObject({ code: 'DUMP:HOSTILE' })
  })

  test('a string that ends with a backslash is read in one way only', async () => {
    const text = await textOf(entryOf({ definition: "ALTER TABLE t ALTER a SET DEFAULT 'C:\\';\n" }))
    expect(text).toContain(
      "SET standard_conforming_strings = on;\nALTER TABLE t ALTER a SET DEFAULT 'C:\\';\n",
    )
  })

  test('rows hold only what COPY writes, wherever they are cut', async () => {
    const honest = Buffer.from('a\\\\b\\t\\n\\r\\b\\f\\v\t\\N\n\\\\.\n')
    for (let at = 0; at <= honest.length; at++)
      expect(await textOf(dataEntry, [honest.subarray(0, at), honest.subarray(at)])).toContain(
        `COPY t (a) FROM stdin;\n${honest}\\.\n\n\n`,
      )
    for (const rows of ['\\! id\n', 'a\\\\\\! id\n', '\\.', '\\c\n', '\\o x\n', '\\x41\n', '\\101\n'])
      for (let at = 0; at <= rows.length; at++)
        await expect(
          textOf(dataEntry, [Buffer.from(rows.slice(0, at)), Buffer.from(rows.slice(at))]),
          rows,
        ).rejects.toMatchObject({ code: 'DUMP:HOSTILE' })
    for (const rows of ['a', 'a\n\0\n', 'a\\'])
      await expect(textOf(dataEntry, [Buffer.from(rows)]), rows).rejects.toMatchObject({
        code: 'DUMP:CORRUPT',
      })
  })

  test('no text of an entry makes a line that begins with a command', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({ tag: evilText, description: evilText, namespace: evilText }),
        async (names) => {
          const text = await textOf(entryOf({ ...names, definition: '-- x\n' }), undefined, true).catch(
            () => '',
          )
          for (const line of text.split(/[\r\n]/)) expect(line).not.toMatch(/^\s*\\(?!set ON_ERROR_STOP on$)/)
        },
      ),
    ))
})
