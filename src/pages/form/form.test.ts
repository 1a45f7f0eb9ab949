import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONTRACT, plainDump, startApi, type TestApi } from '../../../test/setup/api.ts'

const LIMIT = 1024 * 1024
let api: TestApi
beforeAll(async () => {
  api = await startApi({ UPLIFT_MAX_UPLOAD: String(LIMIT), UPLIFT_GUESSES: '2' })
})
afterAll(() => api.close())

const valid = { contract: CONTRACT, email: 'anna@example.com', target: '8.0', aim: 'test', timezone: '' }

function formOf(
  changed: Record<string, string> = {},
  file: Uint8Array | null = plainDump(),
  name = 'db.dump',
): FormData {
  const form = new FormData()
  for (const [field, value] of Object.entries({ ...valid, ...changed })) form.append(field, value)
  // What a browser sends where no file was chosen.
  form.append(
    'file',
    new File([Buffer.from(file ?? [])], file === null ? '' : name, { type: 'application/octet-stream' }),
  )
  return form
}

async function send(body: FormData, headers: Record<string, string> = {}) {
  const answer = await fetch(`${api.url}/`, { method: 'POST', body, headers, redirect: 'manual' })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

const requests = async () =>
  (await api.database.pool.query<{ id: number }>('SELECT id::int FROM service.request')).rows.length

test('the form asks for all that a request needs, the file last', async () => {
  const answer = await fetch(`${api.url}/`)
  const text = await answer.text()
  expect(answer.status).toBe(200)
  const names = [...text.matchAll(/ name="(\w+)"/g)]
    .map(([, name]) => name)
    .filter((name) => name !== 'viewport')
  expect([...new Set(names)]).toEqual(['contract', 'email', 'target', 'aim', 'timezone', 'file'])
  expect(text).toContain('<option>8.0</option>')
  expect(text).toContain('<option value="Europe/Brussels">')
  expect(text).toMatch(/<form method="post" action="\/" enctype="multipart\/form-data"/)
})

test('a form makes a request that has the dump, and leads to its status page', async () => {
  const dump = plainDump()
  const { status, headers } = await send(formOf({ timezone: 'Europe/Brussels' }, dump), {
    'accept-language': 'fr',
  })
  expect(status).toBe(303)
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  const place = headers.get('location')!
  expect(place).toMatch(/^\/database\/eu1\/\d+\/[\w-]{22}==\/status$/)
  const page = await fetch(api.url + place)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('db.dump')
  const { rows } = await api.database.pool.query(
    `SELECT r.email, r.target, r.aim, r.timezone, r.language, r.state, f.bytes::int FROM service.request r JOIN service.file f ON f.request = r.id ORDER BY r.id DESC LIMIT 1`,
  )
  expect(rows[0]).toEqual({
    email: 'anna@example.com',
    target: '8.0',
    aim: 'test',
    timezone: 'Europe/Brussels',
    language: 'fr',
    state: 'draft',
    bytes: dump.length,
  })
  expect(await readdir(join(api.folder, 'spool'))).toEqual([])
})

describe('what is wrong stands beside its field, and what was typed is kept', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['no contract', { contract: ' ' }, 'contract', 'Enter the code of your contract.'],
    ['no address', { email: 'anna' }, 'email', 'This is no e-mail address.'],
    ['no target', { target: '' }, 'target', 'Choose the version to upgrade to.'],
    ['a target of another time', { target: '5.0' }, 'target', 'This version cannot be asked for.'],
    ['no aim', { aim: '' }, 'aim', 'Choose what the upgraded database is for.'],
    ['no time zone', { timezone: 'Europe/Nowhere' }, 'timezone', 'This is no time zone.'],
    ['a contract that there is not', { contract: 'M0-<i>' }, 'contract', 'There is no such contract'],
  ])('%s', async (_name, changed, field, sentence) => {
    const before = await requests()
    const { status, text } = await send(formOf(changed))
    expect(status).toBe(422)
    expect(text).toMatch(new RegExp(`<p class="error" id="${field}-error">${sentence}`))
    expect(text).toMatch(new RegExp(`role="alert" tabindex="-1" autofocus[^]*<li><a href="#${field}">`))
    expect(text).toContain('choose the file again')
    const typed = { ...valid, ...changed }
    expect(text).toContain(`value="${typed.contract.trim().replace('<', '&lt;').replace('>', '&gt;')}"`)
    expect(text).toContain(`value="${typed.email}"`)
    if (['8.0', '7.0'].includes(typed.target))
      expect(text).toContain(`<option selected>${typed.target}</option>`)
    expect(await requests()).toBe(before)
  })

  test('several at once, in French', async () => {
    const { status, text } = await send(formOf({ email: '', target: '' }, null), { 'accept-language': 'fr' })
    expect(status).toBe(422)
    expect(text).toContain('3 éléments manquent')
    expect(text).toContain('Choisissez le fichier de la copie.')
  })

  test.each([
    ['empty', new Uint8Array(), 422, 'This file is empty.'],
    ['no dump', new TextEncoder().encode('a'.repeat(5000)), 422, 'This file is no dump that can be read.'],
    ['too large', plainDump(LIMIT + 1), 413, 'This file is too large: up to 1.0 MB are taken.'],
  ])('a file that is %s makes no request', async (_name, file, expected, sentence) => {
    const before = await requests()
    const { status, text } = await send(formOf({}, file))
    expect(status).toBe(expected)
    expect(text).toContain(`<p class="error" id="file-error">${sentence}`)
    expect(await requests()).toBe(before)
    expect(await readdir(join(api.folder, 'spool'))).toEqual([])
  })

  test('a body that is no form', async () => {
    const answer = await fetch(`${api.url}/`, { method: 'POST', body: 'nothing' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('id="contract-error">Enter')
  })
})

test('a form of another site is refused', async () => {
  const before = await requests()
  expect((await send(formOf(), { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await send(formOf(), { origin: 'https://example.org' })).status).toBe(403)
  expect(await requests()).toBe(before)
})

test('a script gets the request without a file, or what is wrong by field', async () => {
  const ask = async (changed: Record<string, string>) => {
    const answer = await fetch(`${api.url}/`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ ...valid, filename: 'db.dump', ...changed }),
    })
    return { status: answer.status, body: (await answer.json()) as unknown }
  }
  const right = await ask({})
  expect(right).toMatchObject({
    status: 200,
    body: { request: expect.any(Number), key: expect.stringMatching(/==$/) },
  })
  expect(await ask({ email: 'x' })).toEqual({
    status: 422,
    body: { problems: [{ field: 'email', sentence: expect.stringContaining('no e-mail address') }] },
  })
})

test('wrong contracts are limited, and no key of a lawful person is refused for them', async () => {
  const other = await startApi({ UPLIFT_GUESSES: '1' })
  try {
    const wrong = () => fetch(`${other.url}/`, { method: 'POST', body: formOf({ contract: 'M1-wrong' }) })
    for (let guess = 0; guess < 10; guess++) expect((await wrong()).status).toBe(422)
    const refused = await wrong()
    expect(refused.status).toBe(503)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.text()).toContain('Too many wrong contracts')
    expect((await fetch(`${other.url}/`)).status).toBe(200)
  } finally {
    await other.close()
  }
})
