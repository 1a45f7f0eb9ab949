import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { draft, requestIn } from '../../test/setup/request-states.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import { loadRequest, stagesOf } from './find.ts'
import { cancelRequest } from './queue.ts'
import { type RequestState, requestStates, type TicketStage } from './request.ts'
import { changeState, type StateDetails } from './state.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeAll(async () => {
  service = await serviceDatabase()
})
afterAll(() => service.remove())

const lawful = new Set([
  'draft → pending',
  'draft → cancelled',
  'pending → progress',
  'pending → cancelled',
  'pending → failed',
  'progress → done',
  'progress → failed',
  'progress → cancelled',
  'progress → pending',
  'failed → pending',
  'cancelled → pending',
])

const stages: Record<RequestState, TicketStage> = {
  draft: 'new',
  pending: 'new',
  progress: 'in_progress',
  done: 'done',
  failed: 'blocked',
  cancelled: 'blocked',
}

const change = (id: number, state: RequestState, details?: StateDetails) =>
  service.database.transaction((client) => changeState(client, id, state, details))

async function toldOf(id: number) {
  const messages = await service.database.pool.query<{ state: string; stage: string; body: string }>(
    `SELECT m.state, m.stage, m.body FROM service.ticket_message m JOIN service.ticket t ON t.id = m.ticket WHERE t.request = $1 ORDER BY m.id`,
    [id],
  )
  const lines = await service.database.pool.query<{ level: string; message: string }>(
    'SELECT level, message FROM service.log WHERE request = $1 ORDER BY id',
    [id],
  )
  return { messages: messages.rows, lines: lines.rows }
}

describe.each(requestStates)('from %s', (from) => {
  test.each(requestStates)('to %s', async (to) => {
    const { id } = await requestIn(service.database, from)
    const before = { told: await toldOf(id), request: await loadRequest(service.database.pool, id) }
    if (!lawful.has(`${from} → ${to}`)) {
      await expect(change(id, to)).rejects.toMatchObject({ code: 'INTERNAL' })
      expect(await toldOf(id)).toEqual(before.told)
      expect(await loadRequest(service.database.pool, id)).toEqual(before.request)
      return
    }
    await change(id, to)
    const { messages, lines } = await toldOf(id)
    expect(messages.slice(0, -1)).toEqual(before.told.messages)
    expect(messages.at(-1)).toMatchObject({ state: to, stage: stages[to] })
    expect(lines.at(-1)).toEqual({
      level: to === 'failed' ? 'error' : 'info',
      message: messages.at(-1)!.body,
    })
    expect(await loadRequest(service.database.pool, id)).toMatchObject({ state: to, issueStage: stages[to] })
  })
})

test('creating a request opens a ticket and tells it', async () => {
  const { id, request } = await draft(service.database)
  expect(request.issue).toBeGreaterThan(640_000)
  expect(request.issueStage).toBe('new')
  expect((await toldOf(id)).messages).toMatchObject([{ state: 'draft', stage: 'new' }])
})

