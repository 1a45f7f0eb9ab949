import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { UpliftError } from '../errors.ts'

/** Where distributions put the server's programs, newest major first; UPLIFT_PG_BIN names another folder. */
export function findPrograms(env: NodeJS.ProcessEnv = process.env): string {
  const candidates = [
    ...(env.UPLIFT_PG_BIN ? [env.UPLIFT_PG_BIN] : []),
    ...majorsIn('/usr/lib/postgresql'),
    ...majorsIn('/opt/homebrew/opt'),
    ...majorsIn('/usr', /^pgsql-(\d+)$/),
    ...(env.PATH ?? '').split(delimiter),
  ]
  const found = candidates.find(
    (folder) => folder && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  )
  if (!found)
    throw new UpliftError(
      'CLUSTER:MISSING',
      'No PostgreSQL server was found: install the package "postgresql" (13 or newer), or set UPLIFT_PG_BIN to the folder of its programs, or UPLIFT_PG_URL to a server.',
    )
  return found
}

function majorsIn(folder: string, shape = /^(?:postgresql@)?(\d+)$/): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap((name) => {
      const major = Number(shape.exec(name)?.[1])
      return Number.isInteger(major) ? [{ name, major }] : []
    })
    .sort((a, b) => b.major - a.major)
    .map(({ name }) => join(folder, name, 'bin'))
}
