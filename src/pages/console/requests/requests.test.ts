import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../../../test/setup/api.ts'
import { passStates } from '../../../../test/setup/messages.ts'
import { type Operator, openOperator } from '../../../../test/setup/operator.ts'
import { draft, requestIn, uploaded } from '../../../../test/setup/request-states.ts'
import { loadRequest } from '../../../requests/find.ts'
import { searchRequests } from '../../../requests/search.ts'

let api: TestApi
let operator: Operator
beforeAll(async () => {
  api = await startApi()
  operator = await openOperator(api)
})
afterAll(() => api.close())

const state = async (id: number) => (await loadRequest(api.database.pool, id))?.state
const act = async (id: number, action: string) =>
  (await operator.post(`/console/requests/${id}/${action}`)).headers.get('location')

test('a request that failed or was cancelled is tried again with the dump that it has', async () => {
  for (const from of ['failed', 'cancelled'] as const) {
    const { id } = await requestIn(api.database, from)
    const before = await api.database.pool.query('SELECT key FROM service.file WHERE request = $1', [id])
    expect(await act(id, 'retry')).toBe(`/console/requests/${id}?outcome=retried`)
    expect(await state(id)).toBe('pending')
    expect(api.queued).toContain(id)
    const after = await api.database.pool.query('SELECT key FROM service.file WHERE request = $1', [id])
    expect(after.rows).toEqual(before.rows)
    expect(await act(id, 'retry')).toBe(`/console/requests/${id}?outcome=state`)
    expect(await operator.page(`/console/requests/${id}?outcome=retried`)).toContain(
      'waits for its turn again',
    )
  }
})

test('one whose dump is gone, or that is not over, is not tried again', async () => {
  const gone = await requestIn(api.database, 'failed')
  await api.database.pool.query('DELETE FROM service.file WHERE request = $1', [gone.id])
  expect(await act(gone.id, 'retry')).toBe(`/console/requests/${gone.id}?outcome=dump`)
  expect(await state(gone.id)).toBe('failed')
  expect(await operator.page(`/console/requests/${gone.id}`)).not.toContain('Try again')
  for (const other of ['draft', 'progress', 'done'] as const) {
    const { id } = await requestIn(api.database, other)
    expect(await act(id, 'retry')).toBe(`/console/requests/${id}?outcome=state`)
    expect(await state(id)).toBe(other)
  }
})

test('one that waits is cancelled at once, one at work when its worker has seen it', async () => {
  const waiting = await requestIn(api.database, 'pending')
  expect(await act(waiting.id, 'cancel')).toBe(`/console/requests/${waiting.id}?outcome=cancelled`)
  expect(await state(waiting.id)).toBe('cancelled')
  const working = await requestIn(api.database, 'progress')
  expect(await act(working.id, 'cancel')).toBe(`/console/requests/${working.id}?outcome=cancelling`)
  expect((await loadRequest(api.database.pool, working.id))!.cancelAskedAt).not.toBeNull()
  const done = await requestIn(api.database, 'done')
  expect(await act(done.id, 'cancel')).toBe(`/console/requests/${done.id}?outcome=state`)
})

test('deleting asks first, and then takes the row, what hangs on it and the files', async () => {
  const { id } = await draft(api.database)
  const key = `${id}/original/dump`
  await api.storage.put(
    key,
    (async function* () {
      yield Buffer.from('dump')
    })(),
  )
  await api.database.pool.query(
    `INSERT INTO service.file (request, role, key, name, content_type, bytes) VALUES ($1, 'original', $2, 'dump', 'x/y', 4)`,
    [id, key],
  )
  const page = await operator.page(`/console/requests/${id}/delete`)
  expect(page).toContain(`Delete request ${id}?`)
  expect(await state(id)).toBe('draft')
  expect(await act(id, 'delete')).toBe('/console/requests?outcome=removed')
  expect(await state(id)).toBeUndefined()
  expect(await api.storage.size(key)).toBeNull()
  const { rows } = await api.database.pool.query(
    `SELECT (SELECT count(*) FROM service.log WHERE request = $1)::int AS log, (SELECT count(*) FROM service.ticket WHERE request = $1)::int AS tickets,
            (SELECT count(*) FROM service.dropped_file)::int AS dropped`,
    [id],
  )
  expect(rows).toEqual([{ log: 0, tickets: 0, dropped: 0 }])
  expect((await operator.get(`/console/requests/${id}`)).status).toBe(404)
})

test('one that waits or is at work is not deleted', async () => {
  for (const busy of ['pending', 'progress'] as const) {
    const { id } = await requestIn(api.database, busy)
    expect(await act(id, 'delete')).toBe(`/console/requests/${id}?outcome=busy`)
    expect(await state(id)).toBe(busy)
  }
})

