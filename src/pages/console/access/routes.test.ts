import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../../../test/setup/api.ts'
import { type Operator, openOperator, PASSWORD } from '../../../../test/setup/operator.ts'
import { requestIn } from '../../../../test/setup/request-states.ts'

let api: TestApi
let operator: Operator
let other: Operator
let id: number
beforeAll(async () => {
  api = await startApi({
    UPLIFT_TICKETS: 'odoo',
    UPLIFT_ODOO_URL: 'https://odoo-user:hidden-odoo-url@odoo.example.com',
    UPLIFT_ODOO_DATABASE: 'helpdesk',
    UPLIFT_ODOO_USER: 'uplift',
    UPLIFT_ODOO_PASSWORD: 'hidden-odoo-password',
    UPLIFT_SMTP_URL: 'smtps://mail-user:hidden-smtp@mail.example.com',
    UPLIFT_MAIL_FROM: 'Uplift <uplift@example.com>',
    UPLIFT_METRICS_TOKEN: 'hidden-metrics-token',
    UPLIFT_PG_URL: 'postgresql://pg-user:hidden-pg@db.example.com/postgres',
  })
  ;[operator, other] = [await openOperator(api), await openOperator(api)]
  id = (await requestIn(api.database, 'failed')).id
  await requestIn(api.database, 'cancelled')
  const { rows } = await api.database.pool.query<{ key: string }>(
    'UPDATE service.file SET bytes = 4 RETURNING key',
  )
  for (const { key } of rows) await api.storage.put(key, ReadableStream.from([Buffer.from('dump')]))
})
afterAll(() => api.close())

/** The ways in, which need no session. */
const open = ['/console/login', '/console/setup']

/** Every address of the console that was registered, a new one too; parameters have the values of something that is there. */
function addresses(method: string): string[] {
  const urls = api.routes.filter((route) => route.method === method && route.url.startsWith('/console'))
  expect(urls.length).toBeGreaterThan(10)
  return urls
    .filter(({ url }) => !open.includes(url))
    .map(({ url }) =>
      url
        .replace(':id', url.includes('/tickets/') ? '1' : String(id))
        .replace(':role', 'original')
        .replace('*', 'nothing/at/all'),
    )
}

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${api.url}${path}`, { redirect: 'manual', ...init })

/** All that forms could change. */
async function everything(): Promise<string> {
  const { rows } = await api.database.pool.query<{ all: string }>(
    `SELECT concat((SELECT json_agg(r ORDER BY id) FROM service.request r), (SELECT json_agg(c ORDER BY code) FROM service.contract c),
            (SELECT json_agg(m ORDER BY id) FROM service.ticket_message m), (SELECT json_agg(s.id_hash ORDER BY id_hash) FROM service.operator_session s),
            (SELECT json_agg(j) FROM service.reference_job j), (SELECT json_agg(o) FROM service.operator o)) AS all`,
  )
  return rows[0]!.all
}

/** Bodies of a form with what every form of the console could ask for. */
function bodies(csrf: string | null): (URLSearchParams | FormData)[] {
  const fields = { code: 'M123456-abcdef', sha256: 'ab'.repeat(32), series: '8.0', ...(csrf ? { csrf } : {}) }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob(['code\nevil\n']), 'c.csv')
  return [new URLSearchParams(fields), form]
}

test.each([
  ['no cookie', () => ({})],
  ['a cookie that nobody gave', () => ({ cookie: `uplift_console=${'x'.repeat(43)}` })],
  ['a cookie that cannot be one', () => ({ cookie: `uplift_console=' OR 1=1 --` })],
  ['two cookies', () => ({ cookie: `uplift_console=${'x'.repeat(43)}; uplift_console=y` })],
] as const)(
  'with %s every address leads to the log-in, with nothing else in the answer',
  async (_name, headers) => {
    const before = await everything()
    for (const method of ['GET', 'HEAD', 'POST']) {
      const paths = method === 'HEAD' ? ['/console/nothing'] : addresses(method)
      for (const path of paths)
        for (const body of method === 'POST' ? bodies('guessed') : [null]) {
          const answer = await call(path, { method, headers: headers(), body })
          expect([method, path, answer.status]).toEqual([method, path, 303])
          expect(answer.headers.get('location')).toMatch(/^\/console\/login(\?next=%2Fconsole%2F[\w%-]+)?$/)
          expect([path, await answer.text()]).toEqual([path, ''])
          expect(answer.headers.get('set-cookie')).toBeNull()
          expect(answer.headers.get('cache-control')).toBe('no-store')
        }
    }
    expect(await everything()).toBe(before)
  },
)

