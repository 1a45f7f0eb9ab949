import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lz4Frame } from '../../../test/dumps/lz4-compress.ts'
import { unpackLz4 } from './lz4.ts'
import { XxHash32 } from './xxhash32.ts'

async function unpack(bytes: Buffer, size: number): Promise<Buffer> {
  let at = 0
  const pieces: Buffer[] = []
  for await (const piece of unpackLz4(async () => {
    if (at >= bytes.length) return null
    at += size
    return bytes.subarray(at - size, at)
  }))
    pieces.push(piece)
  return Buffer.concat(pieces)
}

describe('LZ4 frames', () => {
  const repeated = fc
    .tuple(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 900 }),
      fc.uint8Array({ maxLength: 500 }),
    )
    .map(([word, times, rest]) => Buffer.concat([...Array(times).fill(Buffer.from(word)), Buffer.from(rest)]))
  const options = fc.record({
    linked: fc.boolean(),
    blockChecksums: fc.boolean(),
    contentChecksum: fc.boolean(),
    contentSize: fc.boolean(),
  })

  it('unpack to what was packed', () =>
    fc.assert(
      fc.asyncProperty(repeated, options, fc.integer({ min: 1, max: 70_000 }), async (data, form, size) => {
        expect((await unpack(lz4Frame(data, form), Math.max(size, 50))).equals(data)).toBe(true)
      }),
      { numRuns: 60 },
    ))

  it('one after another, with a frame between that is to be skipped', async () => {
    const skipped = Buffer.from('502a4d1803000000616263', 'hex')
    const frames = Buffer.concat([lz4Frame(Buffer.from('one ')), skipped, lz4Frame(Buffer.from('two'))])
    expect((await unpack(frames, 7)).toString()).toBe('one two')
  })

  it('from the lz4 program', async () => {
    const frame = '04224d186440a7120000008f70675f64756d70200800105064756d702100000000b40d71b4'
    expect((await unpack(Buffer.from(frame, 'hex'), 5)).toString()).toBe(`${'pg_dump '.repeat(5)}pg_dump!`)
  })
})

describe('XXH32', () => {
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('of %j', (text, expected) => {
    expect(new XxHash32().update(Buffer.from(text)).digest()).toBe(expected)
    const inPieces = new XxHash32()
    for (const letter of text) inPieces.update(Buffer.from(letter))
    expect(inPieces.digest()).toBe(expected)
  })
})