test('what is not there says so', async () => {
  for (const path of ['99999', '0', '-1', 'x', '99999999999999999999'])
    expect((await operator.get(`/console/requests/${path}`)).status).toBe(404)
  for (const action of ['retry', 'cancel', 'delete'])
    expect((await operator.post(`/console/requests/99999/${action}`)).status).toBe(404)
  const { id } = await draft(api.database)
  expect((await operator.get(`/console/requests/${id}/files/original`)).status).toBe(404)
  expect((await operator.get(`/console/requests/${id}/files/constructor`)).status).toBe(404)
})

test('a file comes as it is stored', async () => {
  const { id } = await uploaded(api.database)
  const key = `${id}/report/x`
  await api.storage.put(
    key,
    (async function* () {
      yield Buffer.from('<script>alert(1)</script>')
    })(),
  )
  await api.database.pool.query(
    `INSERT INTO service.file (request, role, key, name, content_type, bytes) VALUES ($1, 'report', $2, 'r.html', 'text/html; charset=utf-8', 25)`,
    [id, key],
  )
  const answer = await operator.get(`/console/requests/${id}/files/report`)
  expect(await answer.text()).toBe('<script>alert(1)</script>')
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

test('what strangers wrote is text on every page', async () => {
  const hostile = `<img src=x onerror=alert(1)>"'><script>alert(2)</script>`
  const { id } = await requestIn(api.database, 'draft', { filename: hostile, email: 'a@example.com' })
  await api.database.pool.query(
    `UPDATE service.request SET database_uuid = $2, postgresql = $2, database_version = $2, timezone = $2, compressions = ARRAY[$2]  WHERE id = $1`,
    [id, hostile],
  )
  await passStates(api.database, id, ['pending', 'progress', 'failed'], {
    failure: { code: 'LOAD:DATA', message: hostile, detail: { table: hostile } },
  })
  await api.database.pool.query(
    `INSERT INTO service.stage (request, name, place, state, done, unit, subject) VALUES ($1, $2, 1, 'running', 3, 'rows', $2)`,
    [id, hostile],
  )
  await api.database.pool.query('UPDATE service.ticket_message SET last_error = $1', [hostile])
  await api.database.pool.query('UPDATE service.contract SET name = $1', [hostile])
  const query = encodeURIComponent(hostile)
  for (const path of [
    `/console/requests/${id}`,
    `/console/requests/${id}/delete`,
    '/console/requests',
    `/console/requests?text=${query}&contract=${query}&target=${query}&from=${query}&sort=${query}&state=${query}&page=${query}`,
    `/console/contracts?text=${query}`,
    '/console/contracts',
    '/console/contracts/edit?code=M123456-abcdef',
    '/console/tickets',
    '/console/metrics',
    '/console',
  ]) {
    const page = await operator.page(path)
    expect(page).not.toContain('<img src=x')
    expect(page).not.toContain('<script>alert')
    expect(page).not.toMatch(/"'>/)
  }
})

test('filters find what fits, and pages follow each other', async () => {
  const found = async (query: string) => {
    const page = await operator.page(`/console/requests?${query}`)
    return [...page.matchAll(/<td[^>]*><a href="\/console\/requests\/(\d+)">/g)].map(([, id]) => Number(id))
  }
  const mine = await draft(api.database, {
    filename: 'needle.dump',
    email: 'pin@example.com',
    target: '17.0',
  })
  expect(await found('text=NEEDLE')).toEqual([mine.id])
  expect(await found('text=pin@')).toEqual([mine.id])
  expect(await found(`text=${mine.id}`)).toEqual([mine.id])
  expect(await found('target=17.0&state=draft')).toEqual([mine.id])
  expect(await found('target=17.0&state=done')).toEqual([])
  expect(await found('text=100%25')).toEqual([])
  const today = new Date().toISOString().slice(0, 10)
  expect(await found(`text=needle&from=${today}&to=${today}`)).toEqual([mine.id])
  expect(await found('text=needle&to=2020-01-01')).toEqual([])
  expect(await found('text=needle&to=2020-13-45')).toEqual([mine.id])
  const { all } = await searchRequests(
    api.database.pool,
    {},
    { order: 'created', descending: true, limit: 1, offset: 0 },
  )
  expect(await found('order=up')).toEqual((await found('')).toReversed())
  expect((await found('')).length).toBe(all)
  for (const sort of ['created', 'finished', 'seconds', 'bytes', 'contract'])
    expect((await found(`sort=${sort}`)).length).toBe(all)
})

test('the languages of a list keep what it is narrowed to', async () => {
  expect(await operator.page('/console/requests?state=cancelled&text=a%26b&lang=en')).toContain(
    '<a href="?state=cancelled&amp;text=a%26b&amp;lang=fr" hreflang="fr"',
  )
})