test('no form counts without the mark of its own session', async () => {
  const before = await everything()
  const marks = [null, 'x', await other.csrf(), PASSWORD]
  for (const path of addresses('POST'))
    for (const mark of marks)
      for (const body of bodies(mark)) {
        const answer = await call(path, { method: 'POST', body, headers: { cookie: operator.cookie } })
        expect([path, mark, answer.status]).toEqual([path, mark, 403])
      }
  expect(await everything()).toBe(before)
})

/** As a browser sends a form that a page of somewhere else has, or that was asked for by another name. */
function send(path: string, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(api.url)
    const sent = httpRequest(
      {
        hostname,
        port,
        path,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      },
      (answer) => {
        answer.resume()
        done(answer.statusCode ?? 0)
      },
    )
    sent.once('error', fail)
    sent.end(body)
  })
}

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['another site, as the browser judges', { 'sec-fetch-site': 'cross-site' }],
  ['a neighbour of the same site', { 'sec-fetch-site': 'same-site' }],
  ['a page without an origin', { origin: 'null' }],
  ['a name that somebody else lets lead here', { host: 'evil.example', origin: 'http://evil.example' }],
  ['such a name, without an origin', { host: 'evil.example' }],
  ['this machine on another port', { origin: 'http://127.0.0.1:1' }],
])('a form of %s is refused everywhere', async (_name, headers) => {
  const before = await everything()
  const body = new URLSearchParams({
    csrf: await operator.csrf(),
    code: 'M123456-abcdef',
    password: PASSWORD,
  })
  for (const path of [...addresses('POST'), ...open])
    expect([path, await send(path, { ...headers, cookie: operator.cookie }, String(body))]).toEqual([
      path,
      403,
    ])
  expect(await everything()).toBe(before)
})

test('a form is taken by the names that a server has', async () => {
  const { port } = new URL(api.url)
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, '192.0.2.7', '[2001:db8::1]:8090'])
    expect([
      host,
      await send('/console/login', { host, origin: `http://${host}` }, 'password=wrong'),
    ]).toEqual([host, 403])
  const page = (host: string) =>
    new Promise<string>((done) => {
      httpRequest(
        { hostname: '127.0.0.1', port, path: '/console/login', method: 'POST', headers: { host } },
        async (answer) => done(Buffer.concat(await answer.toArray()).toString()),
      ).end()
    })
  expect(await page('localhost')).toContain('This is not the password.')
  expect(await page('<b>evil.example')).not.toContain('<b>')
  expect(await page('evil.example')).toContain('set UPLIFT_PUBLIC_URL')
})

test('nothing is done by following an address', async () => {
  const before = await everything()
  for (const path of [...addresses('POST'), ...addresses('GET')]) {
    const answer = await operator.get(`${path}?csrf=${await operator.csrf()}&code=M123456-abcdef`)
    await answer.arrayBuffer()
    expect([path, [200, 404].includes(answer.status)]).toEqual([path, true])
  }
  expect(await everything()).toBe(before)
})

test('no page shows a secret, may run what is not its own, or is kept', async () => {
  const { rows } = await api.database.pool.query<{ key: string }>(
    `SELECT encode(key_hash, 'hex') AS key FROM service.request`,
  )
  for (const path of [...addresses('GET'), `/console/contracts/edit?code=M123456-abcdef`]) {
    const answer = await operator.get(path)
    const page = await answer.text()
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const policy = answer.headers.get('content-security-policy')!
    expect(policy).toContain(`default-src 'none'`)
    expect(policy).toContain(`frame-ancestors 'none'`)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(page).not.toMatch(/<script(?![^>]* src=)|\son\w+=|style="|<iframe/)
    expect([path, page.match(/hidden-[\w-]+|(odoo|mail|pg)-user/)]).toEqual([path, null])
    for (const secret of [operator.cookie.split('=')[1]!, PASSWORD, ...rows.map(({ key }) => key)])
      expect(page).not.toContain(secret)
  }
  expect(await operator.page('/console/settings')).toContain('UPLIFT_ODOO_PASSWORD')
})
