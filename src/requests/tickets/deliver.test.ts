import type { ServerResponse } from 'node:http'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeRequest, passStates, sentStates } from '../../../test/setup/messages.ts'
import { type Received, type Receiver, startReceiver } from '../../../test/setup/receiver.ts'
import { serviceDatabase } from '../../../test/setup/service.ts'
import { loadRequest } from '../find.ts'
import { type Deliveries, deliverMessages } from './deliver.ts'
import { MOST_TRIES, pauseAfter } from './pauses.ts'
import { takeMessage } from './take.ts'

const secret = 'a secret of the operator'
let service: Awaited<ReturnType<typeof serviceDatabase>>
let receiver: Receiver
let answer: (received: Received, response: ServerResponse) => void
beforeEach(async () => {
  service = await serviceDatabase()
  answer = (_, response) => response.end()
  receiver = await startReceiver((received, response) => answer(received, response))
})
afterEach(async () => {
  await receiver.close()
  await service.remove()
})

const later = (minutes: number) => () => new Date(Date.now() + minutes * 60_000)
const toWebhook = (more: Partial<Deliveries> = {}): Deliveries => ({
  settings: { tickets: { kind: 'webhook', url: receiver.url, secret }, mail: null, region: 'eu1' },
  baseUrl: null,
  log: pino({ level: 'silent' }),
  signal: new AbortController().signal,
  ...more,
})
const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>)

test('every change of state is told once, in its order, without the key', async () => {
  const { id, key } = await makeRequest(service.database, { backend: 'webhook' })
  await passStates(service.database, id, ['pending', 'progress', 'failed'], {
    failure: { code: 'LOAD:DATA', message: 'The table res_partner was not taken.' },
  })
  await deliverMessages(service.database, toWebhook())
  await deliverMessages(service.database, toWebhook())
  expect(bodies().map(({ state, stage }) => [state, stage])).toEqual([
    ['draft', 'new'],
    ['pending', 'new'],
    ['progress', 'in_progress'],
    ['failed', 'blocked'],
  ])
  const last = bodies()[3]!
  expect(last).toMatchObject({
    request: id,
    contract: 'M123456-abcdef',
    source: null,
    target: '8.0',
    aim: 'test',
    failure: 'LOAD:DATA',
    message: 'The upgrade failed: The table res_partner was not taken.',
  })
  expect(receiver.received[3]!.headers['uplift-delivery']).toBe(String(last.id))
  expect(JSON.stringify(receiver.received)).not.toContain(key.replace(/=+$/, ''))
})

test('the number that the receiver gives the ticket becomes the issue of the request', async () => {
  const { id } = await makeRequest(service.database, { backend: 'webhook' })
  answer = (_, response) => response.end(JSON.stringify({ ticket: 4711 }))
  await deliverMessages(service.database, toWebhook())
  expect((await loadRequest(service.database.pool, id))?.issue).toBe(4711)
})

test.each([
  ['no JSON', 'thanks'],
  ['a number that is too large', '{"ticket": 9007199254740993}'],
  ['no integer', '{"ticket": "12"}'],
  ['an answer without end', `{"ticket": 12, "x": "${'x'.repeat(100_000)}"}`],
])('%s in the answer is no reason to send again, and no issue', async (_, text) => {
  const { id } = await makeRequest(service.database, { backend: 'webhook' })
  answer = (_received, response) => response.end(text)
  await deliverMessages(service.database, toWebhook())
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: true, tries: 1 }])
  expect((await loadRequest(service.database.pool, id))?.issue).toBeGreaterThan(640_000)
})

test('a redirect is not followed', async () => {
  const { id } = await makeRequest(service.database, { backend: 'webhook' })
  answer = (_, response) => response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end()
  await deliverMessages(service.database, toWebhook())
  expect(receiver.received).toHaveLength(1)
  expect(await sentStates(service.database, id)).toMatchObject([
    { delivered: false, error: expect.stringContaining('307') },
  ])
})

test('a ticket whose message fails does not hold up others, but its own later messages wait', async () => {
  const first = await makeRequest(service.database, { backend: 'webhook' })
  const second = await makeRequest(service.database, { backend: 'webhook' })
  await passStates(service.database, first.id, ['pending'])
  answer = ({ body }, response) => response.writeHead(JSON.parse(body).request === first.id ? 503 : 200).end()
  await deliverMessages(service.database, toWebhook())
  expect(await sentStates(service.database, second.id)).toMatchObject([{ delivered: true }])
  expect(await sentStates(service.database, first.id)).toMatchObject([
    { delivered: false, tries: 1, error: expect.stringContaining('503') },
    { delivered: false, tries: 0 },
  ])
  await deliverMessages(service.database, toWebhook())
  expect(await sentStates(service.database, first.id)).toMatchObject([{ tries: 1 }, { tries: 0 }])
  answer = (_, response) => response.end()
  await deliverMessages(service.database, toWebhook({ now: later(2) }))
  expect(await sentStates(service.database, first.id)).toMatchObject([
    { delivered: true, error: null, tries: 2 },
    { delivered: true },
  ])
})

