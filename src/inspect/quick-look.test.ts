import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRealDatabases, realDatabase } from '../../test/setup/databases.ts'
import { majorOf, quickLook } from './quick-look.ts'

const run = promisify(execFile)
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-look-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('major versions of PostgreSQL', () => {
  expect(['9.4.26', '9.6', '15.18 (Debian 15.18-1.pgdg120+1)', '18beta1', null, 'x'].map(majorOf)).toEqual([
    '9.4',
    '9.6',
    '15',
    '18',
    null,
    null,
  ])
})

test('a plain dump says its layers and a guess of PostgreSQL, not the version of Odoo', async () => {
  const path = join(folder, 'plain.sql')
  await writeFile(
    path,
    '--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nSET lock_timeout = 0;\nSET row_security = off;\nCREATE TABLE public.t (\n    id integer\n);\n',
  )
  expect(await quickLook(path)).toMatchObject({
    head: { layers: ['sql'], format: 'plain' },
    postgresql: '9.5',
    databaseVersion: null,
    databaseUuid: null,
  })
})

test('what is no dump fails with the reason', async () => {
  const path = join(folder, 'picture.png')
  await writeFile(path, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
  await expect(quickLook(path)).rejects.toMatchObject({ code: 'DUMP:FOREIGN' })
})

describe.skipIf(!hasRealDatabases)('real databases', () => {
  test.each([
    ['openerp-6.0-demo.dump', '6.0'],
    ['openerp-7.0-demo.dump', '7.0'],
    ['odoo-8.0-fresh.dump', '8.0'],
    ['odoo-19.0-fresh.dump', '19.0'],
  ])('%s', async (file, version) => {
    const look = await quickLook(realDatabase(file))
    expect(look).toMatchObject({ head: { layers: ['pgdmp_custom', 'sql'] }, databaseVersion: version })
    expect(look.databaseUuid).toMatch(/^[0-9a-f-]{36}$/)
    expect(look.postgresql).toMatch(/^\d+(\.\d)?$/)
  })

  test("Odoo's backup says its version in its manifest", async () => {
    expect(await quickLook(realDatabase('odoo-16.0-small-backup.zip'))).toMatchObject({
      head: { layers: ['zip', 'sql'] },
      databaseVersion: '16.0',
    })
  })

  test('no time: the head alone', async () => {
    const look = await quickLook(realDatabase('openerp-7.0-demo.dump'), { ms: 0 })
    expect(look.head.layers).toEqual(['pgdmp_custom', 'sql'])
  })

  test('a dump that is cut off is told by the places of its tables', async () => {
    const path = join(folder, 'cut.dump')
    await run('sh', ['-c', `head -c 5000000 '${realDatabase('openerp-7.0-demo.dump')}' > '${path}'`])
    await expect(quickLook(path)).rejects.toMatchObject({ code: 'DUMP:TRUNCATED' })
  })
})
