import { afterAll, beforeAll, expect, test } from 'vitest'
import { draft, uploaded } from '../../test/setup/request-states.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import { filesOf, findRequest, loadRequest, stagesOf } from './find.ts'
import { createKey } from './key.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeAll(async () => {
  service = await serviceDatabase()
})
afterAll(() => service.remove())

test('a request is found by its id and its key, without the hash', async () => {
  const { request, key, id } = await draft(service.database)
  const found = await findRequest(service.database, id, key)
  expect(found).toEqual(request)
  expect(found).toEqual(await loadRequest(service.database.pool, id))
  expect(found).not.toHaveProperty('keyHash')
  expect(found).toMatchObject({ state: 'draft', issueStage: 'new', attempt: 0, compressions: null })
  expect(found!.createdAt).toBeInstanceOf(Date)
  expect([typeof found!.id, typeof found!.issue]).toEqual(['number', 'number'])
})

test('a wrong key, the key of another and a wrong id are not found', async () => {
  const [one, other] = [await draft(service.database), await draft(service.database)]
  for (const key of [other.key, createKey(), '', one.key.slice(1), '\0', "' OR true --"])
    expect(await findRequest(service.database, one.id, key)).toBeNull()
  expect(await findRequest(service.database, other.id + 1_000, one.key)).toBeNull()
})

test('a lookup takes the same time for a wrong key, a wrong id and what is no id', async () => {
  const { id, key } = await draft(service.database)
  const wrong = [
    [id, createKey()],
    [id + 1_000, key],
    [Number.NaN, key],
  ] as const
  const times = wrong.map(() => [] as number[])
  for (let round = 0; round < 1_500; round++)
    for (const [i, [request, given]] of wrong.entries()) {
      const started = performance.now()
      await findRequest(service.database, request, given)
      times[i]!.push(performance.now() - started)
    }
  // The quickest quarter: what other work on the machine does to the rest says nothing.
  const usual = times.map((each) => each.sort((a, b) => a - b)[each.length >> 2]!)
  expect(Math.max(...usual) / Math.min(...usual)).toBeLessThan(1.07)
})

test('nothing of a request is read before its key matches', async () => {
  const { id, key } = await draft(service.database)
  const queries: string[] = []
  const pool = new Proxy(service.database.pool, {
    get: (target, name) =>
      name === 'query'
        ? (sql: string, values: unknown[]) => {
            queries.push(sql)
            return target.query(sql, values)
          }
        : Reflect.get(target, name),
  })
  await findRequest({ pool }, id, createKey())
  await findRequest({ pool }, id + 1_000, key)
  expect(new Set(queries).size).toBe(1)
  expect(queries).toHaveLength(2)
})

test.each([
  0,
  -1,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 60,
  2 ** 64,
  10_001.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
])('the id %d is none and breaks nothing', async (id) => {
  const { key } = await draft(service.database)
  expect(await findRequest(service.database, id, key)).toBeNull()
})

test("the number of another system's ticket is told, however large", async () => {
  const { id, key } = await draft(service.database)
  await service.database.pool.query('UPDATE service.ticket SET external = $2 WHERE request = $1', [
    id,
    2 ** 40,
  ])
  expect((await findRequest(service.database, id, key))?.issue).toBe(2 ** 40)
})

test('sizes of files and figures of stages are numbers', async () => {
  const { id } = await uploaded(service.database, {}, { bytes: 3_000_000_000 })
  const files = await filesOf(service.database, id)
  expect([...files.keys()]).toEqual(['original'])
  expect(files.get('original')).toMatchObject({ bytes: 3_000_000_000, sqlBytes: null, name: 'db_name.dump' })
  await service.database.pool.query(
    `INSERT INTO service.stage (request, name, place, done, total) VALUES ($1, 'loaded', 2, 5, 3000000000), ($1, 'received', 1, NULL, NULL)`,
    [id],
  )
  expect(await stagesOf(service.database, id)).toMatchObject([
    { name: 'received', done: null, total: null, state: 'waiting' },
    { name: 'loaded', done: 5, total: 3_000_000_000 },
  ])
})
