import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDataFolder, removeData } from '../service/served.ts'
import { uplift } from './run.ts'

let folder: string
beforeAll(async () => {
  folder = await newDataFolder()
})
afterAll(() => removeData(folder))

const contract = (...args: string[]) => uplift('contract', ...args, '--data', folder)

test('contracts are added, listed, revoked and imported, while the service does not run', async () => {
  const added = await contract(
    'add',
    'M1-a',
    '--name',
    'Müller',
    '--expires',
    '2030-01-31',
    '--max-in-progress',
    '2',
    '--max-bytes',
    '5GB',
  )
  expect(added).toMatchObject({ code: 0, out: 'Contract M1-a is added.\n', err: '' })
  expect(await contract('add', 'M1-a')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^CONTRACT:EXISTS: /),
  })

  const file = join(folder, 'contracts.csv')
  await writeFile(file, '\ufeffcode,name\r\nM1-a,Meier\r\nM2-b,"a, b"\r\n')
  const imported = await contract('import', file, '--json')
  expect(JSON.parse(imported.out)).toEqual({ event: 'result', added: 1, updated: 1, revoked: [] })

  expect(await contract('revoke', 'M2-b')).toMatchObject({
    code: 0,
    out: 'Contract M2-b is revoked; its requests stay.\n',
  })
  expect(await contract('revoke', 'M2-b')).toMatchObject({
    code: 0,
    out: 'Contract M2-b was revoked before.\n',
  })
  expect(await contract('revoke', 'M3-c')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^CONTRACT:UNKNOWN: /),
  })

  const listed = await contract('list')
  expect(listed.out).toMatch(
    /^M1-a {2}valid .* no requests {2}until 2030-01-31, 2 at a time, uploads up to 5.0 GB {2}Meier\nM2-b {2}revoked .*a, b\n$/,
  )
  expect(JSON.parse((await contract('list', '--json')).out)).toMatchObject([
    { code: 'M1-a', name: 'Meier', maxBytes: 5e9, status: 'valid', requests: { done: 0 }, bytes: 0 },
    { code: 'M2-b', status: 'revoked' },
  ])
})

test('what is wrong is told, all of it, for people and for programs', async () => {
  const wrong = await contract('add', 'a b', '--email', 'nobody', '--max-bytes', 'much')
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(wrong.err).toMatch(
    /^CONTRACT:INVALID: .*code has to be .*; email is no e-mail address; max_bytes has to be/,
  )

  const file = join(folder, 'wrong.csv')
  await writeFile(file, 'code,email\ngood,\na b,nobody\n')
  const imported = await contract('import', file, '--json')
  expect(imported.code).toBe(2)
  expect(imported.err).toMatch(/\n {2}line 3: code has to be .*\n {2}line 3: email is no e-mail address\n/)
  expect(JSON.parse(imported.out)).toMatchObject({
    event: 'error',
    code: 'CONTRACT:INVALID',
    detail: { lines: [{ line: 3 }, { line: 3 }] },
  })
  expect(JSON.parse((await contract('list', '--json')).out)).not.toContainEqual(
    expect.objectContaining({ code: 'good' }),
  )

  await rm(file)
  for (const path of [file, folder])
    expect(await contract('import', path)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^CONTRACT:INVALID: /),
    })
})
