import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasRealDatabases, testServer } from '../../../../test/setup/databases.ts'
import { withRestored } from '../../../../test/setup/restored.ts'
import type { DatabaseAddress } from '../../../postgres/server.ts'
import { moveAttachments } from './move.ts'

let base: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'uplift-attachments-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

test('content goes to files under the names of Odoo, rows say where', async () => {
  await withAttachments(async (client, address) => {
    const large = randomBytes(5_000_001)
    await add(client, 1, base64(Buffer.from('hello')))
    await add(client, 2, base64(large).replaceAll(/(.{76})/g, '$1\n'))
    await add(client, 3, base64(Buffer.from('hello')))
    await add(client, 4, 'this is no base64!')
    await add(client, 5, '')
    await add(client, 6, base64(Buffer.from('elsewhere')), { type: 'url' })
    await add(client, 7, base64(Buffer.from('in a file')), { store: 'ab/abcd' })
    const folder = join(base, 'moved')

    const moved = await moveAttachments({ address, folder, version: '9.0', content: 'base64' })
    expect(moved).toEqual({ moved: 3, bytes: 5_000_011, kept: [4], reason: null })

    const { rows } = await client.query(
      'SELECT id, store_fname, file_size, checksum, db_datas IS NULL AS gone FROM ir_attachment ORDER BY id',
    )
    const [hello, big] = [sha1(Buffer.from('hello')), sha1(large)]
    const inFile = (id: number, sum: string, size: number) => ({
      id,
      store_fname: `${sum.slice(0, 2)}/${sum}`,
      file_size: size,
      checksum: sum,
      gone: true,
    })
    expect(rows.slice(0, 3)).toEqual([inFile(1, hello, 5), inFile(2, big, 5_000_001), inFile(3, hello, 5)])
    expect(rows.slice(3).map(({ id, gone }) => [id, gone])).toEqual([4, 5, 6, 7].map((id) => [id, false]))
    expect(await filesIn(folder)).toEqual(
      [`${hello.slice(0, 2)}/${hello}`, `${big.slice(0, 2)}/${big}`].sort(),
    )
    expect(large.equals(await readFile(join(folder, big.slice(0, 2), big)))).toBe(true)
  })
})

test('content that is kept as it is', async () => {
  await withAttachments(async (client, address) => {
    await add(client, 1, 'plain bytes, no base64')
    const folder = join(base, 'raw')
    await moveAttachments({ address, folder, version: '14.0', content: 'raw' })
    const sum = sha1(Buffer.from('plain bytes, no base64'))
    expect(await filesIn(folder)).toEqual([`${sum.slice(0, 2)}/${sum}`])
  })
})

test('a database that wants its attachments inside keeps them', async () => {
  await withAttachments(async (client, address) => {
    await add(client, 1, base64(Buffer.from('hello')))
    const folder = join(base, 'inside')
    expect(await moveAttachments({ address, folder, version: '7.0', content: 'base64' })).toMatchObject({
      moved: 0,
      reason: 'version',
    })
    await client.query(`INSERT INTO ir_config_parameter VALUES ('ir_attachment.location', 'db')`)
    expect(await moveAttachments({ address, folder, version: '8.0', content: 'base64' })).toMatchObject({
      moved: 0,
      reason: 'location',
    })
    await client.query(`UPDATE ir_config_parameter SET value = 'file:///filestore'`)
    expect(await moveAttachments({ address, folder, version: '8.0', content: 'base64' })).toMatchObject({
      moved: 1,
      reason: null,
    })
  })
})

test('a file that is there already must be what its name says', async () => {
  await withAttachments(async (client, address) => {
    const content = Buffer.from('hello')
    const sum = sha1(content)
    await add(client, 1, base64(content))
    const folder = join(base, 'existing')
    await mkdir(join(folder, sum.slice(0, 2)), { recursive: true })
    await writeFile(join(folder, sum.slice(0, 2), sum), 'jello')
    const options = { address, folder, version: '8.0', content: 'base64' } as const
    await expect(moveAttachments(options)).rejects.toMatchObject({ code: 'DUMP:CORRUPT' })
    expect(await filesIn(folder)).toEqual([`${sum.slice(0, 2)}/${sum}`])
    const { rows } = await client.query('SELECT store_fname FROM ir_attachment')
    expect(rows).toEqual([{ store_fname: null }])

    await writeFile(join(folder, sum.slice(0, 2), sum), content)
    expect(await moveAttachments(options)).toMatchObject({ moved: 1 })
  })
})

test.skipIf(!hasRealDatabases)('the attachments of a real 7.0 database', async () => {
  await withRestored('openerp-7.0-demo.dump', ['ir_attachment', 'ir_config_parameter'], async (client) => {
    const { rows: before } = await client.query<{ id: number; content: Buffer }>(
      `SELECT id, decode(convert_from(db_datas, 'UTF8'), 'base64') AS content FROM ir_attachment
        WHERE type = 'binary' AND length(db_datas) > 0`,
    )
    expect(before.length).toBeGreaterThan(0)
    const { rows: name } = await client.query<{ name: string }>('SELECT current_database() AS name')
    const folder = join(base, 'real')
    const address = { ...testServer().admin, database: name[0]!.name }
    const moved = await moveAttachments({ address, folder, version: '8.0', content: 'base64' })
    expect(moved).toMatchObject({ moved: before.length, kept: [] })
    for (const { id, content } of before) {
      const { rows } = await client.query(
        'SELECT store_fname, file_size, db_datas FROM ir_attachment WHERE id = $1',
        [id],
      )
      expect(rows).toEqual([
        {
          store_fname: `${sha1(content).slice(0, 2)}/${sha1(content)}`,
          file_size: content.length,
          db_datas: null,
        },
      ])
      expect(content.equals(await readFile(join(folder, rows[0].store_fname)))).toBe(true)
    }
  })
})

async function withAttachments(
  work: (client: pg.Client, address: DatabaseAddress) => Promise<void>,
): Promise<void> {
  const scratch = await testServer().createScratch()
  try {
    await scratch.with(async (client) => {
      await client.query(`CREATE TABLE ir_attachment (id serial PRIMARY KEY, type varchar, store_fname varchar,
                            file_size int, checksum varchar(40), db_datas bytea);
                          CREATE TABLE ir_config_parameter (key varchar, value text)`)
      await work(client, scratch.address)
    })
  } finally {
    await scratch.drop()
  }
}

async function add(
  client: pg.Client,
  id: number,
  content: string,
  { type = 'binary', store = null }: { type?: string; store?: string | null } = {},
): Promise<void> {
  await client.query('INSERT INTO ir_attachment (id, type, store_fname, db_datas) VALUES ($1, $2, $3, $4)', [
    id,
    type,
    store,
    Buffer.from(content),
  ])
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64')
}

function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex')
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
