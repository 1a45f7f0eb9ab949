import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasRealDatabases, realDatabase, testServer } from '../../test/setup/databases.ts'
import { addReference, databaseExists, hasDemonstration, removeReference } from './add.ts'

test.skipIf(!hasRealDatabases)(
  'who brings the same new reference at once shares it; other data folders on the server have their own',
  async () => {
    const server = testServer()
    const [one, other] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'uplift-reference-'))))
    const dump = realDatabase('odoo-17.0-base.dump')
    try {
      const [first, second, third] = await Promise.all(
        [one!, one!, other!].map((dataFolder) => addReference({ server, dataFolder, series: '17.0', dump })),
      )
      expect(second).toEqual(first)
      expect(third!.database).not.toBe(first!.database)
      await removeReference(server, one!, first!)
      expect(await databaseExists(server, first!.database)).toBe(false)
      expect(await addReference({ server, dataFolder: other!, series: '17.0', dump })).toEqual(third)
      await removeReference(server, other!, third!)
    } finally {
      for (const folder of [one!, other!]) await rm(folder, { recursive: true })
    }
  },
)

test('demonstration data is seen by the modules that were installed with it', async () => {
  const scratch = await testServer().createScratch()
  try {
    await scratch.with(async (client) => {
      await client.query('CREATE TABLE ir_module_module (name text, state text)')
      await client.query(`INSERT INTO ir_module_module VALUES ('base', 'installed'), ('sale', 'uninstalled')`)
      expect(await hasDemonstration(client)).toBe(false)
      await client.query(`ALTER TABLE ir_module_module ADD COLUMN demo boolean`)
      await client.query(`UPDATE ir_module_module SET demo = true WHERE state = 'uninstalled'`)
      expect(await hasDemonstration(client)).toBe(false)
      await client.query(`UPDATE ir_module_module SET demo = true WHERE name = 'base'`)
      expect(await hasDemonstration(client)).toBe(true)
    })
  } finally {
    await scratch.drop()
  }
})
