import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { type RawEntry, rawZip } from '../../test/dumps/hostile-zip.ts'
import { packTar, packZip } from '../../test/dumps/pack.ts'
import { readAll } from '../../test/dumps/read-all.ts'
import { smallArchive, smallPlain } from '../../test/dumps/small-archive.ts'
import { temporaryFolder } from '../../test/dumps/temporary.ts'
import { writeArchiveFiles, writeCustomArchive } from '../../test/dumps/write-archive.ts'
import type { ErrorCode } from '../errors.ts'
import type { OpenOptions } from './open.ts'

const plain = smallPlain()
const dump: RawEntry = { name: 'dump.sql', bytes: plain }
const x = Buffer.from('x')

describe('hostile and foreign files', () => {
  const folder = temporaryFolder()
  let files = 0

  async function refused(bytes: Buffer, code: ErrorCode, options: OpenOptions = {}): Promise<void> {
    const path = folder.path(`file-${files++}`)
    await writeFile(path, bytes)
    await expect(readAll(path, options)).rejects.toMatchObject({ code })
  }

  it('reads the zip that the others are changed from', async () => {
    await writeFile(folder.path('honest.zip'), rawZip([dump, { name: 'filestore/ab/abc', bytes: x }]))
    const read = await readAll(folder.path('honest.zip'))
    expect(Object.keys(read.filestore)).toEqual(['ab/abc'])
    expect(Object.keys(read.tables).length).toBe(3)
  })

  const zips: [string, RawEntry[], ErrorCode][] = [
    ['a path upwards', [dump, { name: 'filestore/../../etc/cron.d/x', bytes: x }], 'DUMP:HOSTILE'],
    ['a path upwards with backslashes', [dump, { name: '..\\..\\x', bytes: x }], 'DUMP:HOSTILE'],
    ['an absolute path', [dump, { name: '/etc/passwd', bytes: x }], 'DUMP:HOSTILE'],
    ['a drive', [dump, { name: 'C:/x', bytes: x }], 'DUMP:HOSTILE'],
    ['a zero byte in a name', [dump, { name: 'a\0b', bytes: x }], 'DUMP:HOSTILE'],
    [
      'a symbolic link',
      [dump, { name: 'filestore/ab', bytes: Buffer.from('/etc'), mode: 0o120777 }],
      'DUMP:HOSTILE',
    ],
    ['a link for a dump', [{ ...dump, bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }], 'DUMP:HOSTILE'],
    ['a name twice', [dump, dump], 'DUMP:HOSTILE'],
    ['a name twice in another case', [dump, { name: 'DUMP.SQL', bytes: plain }], 'DUMP:HOSTILE'],
    [
      'an attachment twice',
      [dump, { name: 'filestore/a/b', bytes: x }, { name: 'filestore/a/B', bytes: x }],
      'DUMP:HOSTILE',
    ],
    ['a password', [{ ...dump, flags: 1 }], 'DUMP:ENCRYPTED'],
    [
      'a password on one attachment',
      [dump, { name: 'filestore/ab/abc', bytes: x, flags: 1 }],
      'DUMP:ENCRYPTED',
    ],
    ['strong encryption', [{ ...dump, flags: 0x41 }], 'DUMP:ENCRYPTED'],
    ['an unknown method', [{ ...dump, method: 14 }], 'DUMP:UNSUPPORTED'],
    ['a wrong checksum', [{ ...dump, crc: 1 }], 'DUMP:CORRUPT'],
    ['a size that is too small', [{ ...dump, size: plain.length - 1 }], 'DUMP:CORRUPT'],
    ['a size that is too large', [{ ...dump, size: plain.length + 1 }], 'DUMP:CORRUPT'],
    [
      'two dumps',
      [
        { name: 'a.sql', bytes: plain },
        { name: 'b.sql', bytes: plain },
      ],
      'DUMP:UNSUPPORTED',
    ],
    ['no dump', [{ name: 'filestore/ab/abc', bytes: x }], 'DUMP:FOREIGN'],
    ['nothing', [], 'DUMP:FOREIGN'],
    ['a damaged manifest', [dump, { name: 'manifest.json', bytes: Buffer.from('{"a":') }], 'DUMP:CORRUPT'],
    ['an empty dump', [{ name: 'dump.sql', bytes: Buffer.alloc(0) }], 'DUMP:EMPTY'],
  ]
  it.each(zips)('a zip with %s', async (_, entries, code) => refused(rawZip(entries), code))

  it.each([
    ['symlink', { name: 'x', type: 'symlink', linkname: '/etc/passwd' }],
    ['link', { name: 'x', type: 'link', linkname: 'dump.sql' }],
    ['device', { name: 'x', type: 'character-device' }],
    ['pipe', { name: 'x', type: 'fifo' }],
  ] as const)('a tar with a %s', async (_, header) => {
    const tar = pack()
    const packed = buffer(tar)
    tar.entry(header)
    tar.entry({ name: 'dump.sql' }, plain)
    tar.finalize()
    await refused(await packed, 'DUMP:HOSTILE')
    await refused(gzipSync(await packed), 'DUMP:HOSTILE')
  })

  it.each(['../dump.sql', '/dump.sql', 'a/../../dump.sql', `${'long/'.repeat(60)}../../dump.sql`])(
    'a tar with the name %s',
    async (name) => refused(await packTar({ [name]: plain }), 'DUMP:HOSTILE'),
  )

  it('a tar with a name twice', async () => {
    const once = await packTar({ 'dump.sql': plain })
    const twice = Buffer.concat([once.subarray(0, once.length - 1024), once])
    await refused(twice, 'DUMP:HOSTILE')
  })

  it('names in a table of contents that lead elsewhere', async () => {
    const toc = writeArchiveFiles(smallArchive(), { minor: 14, compression: 'none' })
    for (const name of ['../a.dat', '/a.dat.', 'b/..dat', '..']) {
      const changed = new Map(toc)
      const contents = Buffer.from(toc.get('toc.dat')!)
      const at = contents.indexOf('20.dat')
      const bytes = Buffer.concat([
        contents.subarray(0, at - 4),
        length(name),
        Buffer.from(name),
        contents.subarray(at + 6),
      ])
      changed.set('toc.dat', bytes)
      await refused(await packZip(Object.fromEntries(changed)), 'DUMP:HOSTILE')
    }
  })

  it('a folder with links', async () => {
    for (const [name, at] of [
      ['linked-data', '20.dat'],
      ['linked-toc', 'toc.dat'],
    ] as const) {
      const root = folder.path(name)
      await mkdir(root)
      for (const [file, bytes] of writeArchiveFiles(smallArchive(), { minor: 14, compression: 'none' }))
        if (file !== at) await writeFile(`${root}/${file}`, bytes)
      await writeFile(folder.path(`${name}.secret`), plain)
      await symlink(folder.path(`${name}.secret`), `${root}/${at}`)
      await expect(readAll(root)).rejects.toMatchObject({ code: 'DUMP:HOSTILE' })
    }
  })

  describe('bombs', () => {
    const limit = { freeBytes: 4 * 1024 * 1024, ratio: 200 }
    const rows = Buffer.from(
      `CREATE TABLE t (a text);\nCOPY t (a) FROM stdin;\n${'\\N\n'.repeat(8 * 1024 * 1024)}`,
    )

    it('gzip, zstd, zip', async () => {
      await refused(gzipSync(rows), 'DUMP:BOMB', { limit })
      await refused(zstdCompressSync(rows), 'DUMP:BOMB', { limit })
      await refused(rawZip([{ name: 'dump.sql', bytes: rows }]), 'DUMP:BOMB', { limit })
    })

    it('layer in layer', async () => {
      await refused(gzipSync(gzipSync(rows)), 'DUMP:BOMB', { limit })
      await refused(gzipSync(rawZip([{ name: 'dump.sql', bytes: rows }])), 'DUMP:BOMB', { limit })
      await refused(await packZip({ 'dump.sql.gz': gzipSync(rows) }), 'DUMP:BOMB', { limit })
    })

    it('within the blocks of an archive and the files of a directory', async () => {
      const content = { ...smallArchive(), rows: new Map([...smallArchive().rows, [20, rows]]) }
      await refused(writeCustomArchive(content, { minor: 14, compression: 'gzip' }), 'DUMP:BOMB', { limit })
      const packed = Object.fromEntries(writeArchiveFiles(content, { minor: 16, compression: 'zstd' }))
      await refused(await packTar(packed), 'DUMP:BOMB', { limit })
    })

    it('too many layers', async () => {
      let bytes: Buffer = plain
      for (let i = 0; i < 8; i++) bytes = gzipSync(bytes)
      await refused(bytes, 'DUMP:HOSTILE')
    })

    it('lengths and counts of a table of contents that are not there', async () => {
      const archive = writeCustomArchive(smallArchive(), { minor: 14, compression: 'none' })
      const count = archive.indexOf(Buffer.from('ENCODING')) - 36
      for (let at = count; at < count + 200; at++) {
        const damaged = Buffer.from(archive)
        damaged.writeUInt32LE(0x3fff_fff0, at)
        const before = process.memoryUsage().rss
        const path = folder.path('lengths.dump')
        await writeFile(path, damaged)
        await readAll(path).catch((thrown: unknown) => expect(thrown).toHaveProperty('code'))
        expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
      }
    })
  })

  it.each<[string, string, ErrorCode]>([
    ['MySQL', '-- MySQL dump 10.13\n\nCREATE TABLE `t` (`a` int);\n', 'DUMP:FOREIGN'],
    ['a web page', '<!DOCTYPE html><html>select</html>', 'DUMP:FOREIGN'],
    ['JSON', '{"create": 1}', 'DUMP:FOREIGN'],
    ['prose', 'Dear all, here is the dump.', 'DUMP:FOREIGN'],
    ['zero bytes', '\0'.repeat(4096), 'DUMP:FOREIGN'],
    ['UTF-16', '\ufeffSET client_encoding', 'DUMP:UNSUPPORTED'],
  ])('%s', async (name, text, code) =>
    refused(Buffer.from(text, name === 'UTF-16' ? 'utf16le' : 'utf8'), code),
  )

  it('a missing and an empty file', async () => {
    await expect(readAll(folder.path('nowhere'))).rejects.toMatchObject({ code: 'DUMP:MISSING' })
    await refused(Buffer.alloc(0), 'DUMP:EMPTY')
    await expect(readAll('/dev/null')).rejects.toMatchObject({ code: 'DUMP:FOREIGN' })
  })

  it('toc.dat alone, and a version that is not known', async () => {
    await refused(
      writeArchiveFiles(smallArchive(), { minor: 14, compression: 'none' }).get('toc.dat')!,
      'DUMP:UNSUPPORTED',
    )
    await refused(writeCustomArchive(smallArchive(), { minor: 17, compression: 'none' }), 'DUMP:UNSUPPORTED')
    await refused(writeCustomArchive(smallArchive(), { minor: 9, compression: 'none' }), 'DUMP:UNSUPPORTED')
  })
})

function length(name: string): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(Buffer.byteLength(name))
  return bytes
}
