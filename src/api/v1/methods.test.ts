import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONTRACT, plainDump, startApi, type TestApi, validQuery } from '../../../test/setup/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ UPLIFT_GUESSES: '10000' })
})
afterAll(() => api.close())

const create = (query: string) => api.call(`/database/v1/create?${query}`)
const reasons = (answer: { body: { failures: { reason: string }[] } }) =>
  answer.body.failures.map(({ reason }) => reason)

test("the document's two failures, exactly as printed", async () => {
  const response = await fetch(
    `${api.url}/database/v1/create?${validQuery({ target: '5.0', contract: 'M123456-abcxyz' })}`,
  )
  expect(response.status).toBe(200)
  // As printed in the document, but for the comma behind the last of a list, which is no JSON.
  const printed = `{
"failures": [
{
"expected": [
"6.0",
"6.1",
"7.0",
"8.0"
],
"message": "Invalid value \\"5.0\\"",
"reason": "TARGET:INVALID",
"value": "5.0"
},
{
"code": "M123456-abcxyz",
"message": "Can not find contract M123456-abcxyz",
"reason": "CONTRACT:NOT_FOUND"
}
]
}`
  expect(await response.text()).toBe(JSON.stringify(JSON.parse(printed)))
})

test('every answer is JSON with its length', async () => {
  for (const path of ['/database/v1/status', `/database/v1/create?${validQuery()}`, '/nothing', '/health']) {
    const { headers } = await api.call(path)
    expect(headers.get('content-type')).toMatch(/^application\/json(; charset=utf-8)?$/)
    expect(Number(headers.get('content-length'))).toBeGreaterThan(0)
  }
})

test('a created request has the keys of the document in their order', async () => {
  const { body } = await create(validQuery({ timezone: 'Europe/Brussels' }))
  expect(body.failures).toEqual([])
  expect(Object.keys(body.request!).slice(0, 8)).toEqual([
    ...['id', 'key', 'email', 'target', 'aim', 'filename', 'timezone', 'state'],
  ])
  expect(body.request).toMatchObject({
    key: expect.stringMatching(/^[A-Za-z0-9_-]{22}==$/),
    email: 'john.doe@example.com',
    target: '8.0',
    aim: 'test',
    filename: 'db_name.dump',
    timezone: 'Europe/Brussels',
    state: 'draft',
  })
  const { id, key } = body.request!
  expect(body.request!.status_url).toBe(`${api.url}/database/eu1/${id}/${key}/status`)
})

