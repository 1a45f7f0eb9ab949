import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRealDatabases, testServer } from '../../../test/setup/databases.ts'
import { withRestored } from '../../../test/setup/restored.ts'
import { type Fingerprint, fingerprint } from '../../../test/write/fingerprint.ts'
import { restoreInto } from '../../../test/write/restore.ts'
import { findPrograms } from '../../postgres/programs.ts'
import type { DatabaseAddress } from '../../postgres/server.ts'
import type { OutputFormat } from './options.ts'
import { writeDump } from './write.ts'

const run = promisify(execFile)
const FORMATS: OutputFormat[] = ['custom', 'directory', 'tar', 'plain', 'zip']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-write-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(!hasRealDatabases)('a real database', () => {
  for (const name of ['odoo-17.0-base', 'odoo-8.0-base'])
    test(`${name} comes back the same from every format`, async () => {
      await withWhole(name, async (connection, before) => {
        for (const format of FORMATS) {
          const out = join(folder, `${name}.${format}`)
          const written = await writeDump({ connection, out, format, postgresql: '15' })
          expect(written.rows).toBe(rowsOf(before))
          expect(written.tables).toBe(Object.keys(before.tables).length)
          if (written.sha256 !== null) {
            const bytes = await readFile(out)
            expect(written.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
            expect(written.bytes).toBe(bytes.length)
          }
          expect(await restoreInto(testServer().admin, format, out, fingerprint)).toEqual(before)
        }
      })
    })

  test('pg_restore lists the custom archive as it lists that of pg_dump', async () => {
    await withWhole('odoo-17.0-base', async (connection) => {
      const [ours, theirs] = [join(folder, 'ours.dump'), join(folder, 'theirs.dump')]
      await writeDump({ connection, out: ours, format: 'custom', postgresql: '15' })
      const programs = findPrograms()
      const { host, port, user, database } = connection
      await run(join(programs, 'pg_dump'), [
        '-Fc',
        '-O',
        '-x',
        '-h',
        host,
        '-p',
        String(port),
        '-U',
        user,
        '-f',
        theirs,
        database,
      ])
      const listed = async (path: string) =>
        (await run(join(programs, 'pg_restore'), ['-l', path], { maxBuffer: 2 ** 26 })).stdout
          .split('\n')
          .filter((line) => !line.startsWith(';'))
          // Ours names no owner.
          .map((line) => line.replace(new RegExp(` ${user}$`), '').trim())
      expect(await listed(ours)).toEqual(await listed(theirs))
    })
  })

  test('the filestore and the manifest are in the zip as Odoo has them', async () => {
    await withWhole('odoo-17.0-base', async (connection) => {
      const content = Buffer.from('content of a file')
      const sha1 = createHash('sha1').update(content).digest('hex')
      const store = await mkdtemp(join(folder, 'store-'))
      const { mkdir } = await import('node:fs/promises')
      await mkdir(join(store, sha1.slice(0, 2)))
      await mkdir(join(store, 'checklist'))
      await writeFile(join(store, sha1.slice(0, 2), sha1), content)
      const out = join(folder, 'backup.zip')
      const written = await writeDump({
        connection,
        out,
        format: 'zip',
        postgresql: '15',
        databaseName: 'customer',
        filestore: [store, store],
      })
      expect(written.files).toBe(1)
      const member = async (name: string) =>
        (await run('unzip', ['-p', out, name], { maxBuffer: 2 ** 26, encoding: 'buffer' })).stdout
      expect(await member(`filestore/${sha1.slice(0, 2)}/${sha1}`)).toEqual(content)
      expect(JSON.parse((await member('manifest.json')).toString())).toMatchObject({
        odoo_dump: '1',
        db_name: 'customer',
        version: '17.0',
        version_info: [17, 0, 0, 'final', 0, ''],
        major_version: '17.0',
        pg_version: '15.0',
        modules: { base: '17.0.1.3', web: '17.0.1.0' },
      })
      await run('unzip', ['-tq', out])
    })
  })
})

describe('what stays behind', () => {
  test('an existing file is replaced only when asked, and then whole', async () => {
    await withSmall(async (connection) => {
      const out = join(folder, 'existing.dump')
      await writeFile(out, 'precious')
      const options = { connection, out, format: 'custom', postgresql: '15' } as const
      await expect(writeDump(options)).rejects.toMatchObject({ code: 'OUTPUT:EXISTS' })
      expect(await readFile(out, 'utf8')).toBe('precious')
      await writeDump({ ...options, force: true })
      expect((await readFile(out)).subarray(0, 5).toString()).toBe('PGDMP')
    })
  })

  test.each(FORMATS)('nothing half-written after an abort in the middle of %s', async (format) => {
    await withSmall(async (connection) => {
      const place = await mkdtemp(join(folder, 'aborted-'))
      const abort = new AbortController()
      const out = join(place, 'out')
      const writing = writeDump({
        connection,
        out,
        format,
        postgresql: '15',
        signal: abort.signal,
        onProgress: () => abort.abort(new Error('enough')),
      })
      await expect(writing).rejects.toThrow('enough')
      expect(await readdir(place)).toEqual([])
    })
  })

  test('nothing half-written when the disk is full', async () => {
    await withSmall(async (connection) => {
      const { FileSink } = await import('./sink.ts')
      const sink = new FileSink(
        '/dev/full',
        await (await import('node:fs/promises')).open('/dev/full', 'w'),
        false,
      )
      await sink.write(Buffer.alloc(10))
      const full = await sink.finish().catch((thrown: unknown) => thrown)
      expect(full).toMatchObject({ code: 'ENOSPC' })
      await sink.abandon()
      const place = await mkdtemp(join(folder, 'full-'))
      const { intoPlace } = await import('./partial.ts')
      const failing = intoPlace(
        join(place, 'out'),
        { force: false, signal: new AbortController().signal },
        async (partial) => {
          await writeDump({ connection, out: partial, format: 'custom', postgresql: '15' })
          throw full
        },
      )
      await expect(failing).rejects.toMatchObject({ code: 'DISK:FULL' })
      expect(await readdir(place)).toEqual([])
    })
  })

  test('a place that cannot be written to is told before anything is read', async () => {
    await withSmall(async (connection) => {
      const out = join(folder, 'no', 'such', 'folder', 'x.dump')
      await expect(writeDump({ connection, out, format: 'custom', postgresql: '15' })).rejects.toMatchObject({
        code: 'OUTPUT:EXISTS',
      })
      expect(existsSync(join(folder, 'no'))).toBe(false)
    })
  })
})

test('names and values that look like SQL, paths or terminators come back as they are', async () => {
  await withSmall(async (connection, client) => {
    await client.query(
      `CREATE TABLE "we\\.ird""\n; DROP TABLE t; --" (a text, "b""c" bytea, d float8, e numeric, f int[])`,
    )
    await client.query(
      `INSERT INTO "we\\.ird""\n; DROP TABLE t; --" VALUES
         (E'\\\\.', '\\x00ff', 'NaN', 1e-20, '{1,NULL}'), (E'a\\tb\\nc\\\\', NULL, 0.1::float8 + 0.2, NULL, NULL), (repeat('é', 700000), '', 'Infinity', 0, '{}')`,
    )
    const before = await fingerprint(client)
    for (const format of ['custom', 'directory', 'tar', 'plain'] as const) {
      const out = join(folder, `names.${format}`)
      await writeDump({ connection, out, format, postgresql: '15' })
      expect(await restoreInto(testServer().admin, format, out, fingerprint)).toEqual(before)
    }
  })
})

test('large objects come back', async () => {
  await withSmall(async (connection, client) => {
    const large = Buffer.alloc(2_500_000, 'large object ')
    await client.query('SELECT lo_from_bytea(0, $1), lo_create(0)', [large])
    const content = async (of: import('pg').Client) =>
      (await of.query(`SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1`)).rows
    const before = await content(client)
    expect(before).toHaveLength(2)
    for (const format of FORMATS)
      for (const compression of [0, 6]) {
        const out = join(folder, `large-${compression}.${format}`)
        await writeDump({ connection, out, format, postgresql: '15', compression })
        expect(await restoreInto(testServer().admin, format, out, content)).toEqual(before)
      }
  })
})

async function withWhole(
  name: string,
  work: (connection: DatabaseAddress, before: Fingerprint) => Promise<void>,
): Promise<void> {
  await withRestored(`${name}.dump`, [], async (client) => {
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name')
    await work({ ...testServer().admin, database: rows[0]!.name }, await fingerprint(client))
  })
}

async function withSmall(
  work: (connection: DatabaseAddress, client: import('pg').Client) => Promise<void>,
): Promise<void> {
  const scratch = await testServer().createScratch()
  try {
    await scratch.with(async (client) => {
      await client.query(
        `CREATE TABLE t AS SELECT i, repeat(md5(i::text), 20) AS text FROM generate_series(1, 20000) i`,
      )
      await client.query(`CREATE TABLE ir_module_module (name text, state text, latest_version text)`)
      await client.query(`INSERT INTO ir_module_module VALUES ('base', 'installed', '17.0.1.3')`)
      await client.query('ANALYZE')
      await work(scratch.address, client)
    })
  } finally {
    await scratch.drop()
  }
}

function rowsOf(content: Fingerprint): number {
  return Object.values(content.tables).reduce((sum, { rows }) => sum + Number(rows), 0)
}
