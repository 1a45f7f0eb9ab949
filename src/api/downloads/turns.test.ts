import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

const never = new AbortController().signal

/** Takes a place and says whether it was given at once. */
async function taken(turns: Turns, owner: number, signal = never) {
  let free: (() => void) | null = null
  const taking = turns.take(owner, signal).then((given) => {
    free = given
    return given
  })
  taking.catch(() => {})
  await new Promise(setImmediate)
  return { taking, free: () => free?.(), started: () => free !== null }
}

test('so many at a time, the others in their order', async () => {
  const turns = new Turns(2, 2)
  const [a, b, c, d] = [
    await taken(turns, 1),
    await taken(turns, 2),
    await taken(turns, 3),
    await taken(turns, 4),
  ]
  expect([a, b, c, d].map((turn) => turn.started())).toEqual([true, true, false, false])
  a.free()
  a.free()
  await c.taking
  expect(d.started()).toBe(false)
  b.free()
  await d.taking
  expect(turns.waiting).toBe(0)
})

test('one owner leaves places to others, also when he came first', async () => {
  const turns = new Turns(3, 2)
  const mine = [await taken(turns, 1), await taken(turns, 1), await taken(turns, 1)]
  expect(mine.map((turn) => turn.started())).toEqual([true, true, false])
  const other = await taken(turns, 2)
  expect(other.started()).toBe(true)
  mine[0]!.free()
  await mine[2]!.taking
})

test('who goes away while he waits holds nobody up', async () => {
  const turns = new Turns(1, 1)
  const first = await taken(turns, 1)
  const abort = new AbortController()
  const second = await taken(turns, 2, abort.signal)
  const third = await taken(turns, 3)
  abort.abort(new Error('gone'))
  await expect(second.taking).rejects.toThrow('gone')
  first.free()
  await third.taking
  await expect(turns.take(4, abort.signal)).rejects.toThrow('gone')
})
