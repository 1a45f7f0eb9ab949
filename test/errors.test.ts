import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ExitCode, exitCodeOf, exitCodes } from '../src/cli/exit.ts'
import { type ErrorCode, errorCodes } from '../src/errors.ts'

const root = join(import.meta.dirname, '..')
const rows = readFileSync(join(root, 'docs/errors.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, code, meaning, advice] = /^\| `([A-Z_:]+)` \| (.+?) \| (.+) \|$/.exec(line) ?? []
    return code ? [{ code, meaning, advice }] : []
  })

test('docs/errors.md has every code of src/errors.ts with its sentence, and no other', () => {
  expect(Object.fromEntries(rows.map(({ code, meaning }) => [code, meaning]))).toEqual(errorCodes)
  expect(rows).toHaveLength(Object.keys(errorCodes).length)
})

test('each code has an exit code that operating.md and --help explain', () => {
  const documented = [
    ...readFileSync(join(root, 'docs/operating.md'), 'utf8').matchAll(/^\| `(\d+)` \| (.+?) \|/gm),
  ]
  expect(Object.fromEntries(documented.map(([, code, meaning]) => [code, meaning]))).toEqual(exitCodes)
  const used = new Set<ExitCode>((Object.keys(errorCodes) as ErrorCode[]).map(exitCodeOf))
  for (const code of [1, 2, 3, 4, 5, 6, 7] as const) expect(used).toContain(code)
})
