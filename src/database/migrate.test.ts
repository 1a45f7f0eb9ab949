import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serviceDatabase } from '../../test/setup/service.ts'
import { migrate } from './migrate.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
let folder: string
beforeEach(async () => {
  service = await serviceDatabase()
  folder = await mkdtemp(join(tmpdir(), 'uplift-migrations-'))
  await cp(join(import.meta.dirname, 'migrations'), folder, { recursive: true })
})
afterEach(async () => {
  await service.remove()
  await rm(folder, { recursive: true })
})

const applied = async () =>
  (
    await service.database.pool.query<{ name: string }>('SELECT name FROM service.migration ORDER BY number')
  ).rows.map(({ name }) => name)

async function migrateFrom(path: string): Promise<void> {
  const client = await service.database.pool.connect()
  try {
    await migrate(client, path)
  } finally {
    client.release()
  }
}

test('a further migration is applied once, by whoever comes first', async () => {
  const before = await applied()
  await writeFile(join(folder, '9000-more.sql'), 'CREATE TABLE service.more (id integer)')
  await Promise.all([migrateFrom(folder), migrateFrom(folder), migrateFrom(folder)])
  expect(await applied()).toEqual([...before, '9000-more'])
})

test('one that fails leaves nothing behind', async () => {
  await writeFile(join(folder, '9000-bad.sql'), 'CREATE TABLE service.half (id integer); SELECT 1 / 0')
  await expect(migrateFrom(folder)).rejects.toThrow('division by zero')
  const { rows } = await service.database.pool.query(`SELECT to_regclass('service.half') AS half`)
  expect(rows[0].half).toBeNull()
})

test('a database of a newer version is refused', async () => {
  await writeFile(join(folder, '9000-newer.sql'), 'SELECT 1')
  await migrateFrom(folder)
  await expect(migrateFrom(join(import.meta.dirname, 'migrations'))).rejects.toMatchObject({
    code: 'DATABASE:NEWER',
    detail: { migration: '9000-newer' },
  })
})

test('a migration whose text was changed after it was applied is refused', async () => {
  await writeFile(join(folder, '9000-more.sql'), 'SELECT 1')
  await migrateFrom(folder)
  await writeFile(join(folder, '9000-more.sql'), 'SELECT 2')
  await expect(migrateFrom(folder)).rejects.toMatchObject({ code: 'DATABASE:NEWER' })
})
