import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, startApi, type TestApi } from '../../../test/setup/api.ts'
import { type GivenRequest, requestWith } from '../../../test/setup/request-files.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ UPLIFT_GUESSES: '100000' })
})
afterAll(() => api.close())

interface Told {
  event: string
  data: { title?: string; state: string; html?: string }
}

/** Listens to a request until `close`, or until the server ends the stream. */
async function listen({ base }: GivenRequest, query = '', url = api.url) {
  const controller = new AbortController()
  const response = await fetch(`${url}${base}/events${query}`, { signal: controller.signal })
  const told: Told[] = []
  const stream = { ended: false }
  const read = async () => {
    let text = ''
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      text += piece
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? []
        if (event && data) told.push({ event, data: JSON.parse(data) as Told['data'] })
      }
    }
  }
  const reading = read().then(
    () => {
      stream.ended = true
    },
    () => {},
  )
  return { response, told, stream, reading, close: () => controller.abort() }
}

const set = (sql: string, values: unknown[]) => api.database.pool.query(sql, values)

test('tells a change when it is one, the end, and then nothing', async () => {
  const made = await requestWith(api, 'progress', {}, { processed_at: new Date() })
  await set(
    `INSERT INTO service.stage (request, name, place, state, done, total, unit, started_at) VALUES ($1, 'loaded', 1, 'running', 1, 4, 'bytes', now())`,
    [made.id],
  )
  const { response, told, stream, reading } = await listen(made)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  await eventually(() => expect(told).toHaveLength(1))
  expect(told[0]).toMatchObject({
    event: 'status',
    data: { state: 'progress', title: '▶ 25 % · In progress · db_name.dump' },
  })
  // Seconds pass, which is no change.
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(told).toHaveLength(1)
  await set('UPDATE service.stage SET done = 2 WHERE request = $1', [made.id])
  await eventually(() => expect(told.at(-1)?.data.title).toContain('50 %'))
  await set(`INSERT INTO service.log (request, level, message) VALUES ($1, 'info', '<b>a line</b>')`, [
    made.id,
  ])
  await eventually(() => expect(told.at(-1)?.data.html).toContain('&lt;b&gt;a line&lt;/b&gt;'))
  await set(`UPDATE service.request SET state = 'done', finished_at = now() WHERE id = $1`, [made.id])
  await reading
  expect(stream.ended).toBe(true)
  expect(told.slice(-2).map(({ event, data }) => `${event} ${data.state}`)).toEqual([
    'status done',
    'end done',
  ])
})

test('in the language of the reader', async () => {
  const { told, close } = await listen(await requestWith(api, 'pending'), '?lang=fr')
  await eventually(() => expect(told[0]?.data.title).toContain('En attente'))
  close()
})

test('not for who has not the key', async () => {
  const { base } = await requestWith(api, 'pending')
  const wrong = await fetch(`${api.url}${base.slice(0, -2)}x=/events`)
  expect([wrong.status, wrong.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
})

test('one address has so many streams; who leaves makes room', async () => {
  const other = await startApi()
  const made = await requestWith(other, 'pending')
  const open = await Promise.all(Array.from({ length: 20 }, () => listen(made, '', other.url)))
  expect(open.map(({ response }) => response.status)).toEqual(open.map(() => 200))
  const more = await fetch(`${other.url}${made.base}/events`)
  expect(more.status).toBe(503)
  expect(more.headers.get('retry-after')).toBe('30')
  for (const { close } of open) close()
  await eventually(async () => {
    const { response, close } = await listen(made, '', other.url)
    close()
    expect(response.status).toBe(200)
  })
  await other.close()
})

test('a server that stops ends its streams', async () => {
  const ending = await startApi({ UPLIFT_STOP_SECONDS: '60' })
  const { base } = await requestWith(ending, 'pending')
  const response = await fetch(`${ending.url}${base}/events`)
  const text = response.text()
  await ending.close()
  expect(await text).toContain('event: status')
})
