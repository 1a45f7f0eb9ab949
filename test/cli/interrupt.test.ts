import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster } from '../../src/postgres/cluster.ts'
import { start } from './run.ts'

let folder: string
let sample: string

/** Databases and roles on the scratch cluster of the command, which stopped it when it ended. */
async function leftOnCluster(): Promise<string[]> {
  const server = await startCluster(join(folder, 'data/postgres'))
  try {
    return await server.withAdmin(async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT datname AS name FROM pg_database UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'uplift%' ORDER BY 1`,
      )
      return rows.map(({ name }) => name)
    })
  } finally {
    await server.stop()
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-interrupt-'))
  await chmod(folder, 0o755)
  sample = join(folder, 'sample.dump')
  const made = await start(['sample', '-o', sample, '--rows', '20', '--data', join(folder, 'data')]).done
  expect(made.err).toContain('make the sample: ')
  expect(made.code).toBe(0)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

// The stage "load" begins when the scratch database is there.
test.each([
  ['SIGINT', 'load', 130],
  ['SIGTERM', 'align', 143],
  ['SIGINT', 'constrain', 130],
] as const)('%s in the stage "%s" ends with nothing left behind', async (signal, stage, code) => {
  const out = ['-o', join(folder, 'out.dump'), '--report', join(folder, 'out.html')]
  const { child, done } = start([
    ...['upgrade', sample, '--to', '8.0', '--catalogue-only', '--json', '--data', join(folder, 'data')],
    ...out,
  ])
  let seen = ''
  child.stdout?.on('data', (text: string) => {
    const marker = `{"event":"stage","name":"${stage}","when":"start"}`
    const before = seen.includes(marker)
    seen += text
    if (!before && seen.includes(marker)) child.kill(signal)
  })
  const ran = await done
  expect(ran.code).toBe(code)
  expect(ran.err).toMatch(/^INTERRUPTED: /m)
  expect(JSON.parse(ran.out.trimEnd().split('\n').at(-1)!)).toMatchObject({
    event: 'error',
    code: 'INTERRUPTED',
  })
  expect(await leftOnCluster()).toEqual(['postgres', 'template0', 'template1'])
  expect((await readdir(folder)).sort()).toEqual(['data', 'sample.dump'])
})
