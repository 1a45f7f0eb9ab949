import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { loadSettings, type Settings } from '../../config/settings.ts'
import { asUpliftError, isSystemError } from '../../errors.ts'
import { openStorage } from '../../storage/open.ts'
import { type Finding, failed, ok, warning } from './finding.ts'

/** Time for whoever listens on the port to say who it is, in milliseconds. */
const ANSWER = 5_000

/** What serving the platform needs beyond upgrades: settings that are valid, a storage that takes files, a port. */
export async function examineService(env: NodeJS.ProcessEnv, data: string | undefined): Promise<Finding[]> {
  let settings: Settings
  try {
    settings = await loadSettings(env, { data })
  } catch (thrown) {
    return [
      failed('Service settings', asUpliftError(thrown).message, 'docs/operating.md lists all settings.'),
    ]
  }
  const { storage, tickets, mail } = settings
  return [
    ok(
      'Service settings',
      `valid; storage ${storage.kind}, tickets ${tickets.kind}, mails ${mail ? 'on' : 'off'}`,
    ),
    await examineStorage(settings),
    await examinePort(settings),
  ]
}

async function examineStorage({ storage, dataFolder }: Settings): Promise<Finding> {
  const place = storage.kind === 'disk' ? storage.folder : `bucket ${storage.bucket}`
  try {
    // The storage makes its folder for its owner alone; PostgreSQL's user has to get into the one above it.
    await mkdir(dataFolder, { recursive: true })
    await openStorage({ storage }).check()
    return ok('Service storage', `${place} takes files`)
  } catch (thrown) {
    const advice =
      'Check the rights and the room of the folder, or address, bucket and keys of the S3 storage.'
    return failed('Service storage', asUpliftError(thrown).message, advice)
  }
}

/** A machine may be fit for upgrades, or for workers, without a port. */
export async function examinePort({ host, port }: Pick<Settings, 'host' | 'port'>): Promise<Finding> {
  const name = 'Service port'
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return ok(name, port === 0 ? 'any free one' : `${host}:${port} is free`)
  } catch (thrown) {
    if (isSystemError(thrown, 'EADDRINUSE'))
      return (await isServedByUs(host, port))
        ? ok(name, `${host}:${port} is served by Uplift`)
        : warning(
            name,
            `${host}:${port} is taken by another program`,
            'Name another port with UPLIFT_PORT or "uplift serve --port".',
          )
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    return warning(
      name,
      `${host}:${port} cannot be listened on: ${why}`,
      'Name an address of this machine with UPLIFT_HOST, and a port from 1024 on with UPLIFT_PORT.',
    )
  } finally {
    server.close()
  }
}

/** Asks for a status without naming a request: only an upgrade platform answers with its failures. */
async function isServedByUs(host: string, port: number): Promise<boolean> {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const address = reached.includes(':') ? `[${reached}]` : reached
  try {
    const answer = await fetch(`http://${address}:${port}/database/v1/status`, {
      signal: AbortSignal.timeout(ANSWER),
      redirect: 'error',
    })
    const body: unknown = await answer.json()
    return typeof body === 'object' && body !== null && 'failures' in body && Array.isArray(body.failures)
  } catch {
    return false
  }
}
