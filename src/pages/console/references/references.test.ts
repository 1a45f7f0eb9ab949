import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, received, startApi, type TestApi } from '../../../../test/setup/api.ts'
import { testServer } from '../../../../test/setup/databases.ts'
import { type Operator, openOperator } from '../../../../test/setup/operator.ts'
import { databaseExists } from '../../../reference/add.ts'
import { ReferenceStore } from '../../../reference/store.ts'
import { makeSample } from '../../../sample/make-sample.ts'
import { keptPart } from './page.ts'

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

test.each([
  ['version', 'series', 'Choose the version of the database.'],
  ['nofile', 'dump', 'No file was chosen, or it is empty.'],
  ['large', 'dump', 'The file is larger than an upload may be.'],
])('what is wrong with the form stands beside its field: %s', async (problem, field, sentence) => {
  const page = await operator.page(`/console/references?outcome=${problem}`)
  expect(page).toMatch(
    new RegExp(
      `<(select|input) id="${field}"[^>]* required aria-invalid="true" aria-describedby="${field}-problem"`,
    ),
  )
  expect(page).toContain(`<p class="error" id="${field}-problem">${sentence}</p>`)
  expect(page.match(/aria-invalid/g)).toHaveLength(1)
  expect(page).not.toContain('role="alert"')
})

test('who is not logged in any more is led to the log-in, and his file is taken to its end', async () => {
  const piece = Buffer.alloc(100_000)
  const socket = api.socket()
  socket.write(
    `POST /console/references/add HTTP/1.1\r\nHost: 127.0.0.1:${api.port}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${200 * piece.length}\r\n\r\n`,
  )
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 303 [\s\S]*location: \/console\/login\r\n/)
  const write = promisify((content: Buffer, done: (error?: Error | null) => void) =>
    socket.write(content, done),
  )
  for (let i = 0; i < 200; i++) await write(piece)
  await received(socket)
})

test('a reference with demonstration data is marked, others are not', () => {
  const reference = {
    ...{ series: '7.0', sha256: 'ab'.repeat(32), database: 'd', modules: ['base'], bytes: 1 },
    addedAt: '2026-01-02T03:04:05Z',
  }
  expect(keptPart('en', [reference, { ...reference, demonstration: false }]).text).not.toContain(
    'demonstration',
  )
  const marked = keptPart('fr', [{ ...reference, demonstration: true }]).text
  expect(marked).toContain('<span class="pill warn">données de démonstration</span>')
  expect(marked).toContain('Ajoutez-en une de la même version sans ces données')
})
