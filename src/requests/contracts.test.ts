import { afterEach, beforeEach, expect, test } from 'vitest'
import { requestIn } from '../../test/setup/request-states.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import {
  addContract,
  ensureTrialContract,
  findContract,
  isLoopback,
  listContracts,
  maxBytesOf,
  revokeContract,
} from './contracts.ts'
import { loadRequest } from './find.ts'
import { queueRequest } from './queue.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeEach(async () => {
  service = await serviceDatabase()
})
afterEach(() => service.remove())

const pool = () => service.database.pool
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

test('a contract is found until its last day is over', async () => {
  await addContract(pool(), { code: 'past', expiresOn: day(-1) })
  await addContract(pool(), { code: 'today', expiresOn: day(0) })
  await addContract(pool(), {
    code: 'ever',
    maxBytes: 5e9,
    maxInProgress: 2,
    name: 'Müller',
    email: 'a@b.example',
  })
  expect(await findContract(service.database, 'past')).toBeNull()
  expect((await findContract(service.database, 'today'))?.expiresOn).toBe(day(0))
  expect(await findContract(service.database, 'ever')).toEqual({
    code: 'ever',
    name: 'Müller',
    email: 'a@b.example',
    createdAt: expect.any(Date),
    revokedAt: null,
    expiresOn: null,
    maxInProgress: 2,
    maxBytes: 5e9,
  })
})

test('unknown, revoked and expired ones, and what is no code, are not told apart', async () => {
  await addContract(pool(), { code: 'revoked' })
  await revokeContract(pool(), 'revoked')
  await addContract(pool(), { code: 'expired', expiresOn: '2020-01-01' })
  for (const code of ['revoked', 'expired', 'unknown', 'REVOKED', '', "' OR true --", '%', 'x'.repeat(200)])
    expect(await findContract(service.database, code)).toBeNull()
})

test('a code is added once; a revoked one is restored', async () => {
  expect(await addContract(pool(), { code: 'c', name: 'first', maxBytes: 5 })).toBe('added')
  expect(await addContract(pool(), { code: 'c', name: 'second' })).toBe('exists')
  expect(await findContract(service.database, 'c')).toMatchObject({ name: 'first', maxBytes: 5 })
  await revokeContract(pool(), 'c')
  expect(await addContract(pool(), { code: 'c', maxInProgress: 1 })).toBe('restored')
  expect(await findContract(service.database, 'c')).toMatchObject({
    name: 'first',
    maxBytes: null,
    maxInProgress: 1,
  })
})

test('a revoked contract keeps its requests, which can be finished, and its limit of bytes', async () => {
  await addContract(pool(), { code: 'c', maxBytes: 1000 })
  const { id } = await requestIn(service.database, 'draft', { contract: 'c' })
  expect(await revokeContract(pool(), 'c')).toBe('revoked')
  expect(await revokeContract(pool(), 'c')).toBe('already')
  expect(await revokeContract(pool(), 'd')).toBe('unknown')
  expect(await loadRequest(pool(), id)).toMatchObject({ contract: 'c', state: 'draft' })
  expect(await maxBytesOf(service.database, 'c')).toBe(1000)
  expect(await maxBytesOf(service.database, 'd')).toBeNull()
  expect(await queueRequest(service.database, id, async () => {})).toEqual({ ok: true })
})

test('the list has requests by state, stored bytes, and how each contract stands', async () => {
  for (const code of ['a', 'b', 'c']) await addContract(pool(), { code })
  await addContract(pool(), { code: 'd', expiresOn: '2020-01-01' })
  await revokeContract(pool(), 'c')
  for (const state of ['draft', 'draft', 'progress', 'done'] as const)
    await requestIn(service.database, state, { contract: 'a' })
  const { id } = await requestIn(service.database, 'done', { contract: 'b' })
  await pool().query(
    `INSERT INTO service.file (request, role, key, name, content_type, bytes) VALUES ($1, 'upgraded', 'k', 'n', 't', 3000000000)`,
    [id],
  )
  const none = { draft: 0, pending: 0, progress: 0, done: 0, failed: 0, cancelled: 0 }
  // The helper that makes requests makes the document's contract too.
  const listed = (await listContracts(pool())).filter(({ code }) => code.length === 1)
  expect(listed.map(({ code, status, requests, bytes }) => ({ code, status, requests, bytes }))).toEqual([
    { code: 'a', status: 'valid', requests: { ...none, draft: 2, progress: 1, done: 1 }, bytes: 4 * 934_902 },
    { code: 'b', status: 'valid', requests: { ...none, done: 1 }, bytes: 3_000_934_902 },
    { code: 'c', status: 'revoked', requests: none, bytes: 0 },
    { code: 'd', status: 'expired', requests: none, bytes: 0 },
  ])
})

test.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])(
  '%s is this machine alone: the trial contract is made, once',
  async (host) => {
    expect(isLoopback(host)).toBe(true)
    const made = await Promise.all([1, 2, 3].map(() => ensureTrialContract(service.database, host)))
    expect(made.filter(Boolean)).toHaveLength(1)
    expect(await findContract(service.database, 'M123456-abcdef')).not.toBeNull()
    expect(await findContract(service.database, 'M123456-abcxyz')).toBeNull()
  },
)

test.each([
  '0.0.0.0',
  '::',
  '192.168.0.1',
  'example.com',
  '127.0.0.1.example.com',
  '127.1',
  '',
  '::ffff:10.0.0.1',
])('others may reach "%s": no trial contract', async (host) => {
  expect(await ensureTrialContract(service.database, host)).toBe(false)
  expect(await listContracts(pool())).toEqual([])
})

test('where a contract was ever registered no trial contract is made, not even when it is revoked', async () => {
  await addContract(pool(), { code: 'mine' })
  expect(await ensureTrialContract(service.database, '127.0.0.1')).toBe(false)
  await revokeContract(pool(), 'mine')
  expect(await ensureTrialContract(service.database, '127.0.0.1')).toBe(false)
  expect((await listContracts(pool())).map(({ code }) => code)).toEqual(['mine'])
})

test('a trial contract that was revoked stays so', async () => {
  await ensureTrialContract(service.database, '127.0.0.1')
  await revokeContract(pool(), 'M123456-abcdef')
  expect(await ensureTrialContract(service.database, '127.0.0.1')).toBe(false)
  expect(await findContract(service.database, 'M123456-abcdef')).toBeNull()
})
