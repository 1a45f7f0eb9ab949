import type { TocEntry } from '../../src/dumps/dump.ts'
import type { ArchiveContent } from './write-archive.ts'

/** A database of three tables and a large object, small enough to be read hundreds of times by one test. */
export function smallArchive(): ArchiveContent {
  const entries: TocEntry[] = [
    entry(1, 'ENCODING', 'ENCODING', { definition: "SET client_encoding = 'UTF8';\n" }),
    entry(2, 'STDSTRINGS', 'STDSTRINGS', { definition: "SET standard_conforming_strings = 'on';\n" }),
    ...['res_partner', 'res_users', 'ir_module_module'].flatMap((name, i) => [
      entry(10 + i, 'TABLE', name, {
        definition: `CREATE TABLE public.${name} (\n    id integer,\n    name text\n);\n`,
      }),
      entry(20 + i, 'TABLE DATA', name, {
        section: 'data',
        hadDumper: true,
        copyStatement: `COPY public.${name} (id, name) FROM stdin;\n`,
        dependencies: [10 + i],
      }),
    ]),
    entry(30, 'BLOBS', 'BLOBS', { section: 'data', hadDumper: true, namespace: '' }),
    entry(31, 'CONSTRAINT', 'res_users res_users_pkey', {
      section: 'post-data',
      definition: 'ALTER TABLE ONLY public.res_users\n    ADD CONSTRAINT res_users_pkey PRIMARY KEY (id);\n',
    }),
  ]
  const rows = new Map(
    [20, 21, 22].map((dumpId, i) => {
      const lines = Array.from({ length: 40 * (i + 1) }, (_, n) => `${n}\tname ${(n * 7919) % 1013} é\\n\n`)
      return [dumpId, Buffer.from(`${lines.join('')}\\.\n\n\n`)] as const
    }),
  )
  const largeObjects = new Map([[30, [{ oid: 77, bytes: Buffer.alloc(3000, 'large object ') }]]])
  return { entries, rows, largeObjects }
}

/** The same as plain SQL, as pg_dump writes it. */
export function smallPlain(content = smallArchive()): Buffer {
  const parts = ['--\n-- PostgreSQL database dump\n--\n\n', '-- Dumped from database version 9.6.24\n\n']
  for (const { definition, copyStatement, dumpId } of content.entries)
    parts.push(definition, copyStatement, content.rows.get(dumpId)?.toString() ?? '', '\n')
  parts.push('--\n-- PostgreSQL database dump complete\n--\n\n')
  return Buffer.from(parts.join(''))
}

function entry(dumpId: number, description: string, tag: string, more: Partial<TocEntry>): TocEntry {
  return {
    dumpId,
    tableOid: '1259',
    oid: String(16_000 + dumpId),
    tag,
    description,
    section: 'pre-data',
    definition: '',
    dropStatement: '',
    copyStatement: '',
    namespace: 'public',
    tablespace: '',
    tableAccessMethod: '',
    owner: 'odoo',
    relkind: null,
    withOids: false,
    dependencies: [],
    hadDumper: false,
    dataOffset: null,
    fileName: null,
    ...more,
  }
}
