import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decoder } from '../dumps/text.ts'
import { CopyRowReader } from './copy-rows.ts'
import { unescapeCopyField } from './copy-text.ts'

const columns = ['id', 'name', 'skipped', 'datas', 'last']

/** Rows as [name, bytes of datas, last] out of COPY text in pieces of one size. */
function read(text: string, size = 1000): unknown[] {
  const rows: unknown[] = []
  const sink = {
    texts: ['name', 'last'],
    sizes: ['datas'],
    row: (value: (name: string) => string | null, bytes: (name: string) => number | null) => {
      rows.push([value('name'), bytes('datas'), value('last')])
    },
  }
  const reader = new CopyRowReader(columns, sink, decoder('UTF8'))
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  return rows
}

describe('fields of COPY text', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['\\N', null],
    ['\\\\N', '\\N'],
    ['a\\tb\\nc\\rd\\be\\ff\\v', 'a\tb\nc\rd\be\ff\v'],
    ['\\\\', '\\'],
    ['\\101\\x42\\103d\\7', 'ABCd\u0007'],
    ['\\xg', 'xg'],
    ['\\q\\.', 'q.'],
    ['é€', 'é€'],
  ])('%j', (field, expected) => {
    expect(unescapeCopyField(Buffer.from(field))?.toString() ?? null).toBe(expected)
  })
})

describe('rows of COPY text', () => {
  const text = [
    '1\tone\tx\t\\\\x616263\t\\N',
    '2\t\\N\ty\\ty\t\\N\tz',
    '3\té\\n\t\ta\\\\000\\\\\\\\b\tlast',
    '4\tfour\t\t\\\\x\t',
  ]
  const expected = [
    ['one', 3, null],
    [null, null, 'z'],
    ['é\n', 4, 'last'],
    ['four', 0, ''],
  ]

  it('gives texts and sizes of the columns that are wanted', () => {
    expect(read(`${text.join('\n')}\n`)).toEqual(expected)
  })

  it('wherever the pieces cut them', () => {
    for (let size = 1; size < 60; size++) expect(read(`${text.join('\n')}\n`, size)).toEqual(expected)
  })

  it('measures bytea of any content in both forms', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.integer({ min: 1, max: 9 }), (content, size) => {
        const escaped = [...content]
          .map((byte) => {
            if (byte === 0x5c) return '\\\\\\\\'
            return byte < 32 || byte > 126
              ? `\\\\${byte.toString(8).padStart(3, '0')}`
              : String.fromCharCode(byte)
          })
          .join('')
        const hex = `\\\\x${Buffer.from(content).toString('hex')}`
        expect(read(`1\ta\t\t${hex}\tb\n2\ta\t\t${escaped}\tb\n`, size)).toEqual([
          ['a', content.length, 'b'],
          ['a', content.length, 'b'],
        ])
      }),
    ))
})
