import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../../../test/setup/api.ts'
import { type Operator, openOperator, PASSWORD } from '../../../../test/setup/operator.ts'
import { setPassword } from '../../../operator/password.ts'
import { makeSetupToken } from '../../../operator/setup.ts'

let api: TestApi
beforeEach(async () => {
  api = await startApi()
})
afterEach(() => api.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}${path}`, { headers, redirect: 'manual' })
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${api.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  })

test('without a session what is there cannot be told from what is not', async () => {
  const { id } = await api.draft()
  const known = await get(`/console/requests/${id}`)
  const unknown = await get('/console/requests/99999')
  expect([known.status, unknown.status]).toEqual([303, 303])
  expect(known.headers.get('location')!.replace(String(id), '')).toBe(
    unknown.headers.get('location')!.replace('99999', ''),
  )
})

test('a log-in makes a session of its own, and ends the one that the browser brought', async () => {
  await setPassword(api.database, PASSWORD)
  const cookieOf = (answer: Response) => answer.headers.get('set-cookie')!.split(';')[0]!
  const logIn = async (cookie?: string) =>
    cookieOf(await post('/console/login', { password: PASSWORD }, cookie ? { cookie } : {}))
  const status = async (cookie: string) => (await get('/console/requests', { cookie })).status
  // One that somebody else made up, to know it afterwards.
  const planted = `uplift_console=${'p'.repeat(43)}`
  expect((await get('/console/login', { cookie: planted })).headers.get('set-cookie')).toBeNull()
  const first = await logIn(planted)
  expect(first).not.toBe(planted)
  expect([await status(planted), await status(first)]).toEqual([303, 200])
  const second = await logIn(first)
  expect(second).not.toBe(first)
  expect([await status(first), await status(second)]).toEqual([303, 200])
  // A wrong password changes nothing.
  expect((await post('/console/login', { password: 'wrong' }, { cookie: second })).status).toBe(403)
  expect(await status(second)).toBe(200)
})

test('the first password is set with the token, and once', async () => {
  const token = (await makeSetupToken(api.database))!
  expect((await get('/console/setup')).status).toBe(403)
  expect((await get('/console/setup?token=wrong')).status).toBe(403)
  expect((await get(`/console/setup?token=${token}`)).status).toBe(200)
  const wanted = { password: PASSWORD, again: PASSWORD }
  expect((await post('/console/setup', { token: 'wrong', ...wanted })).status).toBe(403)
  expect((await post('/console/setup', { token, password: 'too short', again: 'too short' })).status).toBe(
    422,
  )
  expect((await post('/console/setup', { token, ...wanted, again: 'another one' })).status).toBe(422)
  const tokens = [token, (await makeSetupToken(api.database))!]
  const answers = await Promise.all(tokens.map((each) => post('/console/setup', { token: each, ...wanted })))
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 403])
  expect((await get(`/console/setup?token=${token}`)).status).toBe(403)
  expect(await makeSetupToken(api.database)).toBeNull()
  expect((await post('/console/login', { password: PASSWORD })).headers.get('location')).toBe('/console')
})

test('neither password nor token nor session stands in the database or in the log', async () => {
  const token = (await makeSetupToken(api.database))!
  await get(`/console/setup?token=${token}`)
  await post('/console/setup', { token, password: PASSWORD, again: PASSWORD })
  const login = await post('/console/login', { password: PASSWORD })
  const id = /uplift_console=([\w-]{43})/.exec(login.headers.get('set-cookie')!)![1]!
  await get('/console/requests', { cookie: `uplift_console=${id}` })
  const { rows } = await api.database.pool.query(
    `SELECT (SELECT json_agg(o) FROM service.operator o)::text || (SELECT json_agg(s) FROM service.operator_session s)::text AS all`,
  )
  for (const secret of [PASSWORD, token, id]) {
    expect(rows[0].all).not.toContain(secret)
    expect(rows[0].all).not.toContain(Buffer.from(secret).toString('hex'))
    expect(api.log()).not.toContain(secret)
  }
})

test('a wrong password is refused, and too many tries are for a while, right ones too', {
  timeout: 300_000,
}, async () => {
  await setPassword(api.database, PASSWORD)
  for (let i = 0; i < 10; i++)
    expect((await post('/console/login', { password: `${PASSWORD}${i}` })).status).toBe(403)
  const refused = await post('/console/login', { password: PASSWORD })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60)
  expect(await refused.text()).toMatch(/Too many tries came from your address. Try again in \d+ minutes/)
  expect(refused.headers.get('set-cookie')).toBeNull()
})

test('tries that come at the same time do not pass the limit', { timeout: 300_000 }, async () => {
  await setPassword(api.database, PASSWORD)
  const answers = await Promise.all(
    Array.from({ length: 15 }, (_, i) => post('/console/login', { password: `wrong ${i}` })),
  )
  expect(answers.filter(({ status }) => status === 403)).toHaveLength(10)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(5)
})

test('before there is a password nobody gets in', async () => {
  const answer = await post('/console/login', { password: '' })
  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain('No password was set yet')
})

test('after the log-in one is where one wanted to go, and never elsewhere', async () => {
  await setPassword(api.database, PASSWORD)
  const to = async (next: string) =>
    (await post('/console/login', { password: PASSWORD, next })).headers.get('location')
  expect(await to('/console/requests?state=failed&text=a%20b')).toBe(
    '/console/requests?state=failed&text=a%20b',
  )
  for (const next of ['https://evil.example/', '//evil.example/console/x', '/console//evil.example', '/api'])
    expect(await to(next)).toBe('/console')
})

test.each([
  ['http', 'http://upgrade.example.com', false],
  ['https', 'https://upgrade.example.com', true],
] as const)('the cookie is for the console alone, over %s', async (_name, base, secure) => {
  const other = await startApi({}, { baseUrl: () => base })
  try {
    await setPassword(other.database, PASSWORD)
    const answer = await fetch(`${other.url}/console/login`, {
      method: 'POST',
      body: new URLSearchParams({ password: PASSWORD }),
      redirect: 'manual',
    })
    const cookie = answer.headers.get('set-cookie')!
    expect(cookie).toMatch(/^uplift_console=[\w-]{43}; Max-Age=604800; Path=\/console; HttpOnly;/)
    expect(cookie).toContain('SameSite=Strict')
    expect(cookie.includes('Secure')).toBe(secure)
  } finally {
    await other.close()
  }
})

test('a session ends after 12 idle hours, and after 7 days in any case', async () => {
  const operator = await openOperator(api)
  const { pool } = api.database
  const passed = async (change: string) => {
    await pool.query(`UPDATE service.operator_session SET ${change}`)
    return (await operator.get('/console/requests')).status
  }
  expect(await passed(`seen_at = now() - interval '11 hours 59 minutes'`)).toBe(200)
  const { rows } = await pool.query(
    `SELECT seen_at > now() - interval '1 minute' AS seen FROM service.operator_session`,
  )
  expect(rows).toEqual([{ seen: true }])
  expect(await passed(`created_at = now() - interval '6 days 23 hours'`)).toBe(200)
  expect(await passed(`seen_at = now() - interval '12 hours 1 minute'`)).toBe(303)
  expect(await passed(`seen_at = now(), created_at = now() - interval '7 days 1 minute'`)).toBe(303)
})

test('logging out ends the session, and logging out everywhere ends all', async () => {
  const [first, second, third] = [await openOperator(api), await openOperator(api), await openOperator(api)]
  const status = async (operator: Operator) => (await operator.get('/console/requests')).status
  expect((await first.post('/console/logout')).headers.get('set-cookie')).toContain('uplift_console=;')
  expect([await status(first), await status(second), await status(third)]).toEqual([303, 200, 200])
  await second.post('/console/logout-all')
  expect([await status(second), await status(third)]).toEqual([303, 303])
})

test('a new password ends all sessions', async () => {
  const operator = await openOperator(api)
  await setPassword(api.database, 'another long password')
  expect((await operator.get('/console/requests')).status).toBe(303)
  expect((await post('/console/login', { password: PASSWORD })).status).toBe(403)
})

test('a form without the mark of its session, with another one, or from another site is refused', async () => {
  const [operator, other] = [await openOperator(api), await openOperator(api)]
  const { id } = await api.draft()
  const path = `/console/requests/${id}/cancel`
  const cookie = operator.cookie
  expect((await post(path, {}, { cookie })).status).toBe(403)
  expect((await post(path, { csrf: 'x' }, { cookie })).status).toBe(403)
  expect((await post(path, { csrf: await other.csrf() }, { cookie })).status).toBe(403)
  const csrf = await operator.csrf()
  expect((await post(path, { csrf }, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await post(path, { csrf }, { cookie, origin: 'https://evil.example' })).status).toBe(403)
  const wrongType = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'text/plain' },
    body: `csrf=${csrf}`,
    redirect: 'manual',
  })
  expect(wrongType.status).toBe(403)
  expect((await api.database.pool.query('SELECT state FROM service.request')).rows).toEqual([
    { state: 'draft' },
  ])
  expect((await post(path, { csrf }, { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(303)
  expect((await api.database.pool.query('SELECT state FROM service.request')).rows).toEqual([
    { state: 'cancelled' },
  ])
})

test('an address of the console that is not there says so, to the operator alone', async () => {
  const operator = await openOperator(api)
  expect((await operator.get('/console/nothing')).status).toBe(404)
  expect((await operator.post('/console/nothing')).status).toBe(404)
})
