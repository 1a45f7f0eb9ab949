import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { lz4Frame } from '../../test/dumps/lz4-compress.ts'
import { packTar, packZip } from '../../test/dumps/pack.ts'
import { type ReadDump, readAll } from '../../test/dumps/read-all.ts'
import { smallArchive, smallPlain } from '../../test/dumps/small-archive.ts'
import { temporaryFolder } from '../../test/dumps/temporary.ts'
import { writeArchiveFiles, writeCustomArchive } from '../../test/dumps/write-archive.ts'
import { type ErrorCode, UpliftError } from '../errors.ts'

const content = smallArchive()
const plain = smallPlain(content)
const files = (compression: 'none' | 'gzip' | 'lz4' | 'zstd') =>
  Object.fromEntries(writeArchiveFiles(content, { minor: 16, compression }))
const through = (program: string, bytes: Buffer) => execFileSync(program, ['-c'], { input: bytes })

const forms: Record<string, () => Promise<Buffer> | Buffer> = {
  'custom, none': () => writeCustomArchive(content, { minor: 14, compression: 'none' }),
  'custom, gzip': () => writeCustomArchive(content, { minor: 14, compression: 'gzip' }),
  'custom, gzip, no offsets': () =>
    writeCustomArchive(content, { minor: 12, compression: 'gzip', offsets: false }),
  'custom, lz4': () => writeCustomArchive(content, { minor: 16, compression: 'lz4' }),
  'custom, zstd': () => writeCustomArchive(content, { minor: 16, compression: 'zstd' }),
  tar: () => packTar(files('none')),
  'gzip of tar': async () => gzipSync(await packTar(files('gzip'))),
  'zip of a directory': () => packZip(files('gzip')),
  plain: () => plain,
  'plain in gzip': () => gzipSync(plain),
  'plain in zstd': () => zstdCompressSync(plain),
  'plain in lz4': () => lz4Frame(plain),
  'plain in xz': () => through('xz', plain),
  'plain in bzip2': () => through('bzip2', plain),
  'backup zip': () =>
    packZip({
      'dump.sql': plain,
      'manifest.json': Buffer.from('{"odoo_dump": "1"}'),
      'filestore/ab/abcd': plain,
    }),
}

/** Cutting a custom archive before its last byte, or a plain dump before its last line, must always be seen. */
const CUTS = 100
const FLIPS = 100
/** Codes that damage may give; nothing else, and never a crash. */
const DAMAGE: ErrorCode[] = [
  'DUMP:TRUNCATED',
  'DUMP:CORRUPT',
  'DUMP:FOREIGN',
  'DUMP:UNSUPPORTED',
  'DUMP:HOSTILE',
  'DUMP:ENCRYPTED',
  'DUMP:EMPTY',
]

describe('damaged dumps', () => {
  const folder = temporaryFolder()
  let scratch = ''
  beforeAll(async () => {
    scratch = await mkdtemp(folder.path('scratch-'))
  })

  const read = (path: string) => readAll(path, { scratch })

  /** The code of the error that reading gives, or what was read. Bounded in time, and it leaves nothing behind. */
  async function outcome(path: string): Promise<ErrorCode | ReadDump> {
    const open = openFiles()
    const started = performance.now()
    try {
      return await read(path)
    } catch (thrown) {
      if (!(thrown instanceof UpliftError)) throw thrown
      return thrown.code
    } finally {
      expect(performance.now() - started).toBeLessThan(5000)
      expect(openFiles()).toBeLessThanOrEqual(open)
      expect(await readdir(scratch)).toEqual([])
    }
  }

  describe.each(Object.entries(forms))('%s', (name, make) => {
    const path = () => folder.path(name.replaceAll(/\W/g, '-'))
    let bytes: Buffer
    let whole: ReadDump
    beforeAll(async () => {
      bytes = await make()
      await writeFile(path(), bytes)
      whole = await read(path())
    })

    it('is read when it is whole', () => {
      expect(Object.values(whole.tables).map((table) => table.rows)).toEqual([40, 80, 120])
    })

    it(`is found cut off at ${CUTS} random places`, async () => {
      const random = generator(name)
      const end = lastNeededByte(name, bytes)
      for (let i = 0; i < CUTS; i++) {
        const at = Math.floor(random() * end)
        await writeFile(path(), bytes.subarray(0, at))
        const found = await outcome(path())
        // Fewer bytes than tell what a file is cannot tell that it was cut off.
        const expected =
          at < 600 ? expect.stringMatching(/^DUMP:(TRUNCATED|EMPTY|FOREIGN)$/) : 'DUMP:TRUNCATED'
        expect([at, found]).toEqual([at, expected])
      }
    })

    it(`gives a clear error or its tables with ${FLIPS} random bits flipped`, async () => {
      const random = generator(`${name} flipped`)
      let failed = 0
      for (let i = 0; i < FLIPS; i++) {
        const damaged = Buffer.from(bytes)
        const at = Math.floor(random() * bytes.length)
        damaged[at]! ^= 1 << Math.floor(random() * 8)
        await writeFile(path(), damaged)
        const found = await outcome(path())
        if (typeof found === 'string') {
          failed++
          expect(DAMAGE).toContain(found)
        } else if (checksummed(name)) expect([at, found.tables]).toEqual([at, whole.tables])
      }
      if (checksummed(name)) expect(failed).toBeGreaterThan(FLIPS / 4)
    })
  })

  it('a directory archive with a file cut off or missing', async () => {
    const random = generator('directory')
    const all = Object.entries(files('gzip'))
    for (let i = 0; i < 40; i++) {
      const root = folder.path(`directory-${i}`)
      const [victim, bytes] = all[Math.floor(random() * all.length)]!
      for (const [name, content] of all) await write(join(root, name), content)
      const missing = i % 4 === 0
      const at = Math.floor(random() * (bytes.length - 1))
      if (missing) await rm(join(root, victim))
      else await writeFile(join(root, victim), bytes.subarray(0, at))
      const found = await outcome(root)
      const expected = expect.stringMatching(
        victim === 'blobs.toc' ? /TRUNCATED|CORRUPT/ : /TRUNCATED|FOREIGN/,
      )
      expect([victim, at, found]).toEqual([victim, at, expected])
    }
  })
})

/** Where the bytes end without which the dump is not whole; what follows is padding or blank. */
function lastNeededByte(name: string, bytes: Buffer): number {
  if (name === 'plain') return bytes.lastIndexOf(' complete')
  // A tar ends with blocks of zeros, of which one is enough.
  if (name === 'tar') return bytes.length - 1024
  return bytes.length - 1
}

/** Forms whose rows are under a checksum, so that no flipped bit can change them unseen. */
function checksummed(name: string): boolean {
  return /gzip|zip|xz|bzip2|in lz4/.test(name)
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function generator(seed: string): () => number {
  let state = 0
  for (const letter of seed) state = (Math.imul(state, 31) + letter.charCodeAt(0)) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length
}

async function write(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}
