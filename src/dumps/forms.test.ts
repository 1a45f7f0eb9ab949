import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lz4Frame } from '../../test/dumps/lz4-compress.ts'
import { packTar, packZip } from '../../test/dumps/pack.ts'
import { runPg } from '../../test/dumps/pg-programs.ts'
import { digest, type ReadDump, readAll } from '../../test/dumps/read-all.ts'
import { temporaryFolder } from '../../test/dumps/temporary.ts'
import {
  type ArchiveContent,
  type ArchiveForm,
  writeArchiveFiles,
  writeCustomArchive,
} from '../../test/dumps/write-archive.ts'
import { hasRealDatabases, realDatabase, testServer } from '../../test/setup/databases.ts'
import { findPrograms } from '../postgres/programs.ts'
import { openDump } from './open.ts'

const run = promisify(execFile)
const DATABASE = 'uplift_test_dump_forms'

describe.skipIf(!hasRealDatabases)('one database dumped in every form', () => {
  const folder = temporaryFolder()
  const dumpAs = (name: string, ...options: string[]) =>
    runPg('pg_dump', [...options, '--file', folder.path(name), DATABASE], testServer().admin)
  let expected: ReadDump
  let content: ArchiveContent

  beforeAll(async () => {
    const server = testServer()
    await server.withAdmin(async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${DATABASE}`)
      await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`)
    })
    await runPg(
      'pg_restore',
      [
        '--no-owner',
        '--section=pre-data',
        '--section=data',
        '-d',
        DATABASE,
        realDatabase('odoo-17.0-base.dump'),
      ],
      server.admin,
    )
    await server.withAdmin(async (client) => {
      await client.query(`CREATE TABLE "Odd ""name" (a text, "b,c" bytea)`)
      await client.query(`INSERT INTO "Odd ""name" VALUES ($1, $2), (NULL, NULL), ('', '')`, [
        'x\\.\n\\.\ny\ttab\r\u0001é',
        Buffer.from([0, 255, 92]),
      ])
      await client.query(`SELECT lo_from_bytea(4242, $1), lo_from_bytea(4243, '')`, [
        Buffer.alloc(20_000, 'large'),
      ])
    }, DATABASE)
    await dumpAs('gzip.dump', '-Fc')
    expected = await readAll(folder.path('gzip.dump'))
    content = await readContent(folder.path('gzip.dump'))
    await dumpAs('plain.sql')
  })
  afterAll(() =>
    testServer().withAdmin(async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${DATABASE}`)
    }),
  )

  async function sameAs(name: string, layers: string[], largeObjects = true): Promise<ReadDump> {
    const read = await readAll(folder.path(name))
    expect(read.head.layers).toEqual(layers)
    expect(read.tables).toEqual(expected.tables)
    expect(read.head.encoding).toBe('UTF8')
    if (largeObjects) expect(read.largeObjects).toEqual(expected.largeObjects)
    return read
  }

  it('reads the rows that the database has', async () => {
    expect(Object.keys(expected.tables).length).toBeGreaterThan(190)
    expect(expected.tables['public.Odd "name']?.rows).toBe(3)
    expect(Object.keys(expected.largeObjects)).toEqual(['4242', '4243'])
    const counted = await testServer().withAdmin(async (client) => {
      const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM ONLY ir_model_data')
      return Number(rows[0]!.count)
    }, DATABASE)
    expect(expected.tables['public.ir_model_data']?.rows).toBe(counted)
  })

  it.each([
    ['none.dump', ['-Fc', '-Z0'], ['pgdmp_custom', 'sql']],
    ['level9.dump', ['-Fc', '-Z9'], ['pgdmp_custom', 'sql']],
    ['tar.tar', ['-Ft'], ['pgdmp_tar', 'sql']],
    ['folder', ['-Fd'], ['pgdmp_directory', 'sql']],
    ['folder-none', ['-Fd', '-Z0'], ['pgdmp_directory', 'sql']],
  ])('%s by pg_dump', async (name, options, layers) => {
    await dumpAs(name, ...options)
    const read = await sameAs(name, layers)
    expect(read.statements).toEqual(expected.statements)
  })

  it('an archive that was written to a pipe, and its tables in any order', async () => {
    const piped = await run(
      'sh',
      ['-c', '"$@" | cat', 'sh', join(findPrograms(), 'pg_dump'), '-Fc', DATABASE],
      {
        encoding: 'buffer',
        maxBuffer: 2 ** 28,
        env: {
          PATH: process.env.PATH,
          PGHOST: testServer().admin.host,
          PGPORT: String(testServer().admin.port),
          PGUSER: testServer().admin.user,
        },
      },
    )
    await writeFile(folder.path('piped.dump'), piped.stdout)
    await sameAs('piped.dump', ['pgdmp_custom', 'sql'])
    await tableByTable('piped.dump')
  })

  it.each(['gzip.dump', 'none.dump', 'tar.tar', 'folder'])(
    '%s: tables in any order, several at once',
    tableByTable,
  )

  async function tableByTable(name: string): Promise<void> {
    const dump = await openDump(folder.path(name))
    try {
      const entries = dump.toc!.filter((entry) => entry.description === 'TABLE DATA').reverse()
      const read = await Promise.all(
        entries.map(async (entry) => [
          `${entry.namespace}.${entry.tag}`,
          await digest(await dump.openTableData!(entry)),
        ]),
      )
      expect(Object.fromEntries(read)).toEqual(expected.tables)
    } finally {
      await dump.close()
    }
  }

  it('plain SQL, bare and wrapped', async () => {
    const sql = await readFile(folder.path('plain.sql'))
    const { statements } = await sameAs('plain.sql', ['sql'], false)
    const wrapped: [string, Buffer, string[]][] = [
      ['plain.sql.gz', gzipSync(sql), ['gzip', 'sql']],
      ['plain.sql.zst', zstdCompressSync(sql), ['zstd', 'sql']],
      ['plain.sql.lz4', lz4Frame(sql), ['lz4', 'sql']],
      ['plain.zip', await packZip({ 'dump.sql': sql }), ['zip', 'sql']],
      ['plain.zip.gz', gzipSync(await packZip({ 'a/dump.sql': sql })), ['gzip', 'zip', 'sql']],
      ['plain.tar.gz', gzipSync(await packTar({ 'b/dump.sql': sql })), ['gzip', 'tar', 'sql']],
      [
        'two-members.gz',
        Buffer.concat([gzipSync(sql.subarray(0, 1000)), gzipSync(sql.subarray(1000))]),
        ['gzip', 'sql'],
      ],
      [
        'two-frames.zst',
        Buffer.concat([zstdCompressSync(sql.subarray(0, 1000)), zstdCompressSync(sql.subarray(1000))]),
        ['zstd', 'sql'],
      ],
    ]
    for (const [name, bytes, layers] of wrapped) {
      await writeFile(folder.path(name), bytes)
      expect((await sameAs(name, layers, false)).statements).toEqual(statements)
    }
    await run('sh', ['-c', 'xz -1 -k plain.sql && bzip2 -1 -k plain.sql'], { cwd: folder.path() })
    await sameAs('plain.sql.xz', ['xz', 'sql'], false)
    await sameAs('plain.sql.bz2', ['bzip2', 'sql'], false)
  })

  it('archives in wrappings', async () => {
    await writeFile(folder.path('custom.gz'), gzipSync(await readFile(folder.path('none.dump'))))
    await sameAs('custom.gz', ['gzip', 'pgdmp_custom', 'sql'])
    await writeFile(
      folder.path('custom.zip'),
      await packZip({ 'x.dump': await readFile(folder.path('gzip.dump')) }),
    )
    await sameAs('custom.zip', ['zip', 'pgdmp_custom', 'sql'])
    await writeFile(folder.path('tar.gz'), gzipSync(await readFile(folder.path('tar.tar'))))
    await sameAs('tar.gz', ['gzip', 'pgdmp_tar', 'sql'])
    for (const [name, command, layers] of [
      ['folder.tar', 'tar cf folder.tar folder', ['tar', 'pgdmp_directory', 'sql']],
      ['folder.tar.gz', 'tar czf folder.tar.gz folder', ['gzip', 'tar', 'pgdmp_directory', 'sql']],
      [
        'folder.tar.xz',
        'tar cf - -C folder . | xz -1 > folder.tar.xz',
        ['xz', 'tar', 'pgdmp_directory', 'sql'],
      ],
    ] as const) {
      await run('sh', ['-c', command], { cwd: folder.path() })
      await sameAs(name, [...layers])
    }
  })

  it('INSERT statements instead of rows', async () => {
    await dumpAs('inserts.sql', '--inserts')
    await dumpAs('inserts.dump', '--column-inserts', '--rows-per-insert=50', '-Fc')
    const one = (await readAll(folder.path('inserts.sql'))).statements.filter((sql) =>
      sql.startsWith('INSERT'),
    )
    const rows = Object.values(expected.tables).reduce((sum, table) => sum + table.rows, 0)
    expect(one.length).toBe(rows)
    const fifty = (await readAll(folder.path('inserts.dump'))).statements.filter((sql) =>
      sql.startsWith('INSERT'),
    )
    expect(fifty.filter((sql) => sql.startsWith('INSERT INTO public.ir_model_data ')).length).toBe(
      Math.ceil(expected.tables['public.ir_model_data']!.rows / 50),
    )
  })

  const forms: [string, ArchiveForm][] = [10, 11, 12, 13, 14, 15, 16].flatMap((minor) =>
    (minor < 15 ? (['none', 'gzip'] as const) : (['none', 'gzip', 'lz4', 'zstd'] as const)).map(
      (compression): [string, ArchiveForm] => [`1.${minor} ${compression}`, { minor, compression }],
    ),
  )
  it.each(forms)('archive version %s', async (name, form) => {
    await writeFile(folder.path('other.dump'), writeCustomArchive(content, form))
    const read = await sameAs('other.dump', ['pgdmp_custom', 'sql'])
    expect(read.head.archiveVersion).toBe(name.split(' ')[0])
    expect(read.head.compression).toBe(form.compression)
    expect(read.head.createdAt).toBe('2015-01-02T03:04:05')
    expect(read.head.serverVersion).toBe('8.3.23')
    expect(read.statements).toEqual(expected.statements)
    await tableByTable('other.dump')
    await writeFile(
      folder.path('other.zip'),
      await packZip(Object.fromEntries(writeArchiveFiles(content, form))),
    )
    await sameAs('other.zip', ['zip', 'pgdmp_directory', 'sql'])
  })

  it('integers of 8 bytes, offsets of 4, and no offsets', async () => {
    for (const sizes of [{ intSize: 8 }, { offsetSize: 4 }, { offsets: false }] as const) {
      await writeFile(
        folder.path('sizes.dump'),
        writeCustomArchive(content, { minor: 14, compression: 'gzip', ...sizes }),
      )
      await sameAs('sizes.dump', ['pgdmp_custom', 'sql'])
      await tableByTable('sizes.dump')
    }
  })

  it('leaves out the tables that are not wanted', async () => {
    for (const name of ['gzip.dump', 'plain.sql', 'folder.tar.gz']) {
      const dump = await openDump(folder.path(name))
      const seen: string[] = []
      for await (const item of dump.items({ wantData: (table) => table.name === 'res_lang' })) {
        if (item.kind !== 'copy') continue
        seen.push(item.table.name)
        expect(await digest(item.data)).toEqual(expected.tables['public.res_lang'])
      }
      await dump.close()
      expect(seen).toEqual(['res_lang'])
    }
  })

  it('goes on when rows are left unread or half read', async () => {
    for (const name of ['gzip.dump', 'none.dump', 'plain.sql', 'tar.gz', 'custom.zip']) {
      const dump = await openDump(folder.path(name))
      let tables = 0
      for await (const item of dump.items()) {
        if (item.kind !== 'copy') continue
        if (tables % 3 === 1) for await (const _ of item.data) break
        if (tables % 3 === 2) item.data.destroy()
        tables++
      }
      await dump.close()
      expect(tables).toBe(Object.keys(expected.tables).length)
    }
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const dump = await openDump(folder.path('plain.sql'))
    const read = (async () => {
      for await (const item of dump.items({ signal: stop.signal })) if (item.kind === 'copy') stop.abort()
    })()
    await expect(read).rejects.toThrow(/abort/i)
    await dump.close()
  })
})

async function readContent(path: string): Promise<ArchiveContent> {
  const dump = await openDump(path)
  const rows = new Map<number, Buffer>()
  const objects: { oid: number; bytes: Buffer }[] = []
  for await (const item of dump.items()) {
    if (item.kind !== 'copy' && item.kind !== 'largeObject') continue
    const bytes = Buffer.concat(await item.data.toArray())
    if (item.kind === 'copy') rows.set(item.entry!.dumpId, Buffer.concat([bytes, Buffer.from('\\.\n\n\n')]))
    else objects.push({ oid: Number(item.oid), bytes })
  }
  await dump.close()
  const entries = dump.toc!
  const lists = entries.filter((entry) => entry.description === 'BLOBS')
  return { entries, rows, largeObjects: new Map(lists.map((entry) => [entry.dumpId, objects])) }
}
