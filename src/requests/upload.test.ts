import { afterAll, beforeAll, expect, test } from 'vitest'
import { draft, requestIn, uploadOf } from '../../test/setup/request-states.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import { filesOf, loadRequest } from './find.ts'
import { queueRequest } from './queue.ts'
import { requestStates } from './request.ts'
import { recordUpload } from './upload.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeAll(async () => {
  service = await serviceDatabase()
})
afterAll(() => service.remove())

async function dropped(id: number): Promise<string[]> {
  const { rows } = await service.database.pool.query<{ key: string }>(
    'SELECT key FROM service.dropped_file WHERE key LIKE $1 ORDER BY key',
    [`${id}/%`],
  )
  return rows.map(({ key }) => key)
}

const original = async (id: number) => (await filesOf(service.database, id)).get('original')

test('an upload is the dump of its request, with what is known of it', async () => {
  const { id } = await draft(service.database)
  const upload = uploadOf(id, { databaseVersion: '7.0', databaseUuid: 'f00' })
  expect(await recordUpload(service.database, id, upload)).toBe(true)
  expect(await original(id)).toMatchObject({ key: upload.key, bytes: 934_902, sha256: upload.sha256 })
  expect(await loadRequest(service.database.pool, id)).toMatchObject({
    state: 'draft',
    postgresql: '9.4',
    compressions: ['pgdmp_custom', 'sql'],
    databaseVersion: '7.0',
    databaseUuid: 'f00',
  })
  expect(await dropped(id)).toEqual([])
})

test('a second upload takes the place of the first, which is dropped with all that was known of it', async () => {
  const { id } = await draft(service.database)
  const [first, second] = [uploadOf(id, { databaseVersion: '7.0' }), uploadOf(id, { bytes: 5 })]
  await recordUpload(service.database, id, first)
  await service.database.pool.query('UPDATE service.file SET sql_bytes = 9 WHERE request = $1', [id])
  await recordUpload(service.database, id, second)
  expect(await original(id)).toMatchObject({ key: second.key, bytes: 5, sqlBytes: null })
  expect((await loadRequest(service.database.pool, id))!.databaseVersion).toBeNull()
  expect(await dropped(id)).toEqual([first.key])
})

test('of uploads at once one is the dump and each other is dropped', async () => {
  for (let run = 0; run < 10; run++) {
    const { id } = await draft(service.database)
    const uploads = Array.from({ length: 4 }, (_, i) =>
      uploadOf(id, { bytes: i + 1, databaseVersion: `${i}.0` }),
    )
    const taken = await Promise.all(uploads.map((upload) => recordUpload(service.database, id, upload)))
    expect(taken).toEqual([true, true, true, true])
    const kept = (await original(id))!
    const winner = uploads.find(({ key }) => key === kept.key)!
    expect(kept.bytes).toBe(winner.bytes)
    expect((await loadRequest(service.database.pool, id))!.databaseVersion).toBe(winner.databaseVersion)
    expect(await dropped(id)).toEqual(
      uploads
        .filter((upload) => upload !== winner)
        .map(({ key }) => key)
        .sort(),
    )
  }
})

test.each(requestStates.filter((state) => state !== 'draft'))(
  'in state %s no upload is taken',
  async (state) => {
    const { id } = await requestIn(service.database, state)
    const before = [await original(id), await loadRequest(service.database.pool, id)]
    expect(await recordUpload(service.database, id, uploadOf(id, { bytes: 1 }))).toBe(false)
    expect([await original(id), await loadRequest(service.database.pool, id)]).toEqual(before)
    expect(await dropped(id)).toEqual([])
  },
)

test('an upload that ends while the processing is asked for is either processed or refused', async () => {
  for (let run = 0; run < 10; run++) {
    const { id } = await draft(service.database)
    const first = uploadOf(id)
    await recordUpload(service.database, id, first)
    const late = uploadOf(id)
    let processed: string | undefined
    const [taken, queued] = await Promise.all([
      recordUpload(service.database, id, late),
      queueRequest(service.database, id, async (client) => {
        const { rows } = await client.query<{ key: string }>(
          'SELECT key FROM service.file WHERE request = $1',
          [id],
        )
        processed = rows[0]!.key
      }),
    ])
    expect(queued).toEqual({ ok: true })
    expect(processed).toBe(taken ? late.key : first.key)
    expect((await original(id))!.key).toBe(processed)
  }
})

test('a dump whose head holds what no database stores is taken', async () => {
  const { id } = await draft(service.database)
  const upload = uploadOf(id)
  const hostile = {
    ...upload,
    name: 'a\0.dump',
    postgresql: '9\0',
    databaseVersion: '\ud800',
    databaseUuid: '\0',
    head: { ...upload.head, databaseName: 'a\0b', manifest: { 'x\0': ['\udc00', { deep: '\0' }] } },
  }
  expect(await recordUpload(service.database, id, hostile)).toBe(true)
  expect(await loadRequest(service.database.pool, id)).toMatchObject({
    postgresql: '9\ufffd',
    databaseUuid: '\ufffd',
  })
})
