import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { answer, breakOff } from '../../test/sdk/platform.ts'
import { platformSuite, wish } from '../../test/sdk/platform-suite.ts'
import { RemoteFailures, RemoteUnreachable, UnexpectedAnswer, Uplift } from './index.ts'

const suite = platformSuite()
const interval = { first: 1, longest: 5 }

test('a request is created, and its status is what the document says', async () => {
  const { request } = await suite.client.create({ ...wish, timezone: 'Europe/Brussels' })
  expect(request).toMatchObject({
    id: 10534,
    state: 'draft',
    timezone: 'Europe/Brussels',
    filename: 'db_name.dump',
  })
  const status = await suite.client.status({ request: request.id, key: request.key })
  expect(status).toEqual({ failures: [], request })
})

test('all failures of a call arrive as they were sent', async () => {
  const call = suite.client.create({ ...wish, target: '5.0', contract: 'M123456-abcxyz' })
  const error = await call.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RemoteFailures)
  expect((error as RemoteFailures).failures).toEqual([
    {
      expected: ['6.0', '6.1', '7.0', '8.0'],
      message: 'Invalid value "5.0"',
      reason: 'TARGET:INVALID',
      value: '5.0',
    },
    {
      code: 'M123456-abcxyz',
      message: 'Can not find contract M123456-abcxyz',
      reason: 'CONTRACT:NOT_FOUND',
    },
  ])
  expect((error as RemoteFailures).has('TARGET:INVALID')).toBe(true)
})

test('a wrong key is a failure, and the key stands in no address', async () => {
  const { request } = await suite.made()
  let address = ''
  suite.platform.tricks.push({
    path: '/status',
    play: (incoming, response) => {
      address = incoming.url ?? ''
      answer(response, { failures: [{ reason: 'REQUEST:NOT_FOUND', message: 'no' }] })
    },
  })
  await expect(suite.client.status({ request, key: 'wrong' })).rejects.toThrow('REQUEST:NOT_FOUND: no')
  expect(address).toBe('/database/v1/status')
})

test('a lost answer is asked for again, but a request is not made twice', async () => {
  const access = await suite.made()
  suite.platform.calls.length = 0
  suite.platform.tricks.push({ path: '/status', play: breakOff })
  expect((await suite.client.status(access)).request.id).toBe(access.request)
  suite.platform.tricks.push({ path: '/create', play: breakOff })
  await expect(suite.client.create(wish)).rejects.toThrow(RemoteUnreachable)
  expect(suite.platform.calls).toEqual(['status', 'status', 'create'])
})

test('a processing that was asked for already is no failure, one that cannot be is', async () => {
  const access = await suite.made()
  suite.platform.requests.get(access.request)!.state = 'progress'
  await suite.client.process(access)
  suite.platform.requests.get(access.request)!.state = 'cancelled'
  await expect(suite.client.process(access)).rejects.toThrow(RemoteFailures)
})

test('a busy server is left alone for as long as it asks', async () => {
  const busy = { failures: [{ reason: 'SERVER:BUSY', message: 'later' }] }
  const times: number[] = []
  for (let i = 0; i < 2; i++)
    suite.platform.tricks.push({
      path: '/create',
      play: (_, response) => {
        times.push(performance.now())
        answer(response, busy, 503, i === 0 ? { 'retry-after': '1' } : {})
      },
    })
  const begin = performance.now()
  expect((await suite.client.create(wish)).request.state).toBe('draft')
  expect(performance.now() - begin).toBeGreaterThan(990)
  expect(times[1]! - times[0]!).toBeGreaterThan(990)
})

test('a server that stays busy brings its own reasons', async () => {
  for (let i = 0; i < 3; i++)
    suite.platform.tricks.push({
      path: '/create',
      play: (_, response) =>
        answer(response, { failures: [{ reason: 'SERVER:BUSY', message: 'later' }] }, 503),
    })
  await expect(suite.client.create(wish)).rejects.toThrow('SERVER:BUSY: later')
  expect(suite.platform.calls).toEqual(['create', 'create', 'create'])
})

test('waiting follows the states to the end, and can be stopped', async () => {
  const access = await suite.made()
  await suite.client.process(access)
  suite.platform.turns = 3
  const states: string[] = []
  const { request } = await suite.client.wait(access, {
    interval,
    onStatus: ({ state }) => states.push(state),
  })
  expect(states).toEqual(['progress', 'progress', 'progress', 'progress', 'done'])
  expect(request.state).toBe('done')

  const controller = new AbortController()
  suite.platform.requests.get(access.request)!.state = 'draft'
  const waiting = suite.client.wait(access, {
    interval: { first: 60_000 },
    signal: controller.signal,
    onStatus: () => controller.abort(new Error('enough')),
  })
  await expect(waiting).rejects.toThrow('enough')
})

test('waiting outlasts a network that is away for longer than a call does', async () => {
  const access = await suite.made('done')
  const away = { path: '/status', play: breakOff }
  suite.platform.tricks.push(away, away, away, away, away, away)
  expect((await suite.client.wait(access)).request.state).toBe('done')
  suite.platform.tricks.push(away, away, away)
  await expect(suite.client.status(access)).rejects.toThrow(RemoteUnreachable)
})

test.each([
  ['a page', (response: import('node:http').ServerResponse) => response.end('<html>hello</html>')],
  ['other JSON', (response: import('node:http').ServerResponse) => answer(response, { ok: true })],
  [
    'a request without a state',
    (response: import('node:http').ServerResponse) =>
      answer(response, { failures: [], request: { id: 1, key: 'k' } }),
  ],
  [
    'a redirection',
    (response: import('node:http').ServerResponse) =>
      response.writeHead(301, { location: '/elsewhere' }).end(),
  ],
  [
    'endless bytes',
    (response: import('node:http').ServerResponse) => response.end(Buffer.alloc(3 << 20, 0x20)),
  ],
])('%s is no answer of a platform', async (_, play) => {
  suite.platform.tricks.push({ path: '/create', play: (_request, response) => play(response) })
  await expect(suite.client.create(wish)).rejects.toThrow(UnexpectedAnswer)
  expect(suite.platform.calls).toEqual(['create'])
})

test('a port on which nobody listens is tried again, then said', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => closed.once('listening', resolve))
  const { port } = closed.address() as import('node:net').AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  const client = new Uplift({ url: `http://127.0.0.1:${port}`, retry: { attempts: 2, pause: 1 } })
  const error = await client.create(wish).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RemoteUnreachable)
  expect((error as Error).message).toBe(
    `http://127.0.0.1:${port} does not answer: ECONNREFUSED (tried 2 times)`,
  )
})

test.each([
  ['http://h.example/', 'http://h.example'],
  ['https://h.example:8443/up/', 'https://h.example:8443/up'],
  ['https://h.example/database/v1', 'https://h.example'],
])('the address %s is the platform %s', (given, base) => {
  expect(new Uplift({ url: given }).url).toBe(base)
})

test.each(['ftp://h.example', 'https://user:secret@h.example', 'nonsense'])('%s is no address', (url) => {
  expect(() => new Uplift({ url })).toThrow(TypeError)
})
