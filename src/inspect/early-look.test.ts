import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRealDatabases, realDatabase, realDatabases } from '../../test/setup/databases.ts'
import { openDump } from '../dumps/open.ts'
import { type EarlyLook, earlyLook, NOT_YET } from './early-look.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-early-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A look at the first bytes of a file that will have all of them. */
async function lookAtStart(path: string, bytes: number): Promise<EarlyLook | typeof NOT_YET> {
  const handle = await open(path)
  const start = Buffer.alloc(bytes)
  const { bytesRead } = await handle.read(start, 0, bytes, 0)
  await handle.close()
  const part = join(folder, 'part')
  await writeFile(part, start.subarray(0, bytesRead))
  return earlyLook(part, { wholeBytes: (await stat(path)).size, ms: 60_000 })
}

const dumps = hasRealDatabases
  ? (await readdir(realDatabases)).filter((name) => /\.(dump|zip)$/.test(name))
  : []

describe.skipIf(!hasRealDatabases)('the beginning of real dumps', () => {
  test.each(dumps)('%s tells its version and about its modules', async (name) => {
    const series = /-(\d+\.\d)-/.exec(name)![1]!
    for (const megabytes of [1, 2, 4]) {
      const look = (await lookAtStart(realDatabase(name), megabytes * 1_000_000)) as EarlyLook
      expect(look, `${megabytes} MB`).toMatchObject({
        version: series,
        postgresql: /^(6|7|8|9|10|11|12)\.\d$/.test(series) && Number(series) < 13 ? '9.6' : '15',
      })
      expect(look.modules, `${megabytes} MB`).toContain(
        name.includes('base') || name.includes('small') || look.modulesAre === 'read' ? 'base' : 'account',
      )
    }
    const whole = (await lookAtStart(realDatabase(name), (await stat(realDatabase(name))).size)) as EarlyLook
    expect(whole).toMatchObject({ version: series, versionIs: 'read', modulesAre: 'read' })
  })

  test.each(['sql', 'sql.gz', 'sql.zst'])('a plain dump, %s', async (ending) => {
    const dump = await openDump(realDatabase('odoo-8.0-small-backup.zip'))
    const pieces: Buffer[] = []
    for await (const piece of dump.openText!()) pieces.push(piece)
    await dump.close()
    const text = Buffer.concat(pieces)
    const path = join(folder, `plain.${ending}`)
    await writeFile(
      path,
      ending === 'sql' ? text : ending === 'sql.gz' ? gzipSync(text) : zstdCompressSync(text),
    )
    expect(await lookAtStart(path, ending === 'sql' ? 1_000_000 : 300_000)).toMatchObject({
      version: '8.0',
      postgresql: '9.6',
    })
    expect(await lookAtStart(path, (await stat(path)).size)).toMatchObject({
      version: '8.0',
      versionIs: 'read',
      modulesAre: 'read',
    })
  })
})

test('before the head is there nothing is said', async () => {
  const path = join(folder, 'short')
  await writeFile(path, Buffer.from('PGDMP\x01\x0e'))
  expect(await earlyLook(path, { wholeBytes: 1000 })).toBe(NOT_YET)
  await writeFile(path, gzipSync('-- PostgreSQL database dump\n').subarray(0, 12))
  expect(await earlyLook(path, { wholeBytes: 1000 })).toBe(NOT_YET)
  await writeFile(path, Buffer.from('PK\x03\x04'))
  expect(await earlyLook(path, { wholeBytes: 1000 })).toBe(NOT_YET)
})

test('what is no dump is told at once', async () => {
  const path = join(folder, 'picture')
  await writeFile(path, Buffer.concat([Buffer.from('\x89PNG\r\n'), Buffer.alloc(140_000, 7)]))
  await expect(earlyLook(path, { wholeBytes: 10_000_000 })).rejects.toMatchObject({ code: 'DUMP:FOREIGN' })
})

test('a dump that only begins is still refused as a whole one', async () => {
  const whole = await readFile(hasRealDatabases ? realDatabase('odoo-17.0-base.dump') : import.meta.filename)
  const path = join(folder, 'cut')
  await writeFile(path, whole.subarray(0, Math.ceil(whole.length / 2)))
  await expect(openDump(path)).rejects.toMatchObject({ code: expect.stringMatching(/^DUMP:/) })
})
