import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testServer } from '../../test/setup/databases.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import { loadSettings } from '../config/settings.ts'
import { addContract } from '../requests/contracts.ts'
import { createRequest } from '../requests/create.ts'
import { installationPrefix, scratchPrefix } from './attempt.ts'
import { dropLeftovers, dropLeftoversOf } from './leftovers.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
let place: Parameters<typeof dropLeftovers>[0]

beforeEach(async () => {
  service = await serviceDatabase()
  const data = await mkdtemp(join(tmpdir(), 'uplift-leftovers-'))
  await mkdir(join(data, 'work'))
  await addContract(service.database.pool, { code: 'c' })
  const settings = await loadSettings({ UPLIFT_DATA: data }, {})
  place = { database: service.database, settings, scratchServer: async () => testServer() }
})
afterEach(async () => {
  const server = testServer()
  await server.dropScratches(await installationPrefix(service.database))
  await rm(place.settings.dataFolder, { recursive: true, force: true })
  await service.remove()
})

/** A request in a state, with a database, a role that lost its database, and a folder of its own. */
async function requestWithTraces(state: 'draft' | 'pending' | 'progress' | 'done'): Promise<number> {
  const wish = {
    contract: 'c',
    email: 'a@example.com',
    target: '8.0',
    aim: 'test',
    filename: 'x.dump',
  } as const
  const { request } = await createRequest(service.database, { ...wish, timezone: null })
  await service.database.pool.query('UPDATE service.request SET state = $2 WHERE id = $1', [
    request.id,
    state,
  ])
  const prefix = await scratchPrefix(service.database, request.id)
  const server = testServer()
  await server.createScratch({ name: `${prefix}7` })
  // One that was taken over has the role that it was made with.
  await server.adoptScratch(`${prefix}7`, `${prefix}12`)
  await server.withAdmin((client) => client.query(`CREATE ROLE "${prefix}9"`))
  await mkdir(join(place.settings.dataFolder, 'work', `${prefix}attachments`))
  await writeFile(join(place.settings.dataFolder, 'work', `${prefix}attachments`, 'a'), 'x')
  return request.id
}

const traces = async () =>
  testServer()
    .scratchTraces(await installationPrefix(service.database))
    .then((names) => names.map((name) => Number(name.split('_')[2])))
const folders = async () =>
  (await readdir(join(place.settings.dataFolder, 'work'))).map((name) => Number(name.split('_')[2]))

test('what ended and deleted requests left is dropped; what open ones have and what is of nobody stays', async () => {
  const [progress, pending, done, deleted] = [
    await requestWithTraces('progress'),
    await requestWithTraces('pending'),
    await requestWithTraces('done'),
    await requestWithTraces('draft'),
  ]
  await service.database.pool.query('DELETE FROM service.request WHERE id = $1', [deleted])
  await mkdir(join(place.settings.dataFolder, 'work', 'somebody_s_0_own'))
  expect((await dropLeftovers(place)).toSorted()).toEqual([done, deleted])
  expect(new Set(await traces())).toEqual(new Set([progress, pending]))
  expect(await traces()).toHaveLength(6)
  expect((await folders()).toSorted()).toEqual([0, progress, pending])
  expect(await dropLeftovers(place)).toEqual([])
})

test('nothing of a request is dropped that is asked for again meanwhile', async () => {
  const request = await requestWithTraces('done')
  const other = await service.database.pool.connect()
  await other.query('BEGIN')
  await other.query(`UPDATE service.request SET state = 'pending' WHERE id = $1`, [request])
  const dropping = dropLeftoversOf(place, request)
  await other.query('COMMIT')
  other.release()
  expect(await dropping).toBe(false)
  expect(await traces()).toHaveLength(3)
})