test('each state has its times; a retry begins anew', async () => {
  const { id } = await draft(service.database)
  const now = async () => (await loadRequest(service.database.pool, id))!
  expect(await now()).toMatchObject({ queuedAt: null, processedAt: null, finishedAt: null })
  await change(id, 'pending')
  expect(await now()).toMatchObject({ queuedAt: expect.any(Date), processedAt: null, finishedAt: null })
  await change(id, 'progress')
  const { processedAt } = await now()
  expect(processedAt).toBeInstanceOf(Date)
  await change(id, 'failed', {
    failure: { code: 'UPGRADE:CONSTRAINT', message: 'Two rows are wrong.', detail: { ids: [1] } },
  })
  expect(await now()).toMatchObject({
    processedAt,
    finishedAt: expect.any(Date),
    failure: { code: 'UPGRADE:CONSTRAINT', message: 'Two rows are wrong.', detail: { ids: [1] } },
    customerMessage: 'Two rows are wrong.',
  })
  expect((await toldOf(id)).messages.at(-1)!.body).toContain('Two rows are wrong.')
  await service.database.pool.query(
    'UPDATE service.request SET fruitless = 10, cancel_asked_at = now() WHERE id = $1',
    [id],
  )
  await change(id, 'pending')
  expect(await now()).toMatchObject({
    processedAt: null,
    finishedAt: null,
    failure: null,
    customerMessage: null,
    cancelAskedAt: null,
  })
  const { rows } = await service.database.pool.query('SELECT fruitless FROM service.request WHERE id = $1', [
    id,
  ])
  expect(rows[0].fruitless).toBe(0)
  await change(id, 'progress')
  await change(id, 'done', { customerMessage: 'Read the notes.' })
  expect(await now()).toMatchObject({
    failure: null,
    customerMessage: 'Read the notes.',
    finishedAt: expect.any(Date),
  })
})

test.each(['failed', 'cancelled'] as const)('no stage runs on in a request that %s', async (state) => {
  const { id } = await requestIn(service.database, 'progress')
  await service.database.pool.query(
    `INSERT INTO service.stage (request, name, place, state, started_at, seconds)
     VALUES ($1, 'received', 1, 'done', now(), 3), ($1, 'loaded', 2, 'running', now() - interval '10 seconds', NULL), ($1, 'verified', 3, 'waiting', NULL, NULL)`,
    [id],
  )
  await change(id, state)
  expect(await stagesOf(service.database, id)).toMatchObject([
    { state: 'done', seconds: 3 },
    { state: 'failed', seconds: expect.closeTo(10, 0) },
    { state: 'waiting', seconds: null },
  ])
})

test('work that goes back into the queue is still to be cancelled, and its fruitless tries count on', async () => {
  const { id } = await requestIn(service.database, 'progress')
  await cancelRequest(service.database, id)
  await service.database.pool.query('UPDATE service.request SET fruitless = 3 WHERE id = $1', [id])
  await change(id, 'pending')
  const { rows } = await service.database.pool.query(
    'SELECT cancel_asked_at, fruitless FROM service.request WHERE id = $1',
    [id],
  )
  expect(rows).toEqual([{ cancel_asked_at: expect.any(Date), fruitless: 3 }])
})

test('a change that is rolled back told nothing', async () => {
  const { id } = await draft(service.database)
  const before = await toldOf(id)
  await expect(
    service.database.transaction(async (client) => {
      await changeState(client, id, 'pending')
      throw new Error('the job was not written')
    }),
  ).rejects.toThrow('the job was not written')
  expect(await toldOf(id)).toEqual(before)
  expect((await loadRequest(service.database.pool, id))!.state).toBe('draft')
})

test('two changes at once are one after the other: only one of them is lawful', async () => {
  for (let run = 0; run < 10; run++) {
    const { id } = await requestIn(service.database, 'progress')
    const ends = await Promise.allSettled([change(id, 'done'), change(id, 'cancelled'), change(id, 'failed')])
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await toldOf(id)).messages).toHaveLength(4)
  }
})

test('a request that does not exist changes nothing', async () => {
  await expect(change(999_999, 'pending')).rejects.toMatchObject({ code: 'INTERNAL' })
})

test('what a failure quotes of a dump is stored, whatever it holds', async () => {
  const { id } = await requestIn(service.database, 'progress')
  const message = 'The table "a\0b\ud800" is wrong.'
  await change(id, 'failed', {
    failure: { code: 'LOAD:DATA', message, detail: { 'a\0': ['\0', { b: '\udfff' }] } },
  })
  expect((await loadRequest(service.database.pool, id))!.failure).toEqual({
    code: 'LOAD:DATA',
    message: 'The table "a\ufffdb\ufffd" is wrong.',
    detail: { 'a\ufffd': ['\ufffd', { b: '\ufffd' }] },
  })
})
