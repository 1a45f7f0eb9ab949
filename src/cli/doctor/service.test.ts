import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startApi } from '../../../test/setup/api.ts'
import { examinePort, examineService } from './service.ts'

let folder: string
const servers: Server[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-doctor-'))
  await chmod(folder, 0o755)
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function listening(body: string): Promise<number> {
  const server = createServer((_, answer) => void answer.end(body)).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('a machine that is fit has valid settings, a storage and a port, and nothing is left of the look', async () => {
  const findings = await examineService({ UPLIFT_PORT: '0' }, join(folder, 'fit'))
  expect(findings.map(({ name, state }) => [name, state])).toEqual([
    ['Service settings', 'ok'],
    ['Service storage', 'ok'],
    ['Service port', 'ok'],
  ])
  const left = await readdir(join(folder, 'fit', 'storage'), { recursive: true, withFileTypes: true })
  expect(left.filter((entry) => entry.isFile())).toEqual([])
  // PostgreSQL's user gets into the data folder, and not into the storage.
  const modes = await Promise.all(['fit', 'fit/storage'].map((path) => stat(join(folder, path))))
  expect(modes.map(({ mode }) => mode & 0o011)).toEqual([0o011, 0])
})

test('settings that are wrong are told all together, without a secret, and nothing else is tried', async () => {
  const findings = await examineService({ UPLIFT_PORT: 'x', UPLIFT_PG_URL: 'nothing://:hunter2@x' }, folder)
  expect(findings).toMatchObject([{ name: 'Service settings', state: 'failed' }])
  expect(findings[0]!.message).toMatch(/UPLIFT_PORT.*UPLIFT_PG_URL|UPLIFT_PG_URL.*UPLIFT_PORT/)
  expect(JSON.stringify(findings)).not.toContain('hunter2')
})

test('a storage that takes no files is told', async () => {
  await mkdir(join(folder, 'full'))
  await writeFile(join(folder, 'full', 'storage'), 'a file where the folder has to be')
  const [, storage] = await examineService({ UPLIFT_PORT: '0' }, join(folder, 'full'))
  expect(storage).toMatchObject({ name: 'Service storage', state: 'failed' })
})

test('a port that Uplift serves is told from one that another program has', async () => {
  const api = await startApi()
  try {
    expect(await examinePort({ host: '127.0.0.1', port: api.port })).toMatchObject({
      state: 'ok',
      message: `127.0.0.1:${api.port} is served by Uplift`,
    })
  } finally {
    await api.close()
  }
  for (const body of ['<html>', '{"status":"ok"}', 'null', '{"failures":1}'])
    expect(await examinePort({ host: '127.0.0.1', port: await listening(body) })).toMatchObject({
      state: 'warning',
    })
})

test('an address that is not of this machine cannot be listened on', async () => {
  expect(await examinePort({ host: '192.0.2.1', port: 8090 })).toMatchObject({ state: 'warning' })
})
