import { expect, test } from 'vitest'
import { Parts, partSize } from './parts.ts'

const MB = 1024 * 1024
const TB = 1024 * 1024 * MB

test('ten thousand parts of unknown total hold more than the largest upload', () => {
  let sum = 0
  for (let index = 0; index < 10_000; index++) sum += partSize(index)
  expect(sum).toBeGreaterThan(1.05 * TB)
})

test.each([0, 1, 8 * MB, 78 * 1024 * MB, 78_125 * MB + 1, TB, 5 * TB])('a known total of %d', (total) => {
  const size = partSize(0, total)
  expect(size * 10_000).toBeGreaterThanOrEqual(total)
  expect(size).toBeGreaterThanOrEqual(8 * MB)
  expect(partSize(9_999, total)).toBe(size)
})

test('parts are full but for the last, which is empty only when there is nothing', async () => {
  const lengths = async (bytes: number, chunk: number) => {
    async function* chunks() {
      for (let left = bytes; left > 0; left -= chunk) yield Buffer.alloc(Math.min(left, chunk))
    }
    const parts = new Parts()
    const found: number[] = []
    for await (const part of parts.of(chunks())) {
      found.push(part.length)
      parts.release(part)
    }
    return found
  }
  expect(await lengths(0, 1)).toEqual([0])
  expect(await lengths(8 * MB, MB)).toEqual([8 * MB])
  expect(await lengths(8 * MB + 1, 3 * MB)).toEqual([8 * MB, 1])
  expect(await lengths(20 * MB, 20 * MB)).toEqual([8 * MB, 8 * MB, 4 * MB])
})
