import { afterAll, beforeAll, expect, test } from 'vitest'
import { draft, requestIn, uploadOf } from '../../test/setup/request-states.ts'
import { serviceDatabase } from '../../test/setup/service.ts'
import { createKey, hashKey, keyMatches } from './key.ts'
import { KeySeal } from './seal.ts'
import { changeState } from './state.ts'
import { recordUpload } from './upload.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
beforeAll(async () => {
  service = await serviceDatabase()
})
afterAll(() => service.remove())

test("a key has the form of the document's, and 128 bits", () => {
  const keys = Array.from({ length: 500 }, createKey)
  for (const key of keys) {
    expect(key).toMatch(/^[A-Za-z0-9_-]{22}==$/)
    expect(Buffer.from(key, 'base64url')).toHaveLength(16)
  }
  expect(new Set(keys).size).toBe(keys.length)
  // The last character before the padding carries two bits only.
  expect(new Set(keys.map((key) => key[21]))).toEqual(new Set(['A', 'Q', 'g', 'w']))
})

test('a key matches its own hash alone, and nothing that is no key breaks the comparison', () => {
  const key = createKey()
  const hash = hashKey(key)
  expect(hash).toHaveLength(32)
  expect(keyMatches(key, hash)).toBe(true)
  for (const other of [
    createKey(),
    '',
    key.slice(0, -2),
    `${key} `,
    key.toLowerCase(),
    '\0',
    '\ud800',
    'x'.repeat(100_000),
  ])
    expect(keyMatches(other, hash)).toBe(false)
})

test.each(['done', 'failed', 'cancelled'] as const)(
  'after a whole life that ends in %s no column of the database holds the key, sealed or not',
  async (end) => {
    const { database } = service
    const seal = new KeySeal(Buffer.alloc(32, 7))
    for (const wish of [{}, { seal }]) {
      const { id, key } = await draft(database, wish)
      await recordUpload(database, id, uploadOf(id))
      await recordUpload(database, id, uploadOf(id))
      for (const state of ['pending', 'progress', end] as const)
        await database.transaction((client) =>
          changeState(
            client,
            id,
            state,
            state === 'failed' ? { failure: { code: 'INTERNAL', message: 'x' } } : {},
          ),
        )
      const found = await columnsWith(key)
      expect(found.searched).toBeGreaterThan(60)
      expect(found.columns).toEqual([])
      // The search finds what there is: the hash, and a text.
      expect((await columnsWith(hashKey(key).toString('hex'))).columns).toEqual(['request.key_hash'])
      expect((await columnsWith('john.doe@example.com')).columns).toContain('request.email')
    }
  },
)

test('a sealed key is opened from the database', async () => {
  const { database } = service
  const seal = new KeySeal(Buffer.alloc(32, 7))
  const { id, key } = await requestIn(database, 'done', { seal })
  const { rows } = await database.pool.query<{ sealed: Buffer }>(
    'SELECT key_sealed AS sealed FROM service.request WHERE id = $1',
    [id],
  )
  expect(seal.open(rows[0]!.sealed)).toBe(key)
})

/** Columns of all schemas with the text in any row; bytes are searched as text, in hex, and as the bytes of the text. */
async function columnsWith(text: string): Promise<{ columns: string[]; searched: number }> {
  const { pool } = service.database
  const { rows } = await pool.query<{ schema: string; table: string; column: string; type: string }>(
    `SELECT table_schema AS schema, table_name AS table, column_name AS column, data_type AS type
       FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
  )
  const columns: string[] = []
  for (const { schema, table, column, type } of rows) {
    const held = type === 'bytea' ? `encode("${column}", 'hex')` : `"${column}"::text`
    const { rowCount } = await pool.query(
      `SELECT FROM "${schema}"."${table}" WHERE strpos(${held}, $1) > 0 OR strpos(${held}, $2) > 0 LIMIT 1`,
      [text, Buffer.from(text).toString('hex')],
    )
    if (rowCount) columns.push(`${table}.${column}`)
  }
  return { columns, searched: rows.length }
}
