import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { asUpliftError } from '../../errors.ts'
import { openServer } from '../../postgres/cluster.ts'
import { findPrograms } from '../../postgres/programs.ts'
import { type Finding, failed, ok, warning } from './finding.ts'
import { patchedVersion } from './patched.ts'

/** Programs of the server and of the dump; the last two are only looked at, because people use them on what they get. */
const programs = ['postgres', 'initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'psql'] as const

export async function examinePrograms(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  let folder: string
  try {
    folder = findPrograms(env)
  } catch (thrown) {
    const advice = 'Install the package "postgresql", or set UPLIFT_PG_BIN to the folder of its programs.'
    return [failed('PostgreSQL programs', asUpliftError(thrown).message, advice)]
  }
  const versions = await Promise.all(
    programs.map(async (name) => ({ name, version: await versionOf(join(folder, name)) })),
  )
  const missing = versions.filter(({ version }) => version === null).map(({ name }) => name)
  const server = versions[0]?.version
  const outdated = server ? patchedVersion(server) : null
  return [
    missing.length > 0
      ? failed(
          'PostgreSQL programs',
          `${missing.join(', ')} missing in ${folder}`,
          'Install the packages "postgresql" and "postgresql-client" completely.',
        )
      : ok('PostgreSQL programs', `${server} in ${folder}`),
    ...(outdated
      ? [
          warning(
            'PostgreSQL security',
            `pg_restore and psql ${server} can be made to run code by a crafted dump; Uplift gives no uploaded file to them`,
            `Update PostgreSQL to ${outdated}, and restore nothing by hand that you do not trust.`,
          ),
        ]
      : []),
  ]
}

/** Starts the scratch cluster, or reaches the operator's server, and asks for its version. */
export async function examineServer(dataFolder: string, env: NodeJS.ProcessEnv): Promise<Finding> {
  const name = env.UPLIFT_PG_URL ? 'PostgreSQL server' : 'Scratch cluster'
  try {
    const server = await openServer(dataFolder, env)
    try {
      const version = await server.withAdmin(async (client) => {
        const { rows } = await client.query<{ version: string }>(
          `SELECT current_setting('server_version') AS version`,
        )
        return rows[0]?.version ?? ''
      })
      return ok(name, `PostgreSQL ${version} answers`)
    } finally {
      await server.stop()
    }
  } catch (thrown) {
    const error = asUpliftError(thrown)
    return failed(name, error.message, `Look up ${error.code} in docs/errors.md.`)
  }
}

/** "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" → "15.18". */
async function versionOf(program: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 10_000 })
    return /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? null
  } catch {
    return null
  }
}
