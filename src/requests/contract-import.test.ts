import { afterEach, beforeEach, expect, test } from 'vitest'
import { serviceDatabase } from '../../test/setup/service.ts'
import type { UpliftError } from '../errors.ts'
import { importContracts, type LineProblem } from './contract-import.ts'
import { addContract, findContract, listContracts, revokeContract } from './contracts.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeEach(async () => {
  service = await serviceDatabase()
})
afterEach(() => service.remove())

/** In pieces of so many bytes, so that characters and ends of lines are torn apart. */
async function* pieces(content: string | Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const imported = (content: string | Buffer, size?: number) =>
  importContracts(service.database, pieces(content, size))

async function problemsOf(content: string | Buffer): Promise<LineProblem[]> {
  const thrown = await imported(content).then(
    () => null,
    (error: UpliftError) => error,
  )
  expect(thrown).toMatchObject({ code: 'CONTRACT:INVALID' })
  expect(await listContracts(service.database.pool)).toEqual([])
  return thrown!.detail.lines as LineProblem[]
}

const header = 'code,name,email,expires,max_in_progress,max_bytes'

test.each([1, 2, 3, 7, 65_536])('quotes, BOM, CRLF and UTF-8, in pieces of %d bytes', async (size) => {
  const file = `\ufeff${header}\r\n"M1-a","Müller, ""X"" & 株式会社 😀",m@x.example,2030-01-31, 2 ,5GB\r\n\r\nM2-b,,,,,\r\nM3-c,last,,,,500 MiB`
  expect(await imported(file, size)).toEqual({ added: 3, updated: 0, revoked: [] })
  expect(await listContracts(service.database.pool)).toMatchObject([
    {
      code: 'M1-a',
      name: 'Müller, "X" & 株式会社 😀',
      email: 'm@x.example',
      expiresOn: '2030-01-31',
      maxInProgress: 2,
      maxBytes: 5e9,
    },
    { code: 'M2-b', name: null, email: null, expiresOn: null, maxInProgress: null, maxBytes: null },
    { code: 'M3-c', name: 'last', maxBytes: 500 * 2 ** 20 },
  ])
})

test('one that exists is updated in the columns of the file; a revoked one stays revoked', async () => {
  const { pool } = service.database
  await addContract(pool, { code: 'a', name: 'old', email: 'a@b.example', maxBytes: 5 })
  await addContract(pool, { code: 'b' })
  await revokeContract(pool, 'b')
  expect(await imported('max_bytes,code,name\n,a,new\n7,b,\n9,c,\n')).toEqual({
    added: 1,
    updated: 2,
    revoked: ['b'],
  })
  expect(await findContract(service.database, 'a')).toMatchObject({
    name: 'new',
    email: 'a@b.example',
    maxBytes: null,
  })
  expect(await findContract(service.database, 'b')).toBeNull()
  expect(await listContracts(pool)).toMatchObject([
    { code: 'a' },
    { code: 'b', status: 'revoked', maxBytes: 7 },
    { code: 'c' },
  ])
})

test('all problems are told with their lines, and nothing is imported', async () => {
  const file = [
    'code,name,expires', // 1
    'good-1,x,2030-01-01',
    '"two', // 3
    'lines",x,',
    '', // 5
    'good-2,x,2030-02-30',
    'good-3,x', // 7
    'good-1,again,',
    ',x,yesterday', // 9
    'good-4,"quoted "wrong"",',
    'good-5,,', // 11
  ].join('\n')
  for (const text of [file, file.replaceAll('\n', '\r\n'), file.replaceAll('\n', '\r')])
    expect(await problemsOf(text)).toMatchObject([
      { line: 3, problem: expect.stringMatching(/^code has to be/) },
      { line: 6, problem: expect.stringMatching(/^expires has to be a day/) },
      { line: 7, problem: 'there are 2 fields, and 3 columns' },
      { line: 8, problem: 'the contract good-1 stands in line 2 already' },
      { line: 9, problem: expect.stringMatching(/^code has to be/) },
      { line: 9, problem: expect.stringMatching(/^expires has to be/) },
      { line: 10, problem: expect.stringContaining('quote') },
    ])
})

test.each([
  ['', 1, 'the file is empty'],
  ['\n\n', 1, 'the file is empty'],
  ['name,email\nx,y@z.example\n', 1, 'the column code is missing'],
  ['code;name\nx;y\n', 1, '"code;name" is no column'],
  ['code,name,name\nx,y,z\n', 1, 'the column name stands there twice'],
  ['code,colour\nx,red\n', 1, '"colour" is no column'],
  ['code,name\na,"open\nb,c\n', 3, 'a quote is opened and never closed'],
  [`code,name\na,${'x'.repeat(30_000)}\n`, 2, 'more than 20000 characters'],
  [Buffer.from('code,name\na,M\xfcller\n', 'latin1'), 2, 'name has to be one line of text in UTF-8'],
  [Buffer.from('code,name\na,x\n', 'utf16le'), 1, 'is no column'],
  ['code,name\na,b\0c\n', 2, 'name has to be one line'],
])('%j is refused', async (content, line, problem) => {
  expect(await problemsOf(content)).toContainEqual(
    expect.objectContaining({ line, problem: expect.stringContaining(problem) }),
  )
})

test('a file with a problem in each line tells the first hundred, and how many more there are', async () => {
  const thrown = await imported(`code\n${'a b\n'.repeat(1_000)}`).catch((error: UpliftError) => error)
  expect((thrown as UpliftError).detail).toMatchObject({ lines: { length: 100 }, more: 900 })
})

test('a wrong line behind many good ones takes them all back', async () => {
  const good = Array.from({ length: 3_000 }, (_, i) => `c-${i},${i}`).join('\n')
  expect(await problemsOf(`code,name\n${good}\nbad code,x\n`)).toMatchObject([{ line: 3_002 }])
  expect(await imported(`code,name\n${good}\n`)).toMatchObject({ added: 3_000, updated: 0 })
  const both = await Promise.all([
    imported(`code,name\n${good}\n`),
    imported(`code,name\n${good.split('\n').reverse().join('\n')}\n`),
  ])
  expect(both).toMatchObject([{ updated: 3_000 }, { updated: 3_000 }])
})

test('a file that cannot be read to its end imports nothing', async () => {
  async function* breaking() {
    yield Buffer.from('code\na\nb\n')
    throw new Error('EIO')
  }
  await expect(importContracts(service.database, breaking())).rejects.toThrow('EIO')
  expect(await listContracts(service.database.pool)).toEqual([])
})