describe('parameters', () => {
  const fields = Object.fromEntries(new URLSearchParams(validQuery()))
  const form = (values: Record<string, string>) => {
    const data = new FormData()
    for (const [name, value] of Object.entries(values)) data.set(name, value)
    return data
  }
  const { email, ...others } = fields

  test.each<[string, string, RequestInit]>([
    ['query string, POST', `?${validQuery()}`, { method: 'POST' }],
    ['urlencoded form', '', { method: 'POST', body: new URLSearchParams(fields) }],
    ['multipart form', '', { method: 'POST', body: form(fields) }],
    [
      'JSON object',
      '',
      { method: 'POST', body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } },
    ],
    ['JSON that says it is a form', '', { method: 'POST', body: JSON.stringify(fields) }],
    [
      'a form that says nothing sensible',
      '',
      { method: 'POST', body: validQuery(), headers: { 'content-type': ';;nonsense' } },
    ],
    [
      'query string and form',
      `?email=${email}`,
      { method: 'POST', body: new URLSearchParams({ ...others, email: '' }) },
    ],
    [
      'query string and JSON',
      `?email=wrong`,
      {
        method: 'POST',
        body: JSON.stringify({ ...others, target: 8.0, email: ['wrong', email] }),
        headers: { 'content-type': 'application/json; charset=utf-8' },
      },
    ],
    ['query string and multipart', `?email=${email}`, { method: 'POST', body: form(others) }],
  ])('%s', async (_name, query, init) => {
    const { body } = await api.call(`/database/v1/create${query}`, init)
    expect(body.failures).toEqual([])
    expect(body.request).toMatchObject({ email, target: '8.0', aim: 'test', filename: 'db_name.dump' })
  })

  test('what is no text in JSON is invalid, however deep it is nested, and passed over where nobody knows the name', async () => {
    const json = (body: string) =>
      api.call('/database/v1/create', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
    const known = JSON.stringify(fields).slice(0, -1)
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`
      const passed = await json(`${known},"unknown":${nested(10_000)}}`)
      expect(passed.body.failures).toEqual([])
      expect(reasons(await json(`${known},"filename":${nested(10_000)},"timezone":${nested(2)}}`))).toEqual([
        'FILENAME:INVALID',
        'TIMEZONE:INVALID',
      ])
      expect(reasons(await json(`${known},"contract":${nested(2)}}`))).toEqual(['CONTRACT:NOT_FOUND'])
    }
  })

  test('the last of a repeated parameter counts, and an empty one never does', async () => {
    const { body } = await create(`target=5.0&target=7.0&target=&${validQuery().replace('target=8.0', '')}`)
    expect(body.request).toMatchObject({ target: '7.0' })
  })

  test('a plus that stands unescaped in an address stays one, in a file name it is a blank', async () => {
    const { body } = await create(
      `${validQuery({ email: '', filename: '' })}&email=john+uplift@example.com&filename=my+base.dump`,
    )
    expect(body.request).toMatchObject({ email: 'john+uplift@example.com', filename: 'my base.dump' })
  })

  test('names that objects have by themselves are parameters like others', async () => {
    const { body } = await api.call('/database/v1/create?__proto__=1&constructor=2&toString=3')
    expect(body.failures).toHaveLength(5)
  })
})

describe('failures of create', () => {
  test('all that is missing, in one answer', async () => {
    expect(reasons(await api.call('/database/v1/create'))).toEqual([
      ...['TARGET:MISSING', 'AIM:MISSING', 'EMAIL:MISSING', 'FILENAME:MISSING', 'CONTRACT:MISSING'],
    ])
  })

  test('all that is wrong, in one answer', async () => {
    const answer = await create(
      validQuery({
        target: '9.9',
        aim: 'fun',
        email: 'nobody',
        filename: 'a\nb',
        timezone: 'Mars/Base',
        contract: 'x',
      }),
    )
    expect(reasons(answer)).toEqual([
      ...['TARGET:INVALID', 'AIM:INVALID', 'EMAIL:INVALID', 'FILENAME:INVALID', 'TIMEZONE:INVALID'],
      'CONTRACT:NOT_FOUND',
    ])
    expect(answer.body.request).toBeUndefined()
  })

  test.each([
    ['email', 'a@b', 'EMAIL:INVALID'],
    ['email', `${'x'.repeat(250)}@example.com`, 'EMAIL:INVALID'],
    ['email', 'john@example.com\r\nBcc: all@example.com', 'EMAIL:INVALID'],
    ['filename', 'x'.repeat(256), 'FILENAME:INVALID'],
    ['filename', 'a\u202eb', 'FILENAME:INVALID'],
    ['timezone', '+02:00', 'TIMEZONE:INVALID'],
    ['contract', `${CONTRACT}\0`, 'CONTRACT:NOT_FOUND'],
    ['contract', 'x'.repeat(5000), 'CONTRACT:NOT_FOUND'],
    ['target', 'x'.repeat(5000), 'TARGET:INVALID'],
  ])('%s of a wrong form, %#', async (name, value, reason) => {
    const answer = await create(validQuery({ [name]: value }))
    expect(reasons(answer)).toEqual([reason])
    expect(JSON.stringify(answer.body).length).toBeLessThan(1000)
  })

  test.each(['Europe/Brussels', 'UTC', 'Etc/GMT+1', 'America/Argentina/Buenos_Aires', 'Asia/Calcutta'])(
    'time zone %s',
    async (timezone) => {
      const { body } = await create(validQuery({ timezone }))
      expect(body.failures).toEqual([])
    },
  )

  test('a contract that is revoked or over is not found', async () => {
    await api.database.pool.query(
      `INSERT INTO service.contract (code, revoked_at, expires_on) VALUES ('R-1', now(), NULL), ('E-1', NULL, '2020-01-01')`,
    )
    expect(reasons(await create(validQuery({ contract: 'R-1' })))).toEqual(['CONTRACT:NOT_FOUND'])
    expect(reasons(await create(validQuery({ contract: 'E-1' })))).toEqual(['CONTRACT:NOT_FOUND'])
  })

  test('HEAD checks and creates nothing', async () => {
    const count = async () => (await api.database.pool.query('SELECT FROM service.request')).rowCount
    const before = await count()
    const { status, headers } = await api.call(`/database/v1/create?${validQuery()}`, { method: 'HEAD' })
    expect([status, headers.get('content-length')]).toEqual([200, '15'])
    expect(await count()).toBe(before)
  })
})

describe('request and key', () => {
  test.each(['status', 'process', 'upload'])('%s names what is missing', async (method) => {
    expect(reasons(await api.call(`/database/v1/${method}`))).toEqual(['REQUEST:MISSING', 'KEY:MISSING'])
    expect(reasons(await api.call(`/database/v1/${method}?request=1`))).toEqual(['KEY:MISSING'])
    expect(reasons(await api.call(`/database/v1/${method}?key=1`))).toEqual(['REQUEST:MISSING'])
  })

  test('a wrong id, a wrong key and the key of another request are told alike', async () => {
    const mine = await api.draft()
    const other = await api.draft()
    const wrong: [id: string, key: string][] = [
      [String(mine.id), other.key],
      [String(mine.id), 'x'],
      [String(mine.id), mine.key.slice(0, -2)],
      [String(mine.id), `${mine.key}\0`],
      ['999999999', mine.key],
      ['9'.repeat(30), mine.key],
      ['-1', mine.key],
      [`${mine.id}.0`, mine.key],
      [`${mine.id}/../${mine.id}`, mine.key],
      ["1' OR '1'='1", mine.key],
    ]
    for (const method of ['status', 'process', 'upload'])
      for (const [request, key] of wrong) {
        const query = new URLSearchParams({ request, key })
        const { status, body } = await api.call(`/database/v1/${method}?${query}`)
        const code = request
        const message = `Can not find request ${request.length > 20 ? `${request.slice(0, 20)}…` : request} with this key`
        expect([status, body]).toEqual([200, { failures: [{ code, message, reason: 'REQUEST:NOT_FOUND' }] }])
      }
  })

  test('status of a fresh request', async () => {
    const { id, query } = await api.draft()
    for (const init of [{}, { method: 'POST' }]) {
      const { body } = await api.call(`/database/v1/status?${query}`, init)
      expect(body).toMatchObject({ failures: [], request: { id, state: 'draft', compressions: [] } })
    }
  })
})

describe('process', () => {
  test('needs a dump, queues once, and only in state draft', async () => {
    const { id, query } = await api.draft()
    expect(reasons(await api.call(`/database/v1/process?${query}`))).toEqual(['DUMP:MISSING'])
    await api.call(`/database/v1/upload?${query}`, { method: 'POST', body: plainDump() })
    expect((await api.call(`/database/v1/process?${query}`, { method: 'HEAD' })).status).toBe(200)
    expect(api.queued).not.toContain(id)
    expect((await api.call(`/database/v1/process?${query}`)).body).toEqual({ failures: [] })
    expect(api.queued.filter((queued) => queued === id)).toHaveLength(1)
    const { body } = await api.call(`/database/v1/process?${query}`)
    expect(body.failures).toEqual([
      {
        expected: ['draft'],
        message: 'The request is in state "pending"',
        reason: 'REQUEST:STATE',
        value: 'pending',
      },
    ])
  })

  test('a contract has as many requests at work as it may', async () => {
    await api.database.pool.query(`INSERT INTO service.contract (code, max_in_progress) VALUES ('ONE-1', 1)`)
    const answers = []
    for (let i = 0; i < 2; i++) {
      const { id, key } = (await create(validQuery({ contract: 'ONE-1' }))).body.request!
      const query = `request=${id}&key=${key}`
      await api.call(`/database/v1/upload?${query}`, { method: 'POST', body: plainDump() })
      answers.push(reasons(await api.call(`/database/v1/process?${query}`)))
    }
    expect(answers).toEqual([[], ['CONTRACT:LIMIT']])
  })
})

test.each([
  ['fr-BE,fr;q=0.9,en;q=0.8', 'fr-BE'],
  ['*', 'en'],
  ["'; DROP TABLE x", 'en'],
  [undefined, 'en'],
])('mails of a request made with Accept-Language %s are in %s', async (header, language) => {
  const headers: Record<string, string> = header === undefined ? {} : { 'accept-language': header }
  const { body } = await api.call(`/database/v1/create?${validQuery({})}`, { headers })
  const { rows } = await api.database.pool.query('SELECT language FROM service.request WHERE id = $1', [
    (body as unknown as { request: { id: number } }).request.id,
  ])
  expect(rows).toEqual([{ language }])
})
