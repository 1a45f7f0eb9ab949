import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exitCodes } from '../../src/cli/exit.ts'
import { start, uplift } from './run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('help names every command and explains every exit code', async () => {
  const { code, out } = await uplift('--help')
  expect(code).toBe(0)
  for (const name of [
    'inspect',
    'upgrade',
    'verify',
    'catalogue',
    'reference',
    'sample',
    'contract',
    'doctor',
  ])
    expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
  for (const [number, meaning] of Object.entries(exitCodes))
    expect(out).toContain(`${number.padEnd(4)} ${meaning}`)
})

test.each([
  [['upgrade', 'x.dump'], 'option'],
  [['upgrade', 'x.dump', '--to', '8.0', '-o', 'y', '--jobs', '0'], 'whole number'],
  [['upgrade', 'x.dump', '--to', '8.0', '-o', 'y', '--postgresql', '7.4'], 'version of PostgreSQL'],
  [['upgrade', 'x.dump', '--to', '8.0', '-o', 'y', '--format', 'rar'], 'rar'],
  [['nonsense'], 'nonsense'],
])('a wrong call %j is an error of usage', async (args, named) => {
  const { code, err } = await uplift(...args)
  expect(err).toMatch(/^USAGE:INVALID: /)
  expect(err).toContain(named)
  expect(code).toBe(2)
})

test('a missing, an empty and a foreign file are told apart, for people and for programs', async () => {
  await writeFile(join(folder, 'empty.dump'), '')
  await writeFile(join(folder, 'foreign.dump'), Buffer.alloc(4096, 0xa7))
  for (const [file, wanted] of [
    ['nothing.dump', 'DUMP:MISSING'],
    ['empty.dump', 'DUMP:EMPTY'],
    ['foreign.dump', 'DUMP:FOREIGN'],
  ]) {
    const { code, out, err } = await uplift('inspect', join(folder, file!), '--json')
    expect(JSON.parse(out)).toMatchObject({ event: 'error', code: wanted })
    expect(err).toMatch(new RegExp(`^${wanted}: `))
    expect(code).toBe(3)
  }
})

test('what cannot be written is told before the work begins', async () => {
  await writeFile(join(folder, 'source.sql'), 'SELECT 1;\n')
  await writeFile(join(folder, 'taken.dump'), 'mine')
  const call = (...rest: string[]) => uplift('upgrade', join(folder, 'source.sql'), '--to', '8.0', ...rest)
  expect(await call('-o', join(folder, 'taken.dump'))).toMatchObject({
    code: 7,
    err: expect.stringMatching(/^OUTPUT:EXISTS: .*--force/),
  })
  expect(await call('-o', join(folder, 'no/such/folder.dump'))).toMatchObject({ code: 7 })
  expect(await call('-o', join(folder, 'new.dump'), '--report', join(folder, 'taken.dump'))).toMatchObject({
    code: 7,
  })
  expect(await call('-o', join(folder, 'new.dump'), '--filestore', folder)).toMatchObject({ code: 2 })
  expect(await readdir(folder)).not.toContain('new.dump')
})

test('a version that is none is told at once', async () => {
  const call = await uplift('upgrade', 'x.dump', '--to', '8.5', '-o', join(folder, 'new.dump'))
  expect(call).toMatchObject({ code: 4, err: expect.stringMatching(/^VERSION:UNKNOWN: /) })
})

test('a reader that stops reading is no failure', async () => {
  const { child, done } = start(['--help'])
  child.stdout?.destroy()
  const { err } = await done
  expect(err).toBe('')
})

test('the built-in catalogue is shown as a document', async () => {
  const { code, out } = await uplift('catalogue', 'show', '8.0', '--json')
  const shown = JSON.parse(out) as { series: string; counts: Record<string, number>; modules: string[] }
  expect(shown.series).toBe('8.0')
  expect(shown.modules).toContain('sale_stock')
  expect(shown.counts.models).toBeGreaterThan(500)
  expect(code).toBe(0)
})
