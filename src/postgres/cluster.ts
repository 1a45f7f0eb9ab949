import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chown, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type pg from 'pg'
import { UpliftError } from '../errors.ts'
import { endLeftovers, postmasterLives } from './leftovers.ts'
import { lockFolder } from './lock.ts'
import { findPrograms } from './programs.ts'
import { connect, Server, type ServerAddress } from './server.ts'

const run = promisify(execFile)

/** Port of the socket file's name; the cluster listens on no network address. */
const PORT = 5432

/** The server to work on: the operator's by UPLIFT_PG_URL, else the product's own cluster below the data folder. */
export async function openServer(dataFolder: string, env: NodeJS.ProcessEnv = process.env): Promise<Server> {
  return env.UPLIFT_PG_URL
    ? openOperatorsServer(env.UPLIFT_PG_URL)
    : startCluster(join(resolve(dataFolder), 'postgres'), env)
}

async function openOperatorsServer(url: string): Promise<Server> {
  const parsed = new URL(url)
  const address: ServerAddress = {
    host: parsed.searchParams.get('host') ?? (decodeURIComponent(parsed.hostname) || 'localhost'),
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username || 'postgres'),
    ...(parsed.password ? { password: decodeURIComponent(parsed.password) } : {}),
  }
  const client = await connect({ ...address, database: 'postgres' })
  await client.end()
  return new Server(address)
}

/**
 * Starts the scratch cluster in `folder`, making it first when there is none, and gives its address. A cluster that
 * another process of the product started already is shared; the last one to leave stops it.
 */
export async function startCluster(
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
  purpose: ClusterPurpose = 'scratch',
): Promise<Server> {
  const programs = findPrograms(env)
  const owner = await unprivilegedOwner()
  const data = join(folder, 'data')
  const sockets = await socketFolder(folder)
  await mkdir(folder, { recursive: true })
  await mkdir(sockets, { recursive: true, mode: 0o700 })
  if (owner) await Promise.all([chown(folder, owner.uid, owner.gid), chown(sockets, owner.uid, owner.gid)])

  const address: ServerAddress = { host: sockets, port: PORT, user: 'postgres' }
  const pgCtl = (args: string[]) =>
    run(join(programs, 'pg_ctl'), ['-D', data, ...args], { ...owner, env: plainEnv(env), cwd: '/' })
  const presence = new Presence(address)
  const underLock = async (work: () => Promise<void>) => {
    const release = await lockFolder(folder)
    try {
      await work()
    } finally {
      await release()
    }
  }
  const ensure = async () => {
    if (presence.isKept) return
    await underLock(async () => {
      if (purpose === 'scratch') await forgetAfterPowerCut(folder, data)
      if (!(await exists(join(data, 'PG_VERSION')))) await initialise(programs, data, owner, env)
      if (!(await answers(address))) {
        await writeFile(join(data, 'postgresql.auto.conf'), settings(sockets, purpose))
        await start({ pgCtl, folder, data, owner, address })
      }
      await presence.take()
    })
  }
  await ensure()
  return new Server(address, {
    ensure,
    stop: () =>
      underLock(async () => {
        await presence.leave()
        if (await isIdle(address)) await pgCtl(['stop', '-m', 'fast', '-w'])
      }),
  })
}

/**
 * Without fsync nothing says that a cluster is sound whose machine went down under it: it is made anew. That it was running
 * then shows by its postmaster's file, that the machine was started since by the kernel's number of its start.
 */
async function forgetAfterPowerCut(folder: string, data: string): Promise<void> {
  const known = join(folder, 'boot')
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const before = await readFile(known, 'utf8').catch(() => boot)
  if (before !== boot && (await exists(join(data, 'postmaster.pid')))) await rm(data, { recursive: true })
  await writeFile(known, boot)
}

/** A connection that tells other processes of the product that the cluster is in use, whatever it is being used for. */
class Presence {
  readonly #address: ServerAddress
  #client: pg.Client | null = null

  constructor(address: ServerAddress) {
    this.#address = address
  }

  get isKept(): boolean {
    return this.#client !== null
  }

