import type { AddressInfo } from 'node:net'
import { buildApi } from '../api/api.ts'
import { documentTargets } from '../api/v1/targets.ts'
import type { Settings } from '../config/settings.ts'
import { type Database, openDatabase } from '../database/database.ts'
import { openServers, type Servers } from '../database/servers.ts'
import { asUpliftError, isSystemError, UpliftError } from '../errors.ts'
import { enqueueLook, enqueueUpgrade, openQueue } from '../jobs/queue.ts'
import { allSeries, compareSeries } from '../odoo/series.ts'
import { makeSetupToken } from '../operator/setup.ts'
import { availableHops } from '../packs/load.ts'
import { ensureTrialContract, isLoopback, isTrialOpen } from '../requests/contracts.ts'
import { openSeal } from '../requests/seal.ts'
import { openStorage } from '../storage/open.ts'
import type { Storage } from '../storage/storage.ts'
import { planHops } from '../upgrade/make-plan.ts'
import { keepSamples } from './keep-samples.ts'
import { keepServers } from './keep-servers.ts'
import { makeLog } from './log.ts'
import { Workers } from './workers.ts'

export interface Service {
  /** "http://127.0.0.1:8090". */
  address: string
  /** Whether the trial contract of the document was made now. */
  madeTrialContract: boolean
  /** Sets the first password of the console; null when there is one. */
  setupToken: string | null
  /** Process numbers of the workers that run. */
  workers(): number[]
  /** Lets uploads finish, stops the workers, and leaves PostgreSQL. */
  stop(): Promise<void>
}

/** @throws UpliftError CONFIG:INVALID where the address is not this machine's or the port is another program's */
async function listen(api: Awaited<ReturnType<typeof buildApi>>, { host, port }: Settings): Promise<void> {
  try {
    await api.listen({ host, port })
  } catch (thrown) {
    if (!['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'].some((code) => isSystemError(thrown, code)))
      throw thrown
    const why = isSystemError(thrown, 'EADDRINUSE') ? 'another program has it' : (thrown as Error).message
    throw new UpliftError(
      'CONFIG:INVALID',
      `${host}:${port} cannot be listened on: ${why}. Name an address of this machine with UPLIFT_HOST and a free port with UPLIFT_PORT.`,
      { cause: thrown },
    )
  }
}

/** Starts the platform: PostgreSQL, the HTTP side, and the workers. */
export async function serve(settings: Settings): Promise<Service> {
  const log = makeLog(settings, 'server')
  const servers = await openServers(settings)
  const database = await openDatabase(servers.service)
  const storage = openStorage(settings)
  await storage.check()
  const stopping = new AbortController()
  const boss = await openQueue(database, (error) => log.warn({ err: error }, 'the queue'))
  const madeTrialContract = await ensureTrialContract(database, settings.host)
  if (!isLoopback(settings.host) && (await isTrialOpen(database)))
    log.warn(
      'everybody knows the trial contract M123456-abcdef: end it with "uplift contract revoke M123456-abcdef"',
    )
  const setupToken = await makeSetupToken(database)
  let address = ''
  const api = await buildApi({
    settings,
    database,
    storage,
    enqueue: (client, id) => enqueueUpgrade(boss, client, id),
    enqueueLook: (id) => enqueueLook(boss, id),
    targets: await servedTargets(),
    versionProblem,
    ...(settings.mail ? { seal: await openSeal(settings) } : {}),
    scratchServer: async () => servers.scratch,
    log,
    baseUrl: () => settings.publicUrl ?? address,
    ready: () => checkReady(servers, database, storage),
  })
  await listen(api, settings)
  address = addressOf(api.server.address() as AddressInfo, settings.host)
  const keepers = [keepServers(servers, log, stopping.signal), keepSamples(database, log, stopping.signal)]
  const workers = new Workers({ ...settings, publicUrl: settings.publicUrl ?? address }, log)
  workers.start()
  log.info({ address }, 'the platform is served')
  return {
    address,
    madeTrialContract,
    setupToken,
    workers: () => workers.pids,
    stop: async () => {
      await api.close()
      await workers.stop()
      stopping.abort()
      await Promise.all(keepers)
      await boss.stop({ graceful: false, close: false }).catch(() => {})
      await database.close()
      await servers.stop().catch(() => {})
    },
  }
}

/** The document's own versions, and every later one that a pack leads to. */
async function servedTargets(): Promise<string[]> {
  const later = (await availableHops())
    .map(({ to }) => to)
    .filter((series) => compareSeries(series, documentTargets.at(-1)!) > 0)
  return [...documentTargets, ...allSeries.filter((series) => later.includes(series))]
}

async function versionProblem(source: string, target: string): Promise<UpliftError | null> {
  try {
    await planHops(source, target)
    return null
  } catch (thrown) {
    return asUpliftError(thrown)
  }
}

async function checkReady(servers: Servers, database: Database, storage: Storage): Promise<void> {
  await database.pool.query('SELECT')
  await storage.check()
  await servers.scratch.withAdmin((client) => client.query('SELECT'))
}

function addressOf({ port }: AddressInfo, host: string): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
