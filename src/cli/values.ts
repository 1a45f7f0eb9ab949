import { InvalidArgumentError } from 'commander'

/** "9.6", "15", "15.4" → the major version that decides the form of a dump: "9.6", "15". */
export function asPostgresql(value: string): string {
  const match = /^(?:(9\.[0-6])|(1[0-8]))(?:\.\d+)*$/.exec(value)
  const major = match?.[1] ?? match?.[2]
  if (!major)
    throw new InvalidArgumentError('Give a version of PostgreSQL from 9.0 to 18, such as 9.6 or 15.')
  return major
}

export function asJobs(value: string): number {
  const jobs = Number(value)
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64)
    throw new InvalidArgumentError('Give a whole number from 1 to 64.')
  return jobs
}

export function asRows(value: string): number {
  const rows = Number(value)
  if (!Number.isInteger(rows) || rows < 1 || rows > 1_000_000)
    throw new InvalidArgumentError('Give a whole number from 1 to 1000000.')
  return rows
}