  async take(): Promise<void> {
    const client = await connect({ ...this.#address, database: 'postgres' })
    client.once('end', () => {
      if (this.#client === client) this.#client = null
    })
    this.#client = client
  }

  async leave(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => {})
  }
}

/** Scratch databases are thrown away; what the service remembers has to survive a power cut. */
export type ClusterPurpose = 'scratch' | 'service'

function settings(sockets: string, purpose: ClusterPurpose): string {
  return Object.entries({
    listen_addresses: '',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    port: PORT,
    wal_level: 'minimal',
    max_wal_senders: 0,
    archive_mode: 'off',
    log_min_messages: 'fatal',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(purpose === 'scratch' ? scratchSettings() : { max_connections: 200, shared_buffers: '64MB' }),
  })
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join('')
}

/** For throw-away work: nothing has to survive a power cut, everything has to be quick. */
function scratchSettings(): Record<string, string | number> {
  const memory = Math.floor(totalmem() / 2 ** 20)
  const cores = availableParallelism()
  const megabytes = (share: number, least: number, most: number) =>
    `${Math.round(Math.min(Math.max(memory * share, least), most))}MB`
  return {
    max_connections: 60,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_compression: 'off',
    max_wal_size: '8GB',
    checkpoint_timeout: '1h',
    autovacuum: 'off',
    shared_buffers: megabytes(0.15, 128, 16_384),
    maintenance_work_mem: megabytes(0.05, 64, 2_048),
    work_mem: megabytes(0.01, 16, 512),
    effective_cache_size: megabytes(0.6, 256, 262_144),
    // One stage touches every table of two schemas with all their indexes.
    max_locks_per_transaction: 4096,
    max_parallel_maintenance_workers: Math.max(1, Math.floor(cores / 2)),
    max_parallel_workers_per_gather: Math.max(0, Math.floor(cores / 2)),
    random_page_cost: 1.1,
    bgwriter_lru_maxpages: 0,
    stats_fetch_consistency: 'none',
  }
}

type Owner = { uid: number; gid: number }

/** PostgreSQL refuses to run as root: then its own or another unprivileged user of the system owns the cluster. */
async function unprivilegedOwner(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const name of ['uplift', 'postgres', 'nobody']) {
    const entry = lines.find((fields) => fields[0] === name)
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) }
  }
  throw new UpliftError(
    'CLUSTER:START',
    'PostgreSQL does not run as root and the system has no user "uplift", "postgres" or "nobody": make one, or start Uplift as another user.',
  )
}

/** A socket's path may have 107 bytes: a deep data folder has its socket in the system's temporary folder. */
async function socketFolder(folder: string): Promise<string> {
  const near = join(folder, 'run')
  if (Buffer.byteLength(near) < 80) return near
  return join(tmpdir(), `uplift-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`)
}

async function initialise(
  programs: string,
  data: string,
  owner: Owner | undefined,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    await run(
      join(programs, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
      {
        ...owner,
        env: plainEnv(env),
        cwd: '/',
      },
    )
  } catch (cause) {
    await rm(data, { recursive: true, force: true })
    throw new UpliftError(
      'CLUSTER:START',
      `The scratch cluster cannot be made in ${data}: its folder must be reachable and writable for the user that PostgreSQL runs as.`,
      { cause },
    )
  }
}

async function start({
  pgCtl,
  folder,
  data,
  owner,
  address,
}: {
  pgCtl: (args: string[]) => Promise<unknown>
  folder: string
  data: string
  owner: Owner | undefined
  address: ServerAddress
}): Promise<void> {
  const log = join(folder, 'server.log')
  const file = await open(log, 'a', 0o600)
  await file.close()
  if (owner) await chown(log, owner.uid, owner.gid)
  // One that is alive comes up again by itself after a crash of one of its processes.
  if ((await postmasterLives(data)) && (await comesUp(address, data))) return
  await endLeftovers(data)
  // PostgreSQL takes a killed postmaster for a living one while nobody has collected its process, as in containers.
  await rm(join(data, 'postmaster.pid'), { force: true })
  await rm(join(address.host, `.s.PGSQL.${PORT}.lock`), { force: true })
  try {
    await pgCtl(['start', '-w', '-t', '600', '-s', '-l', log])
  } catch (cause) {
    throw new UpliftError('CLUSTER:START', `The scratch cluster does not start: its log ${log} says why.`, {
      cause,
    })
  }
}

async function comesUp(address: ServerAddress, data: string): Promise<boolean> {
  while (await postmasterLives(data)) {
    if (await answers(address)) return true
    await new Promise((done) => setTimeout(done, 100))
  }
  return false
}

async function answers(address: ServerAddress): Promise<boolean> {
  if (!(await exists(join(address.host, `.s.PGSQL.${address.port}`)))) return false
  try {
    const client = await connect({ ...address, database: 'postgres' })
    await client.end()
    return true
  } catch {
    return false
  }
}

async function isIdle(address: ServerAddress): Promise<boolean> {
  if (!(await answers(address))) return false
  const client = await connect({ ...address, database: 'postgres' })
  try {
    const { rows } = await client.query<{ others: string }>(
      `SELECT count(*) AS others FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    )
    return rows[0]?.others === '0'
  } finally {
    await client.end()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** PGHOST and its like must not lead the server's programs elsewhere. */
function plainEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PATH: env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' }
}
