import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKey } from './key.ts'
import { KeySeal, openSeal } from './seal.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-seal-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const seal = new KeySeal(Buffer.alloc(32, 1))

test('what is sealed is opened again, and never sealed twice in the same way', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(seal.open(seal.seal(text))).toBe(text)
    }),
  )
  const key = createKey()
  expect(seal.seal(key)).not.toEqual(seal.seal(key))
  expect(seal.seal(key).includes(key)).toBe(false)
})

test('with another secret, changed, cut off or empty nothing is opened', () => {
  const sealed = seal.seal(createKey())
  expect(new KeySeal(Buffer.alloc(32, 2)).open(sealed)).toBeNull()
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at]! ^= 1
    expect(seal.open(changed)).toBeNull()
    expect(seal.open(sealed.subarray(0, at))).toBeNull()
  }
})

test('the secret is made once, for its owner alone', async () => {
  const dataFolder = join(folder, 'new', 'data')
  const first = await openSeal({ dataFolder })
  expect((await openSeal({ dataFolder })).open(first.seal('x'))).toBe('x')
  expect((await stat(join(dataFolder, 'secret'))).mode & 0o777).toBe(0o600)
  expect(await readdir(dataFolder)).toEqual(['secret'])
})

test('processes that start at once have one secret', async () => {
  const script = `
    const { openSeal } = await import(${JSON.stringify(join(import.meta.dirname, 'seal.ts'))})
    const seal = await openSeal({ dataFolder: ${JSON.stringify(folder)} })
    console.log(seal.seal('x').toString('hex'))`
  const all = await Promise.all(
    Array.from({ length: 4 }, () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]),
    ),
  )
  const here = await openSeal({ dataFolder: folder })
  expect(all.map(({ stdout }) => here.open(Buffer.from(stdout.trim(), 'hex')))).toEqual(['x', 'x', 'x', 'x'])
  const there = await Promise.all(
    Array.from({ length: 20 }, () => openSeal({ dataFolder: join(folder, 'in') })),
  )
  for (const other of there) expect(there[0]!.open(other.seal('y'))).toBe('y')
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['in', 'secret']))
  expect(await readdir(folder)).toHaveLength(2)
})

test('a file that is no secret is told and left alone', async () => {
  const path = join(folder, 'secret')
  await writeFile(path, 'short')
  await expect(openSeal({ dataFolder: folder })).rejects.toMatchObject({ code: 'CONFIG:INVALID' })
  expect(await readFile(path, 'utf8')).toBe('short')
})
