import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPrograms } from '../../src/postgres/programs.ts'
import type { ServerAddress } from '../../src/postgres/server.ts'

const run = promisify(execFile)

/** Runs one of PostgreSQL's own programs, which tests use to check against; the product itself never does. */
export async function runPg(program: string, args: string[], server?: ServerAddress): Promise<string> {
  const address =
    server === undefined ? {} : { PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.user }
  const { stdout } = await run(join(findPrograms(), program), args, {
    env: { ...process.env, ...address, LC_ALL: 'C.UTF-8' },
    maxBuffer: 1024 * 1024 * 1024,
    encoding: 'utf8',
  })
  return stdout
}
