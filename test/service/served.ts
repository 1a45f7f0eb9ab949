import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { endLeftovers } from '../../src/postgres/leftovers.ts'

const root = resolve(import.meta.dirname, '../..')

export interface Served {
  /** "http://127.0.0.1:40123". */
  url: string
  dataFolder: string
  process: ChildProcess
  /** Log lines of the server and its workers. */
  log: string[]
  /** Stops it as an operator does, and gives the exit code. */
  stop(): Promise<number | null>
}

/** Starts `bin/uplift serve` on a free port of this machine; `dataFolder` is a new one unless one is given. */
export async function served({
  dataFolder,
  env = {},
  port = 0,
}: {
  dataFolder?: string
  env?: NodeJS.ProcessEnv
  port?: number
} = {}): Promise<Served> {
  const folder = dataFolder ?? (await newDataFolder())
  const child = spawn(
    join(root, 'bin/uplift'),
    ['serve', '--json', '--port', String(port), '--data', folder],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const log: string[] = []
  createInterface(child.stderr).on('line', (line) => log.push(line))
  const url = await new Promise<string>((done, fail) => {
    createInterface(child.stdout).on('line', (line) => {
      log.push(line)
      const said = JSON.parse(line) as { event?: string; address?: string }
      if (said.event === 'served') done(said.address!)
    })
    child.once('exit', (code) => fail(new Error(`The server ended with ${code}:\n${log.join('\n')}`)))
  })
  return {
    url,
    dataFolder: folder,
    process: child,
    log,
    stop: () =>
      new Promise((done) => {
        if (child.exitCode !== null || child.signalCode !== null) done(child.exitCode)
        child.once('exit', (code) => done(code))
        child.kill('SIGTERM')
      }),
  }
}

/** A data folder that PostgreSQL, which does not run as root, can enter. */
export async function newDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-served-'))
  await chmod(folder, 0o755)
  return folder
}

/** Removes a data folder, and what a killed server left running in it. */
export async function removeData(folder: string): Promise<void> {
  for (const cluster of ['postgres', 'service']) await endLeftovers(join(folder, cluster, 'data'))
  await rm(folder, { recursive: true, force: true })
}

export interface Access {
  request: number
  key: string
}

export interface StatusAnswer {
  id: number
  key: string
  state: string
  upgraded_dump_url: string
  [name: string]: unknown
}

/** A call of the API; failures are thrown. */
export async function call(
  url: string,
  method: string,
  parameters: Record<string, string | number>,
): Promise<StatusAnswer> {
  const answer = await fetch(`${url}/database/v1/${method}`, {
    method: 'POST',
    body: new URLSearchParams(
      Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
    ),
  })
  const { failures, request } = (await answer.json()) as { failures: unknown[]; request?: StatusAnswer }
  if (failures.length > 0) throw new Error(`${method}: ${JSON.stringify(failures)}`)
  return request as StatusAnswer
}

export async function createRequest(url: string, filename = 'db_name.dump'): Promise<Access> {
  const { id, key } = await call(url, 'create', {
    contract: 'M123456-abcdef',
    email: 'john.doe@example.com',
    target: '8.0',
    aim: 'test',
    filename,
  })
  return { request: id, key }
}

export async function uploadDump(
  url: string,
  { request, key }: Access,
  dump: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const answer = await fetch(`${url}/database/v1/upload?request=${request}&key=${key}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Blob([dump]),
  })
  const { failures } = (await answer.json()) as { failures: unknown[] }
  if (failures.length > 0) throw new Error(`upload: ${JSON.stringify(failures)}`)
}

/** Waits until a request has ended; a server that does not answer for a moment is asked again. */
export async function ended(
  url: () => string,
  { request, key }: Access,
  timeout = 300_000,
): Promise<StatusAnswer> {
  const deadline = Date.now() + timeout
  let last: StatusAnswer | undefined
  while (Date.now() < deadline) {
    last = await call(url(), 'status', { request, key }).catch(() => undefined)
    if (last && !['draft', 'pending', 'progress'].includes(last.state)) return last
    await new Promise((done) => setTimeout(done, 250))
  }
  throw new Error(`Request ${request} did not end in time; it is ${last?.state ?? 'not to be asked'}.`)
}