test('the pauses grow from a minute to six hours, three days in all', () => {
  const pauses = Array.from({ length: MOST_TRIES }, (_, index) => pauseAfter(index + 1))
  expect(pauses.slice(0, 3)).toEqual([60_000, 120_000, 240_000])
  expect(pauses.at(-2)).toBe(6 * 3_600_000)
  expect(pauses.at(-1)).toBeNull()
  const hours = pauses.reduce<number>((sum, pause) => sum + (pause ?? 0), 0) / 3_600_000
  expect(hours).toBeGreaterThan(72)
  expect(hours).toBeLessThan(80)
})

test('after the last try the message is given up, says so, and the next one is sent', async () => {
  const { id } = await makeRequest(service.database, { backend: 'webhook' })
  await passStates(service.database, id, ['pending'])
  await service.database.pool.query('UPDATE service.ticket_message SET tries = $1', [MOST_TRIES - 1])
  answer = ({ body }, response) => response.writeHead(JSON.parse(body).state === 'draft' ? 500 : 200).end()
  await deliverMessages(service.database, toWebhook())
  expect(await sentStates(service.database, id)).toMatchObject([
    { delivered: false, givenUp: true, error: 'given up: The webhook answered with HTTP 500.' },
    { delivered: true, givenUp: false },
  ])
})

test('a receiver that hangs up, or is not there, is a try that failed', async () => {
  const { id } = await makeRequest(service.database, { backend: 'webhook' })
  answer = (_, response) => response.destroy()
  await deliverMessages(service.database, toWebhook())
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: false, tries: 1 }])
  await receiver.close()
  await deliverMessages(service.database, toWebhook({ now: later(2) }))
  expect(await sentStates(service.database, id)).toMatchObject([
    { delivered: false, tries: 2, error: expect.stringContaining('ECONNREFUSED') },
  ])
})

test('several processes share the work: each message arrives once', async () => {
  const ids: number[] = []
  for (let i = 0; i < 30; i++) ids.push((await makeRequest(service.database, { backend: 'webhook' })).id)
  await Promise.all(ids.map((id) => passStates(service.database, id, ['pending', 'progress', 'done'])))
  answer = (_, response) => setImmediate(() => response.end())
  await Promise.all([1, 2, 3].map(() => deliverMessages(service.database, toWebhook())))
  // A process whose lanes found the last messages taken left the later ones to the next look.
  await deliverMessages(service.database, toWebhook())
  const seen = new Map<unknown, unknown[]>()
  for (const { request, state } of bodies()) seen.set(request, [...(seen.get(request) ?? []), state])
  expect(seen.size).toBe(30)
  for (const states of seen.values()) expect(states).toEqual(['draft', 'pending', 'progress', 'done'])
})

test('what a process took that died is sent by another, with the same number', async () => {
  await makeRequest(service.database, { backend: 'webhook' })
  const taken = await takeMessage(service.database, 'ticket', 'webhook', new Date())
  await deliverMessages(service.database, toWebhook())
  expect(receiver.received).toHaveLength(0)
  await deliverMessages(service.database, toWebhook({ now: later(4) }))
  expect(bodies()).toMatchObject([{ id: taken!.id }])
})

test('a stop in the middle of a try gives the message back at once', async () => {
  const { id } = await makeRequest(service.database, { backend: 'webhook' })
  const stop = new AbortController()
  answer = () => stop.abort()
  await deliverMessages(service.database, toWebhook({ signal: stop.signal }))
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: false, tries: 0 }])
  answer = (_, response) => response.end()
  await deliverMessages(service.database, toWebhook())
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: true, tries: 1 }])
})

test('the built-in backend needs no sending, and a process without mail settles what no mail is about', async () => {
  const { id } = await makeRequest(service.database)
  await passStates(service.database, id, ['pending'])
  const builtIn = { settings: { tickets: { kind: 'built-in' as const }, mail: null, region: 'eu1' } }
  await deliverMessages(service.database, toWebhook(builtIn))
  expect(await sentStates(service.database, id)).toMatchObject([
    { delivered: true, mailed: true },
    { delivered: true, mailed: false, mailGivenUp: false },
  ])
  await deliverMessages(service.database, toWebhook({ ...builtIn, now: later(4 * 24 * 60) }))
  expect(await sentStates(service.database, id)).toMatchObject([{}, { mailed: false, mailGivenUp: true }])
})

test('messages of a backend that nobody serves any more are given up after days, not before', async () => {
  const { id } = await makeRequest(service.database, { backend: 'odoo' })
  await deliverMessages(service.database, toWebhook())
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: false, givenUp: false }])
  await deliverMessages(service.database, toWebhook({ now: later(4 * 24 * 60) }))
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: false, givenUp: true }])
  expect(receiver.received).toHaveLength(0)
})
