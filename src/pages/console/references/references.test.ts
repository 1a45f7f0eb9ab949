import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, startApi, type TestApi } from '../../../../test/setup/api.ts'
import { testServer } from '../../../../test/setup/databases.ts'
import { type Operator, openOperator } from '../../../../test/setup/operator.ts'
import { databaseExists } from '../../../reference/add.ts'
import { ReferenceStore } from '../../../reference/store.ts'
import { makeSample } from '../../../sample/make-sample.ts'

let api: TestApi
let operator: Operator
let folder: string
let dump: Buffer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-reference-'))
  const out = join(folder, 'fresh.dump')
  await makeSample({ server: testServer(), series: '7.0', modules: ['base'], rows: 1, out, format: 'custom' })
  dump = await readFile(out)
  const { host, port, user } = testServer().admin
  api = await startApi({
    UPLIFT_PG_URL: `postgresql://${user}@localhost:${port}/?host=${encodeURIComponent(host)}`,
  })
  operator = await openOperator(api)
})
afterAll(async () => {
  await api?.close()
  await rm(folder, { recursive: true, force: true })
})

const add = (series: string, content: Buffer | string, name = 'fresh.dump') =>
  operator.upload('/console/references/add', { series }, { field: 'dump', name, content })
const at = (answer: Response) => answer.headers.get('location')
const list = () => new ReferenceStore(api.folder).list()
const spooled = () => readdir(join(api.folder, 'spool'))

test('a dump that is sent becomes the reference of its version, in the background', async () => {
  expect(at(await add('7.0', dump))).toBe('/console/references?outcome=adding')
  expect(await operator.page('/console/references')).toMatch(/data-refresh|Kept/)
  await eventually(async () => expect(await list()).toHaveLength(1), 90_000)
  await eventually(async () => expect(await operator.page('/console/references')).toContain('>Kept<'), 30_000)
  const [reference] = await list()
  expect(reference).toMatchObject({ series: '7.0', bytes: dump.length })
  expect(await databaseExists(testServer(), reference!.database)).toBe(true)
  const page = await operator.page('/console/references')
  expect(page).toContain(reference!.sha256.slice(0, 12))
  expect(page).toContain('fresh.dump')
  expect(page).not.toContain('data-refresh')
  await eventually(async () => expect(await spooled()).toEqual([]))

  const confirm = await operator.page(`/console/references/remove?sha256=${reference!.sha256}`)
  expect(confirm).toContain('Remove the reference of 7.0?')
  expect(at(await operator.post('/console/references/remove', { sha256: reference!.sha256 }))).toBe(
    '/console/references?outcome=removed',
  )
  expect(await list()).toEqual([])
  expect(await databaseExists(testServer(), reference!.database)).toBe(false)
  expect(at(await operator.post('/console/references/remove', { sha256: reference!.sha256 }))).toBe(
    '/console/references?outcome=unknown',
  )
})

test('what is no dump, or one of another version, is told with its reason and kept nowhere', async () => {
  const hostile = '<b>x</b>.dump'
  await add('7.0', 'this is no dump', hostile)
  await add('8.0', dump)
  await eventually(async () => {
    const page = await operator.page('/console/references')
    expect(page).toContain('DUMP:FOREIGN')
    expect(page).toContain('REFERENCE:UNUSABLE')
    expect(page).not.toContain(hostile)
    expect(page).not.toContain(api.folder)
  }, 90_000)
  expect(await list()).toEqual([])
  await eventually(async () => expect(await spooled()).toEqual([]))
})

test('without a version, a file or a byte nothing is begun', async () => {
  expect(at(await add('', dump))).toBe('/console/references?outcome=version')
  expect(at(await add('99.0', dump))).toBe('/console/references?outcome=version')
  expect(at(await add('7.0', ''))).toBe('/console/references?outcome=nofile')
  await eventually(async () => expect(await spooled()).toEqual([]))
})
