import { UpliftError } from '../errors.ts'

/** Codes of the system and of PostgreSQL that say that somebody went away, not that something is wrong with the work. */
const lost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  // The database was taken over, or the server is being stopped or comes up.
  '3D000',
  '55000',
  '57P01',
  '57P02',
  '57P03',
  '53300',
])

const passing = new Set([
  'CLUSTER:UNREACHABLE',
  'CLUSTER:START',
  'STORAGE:UNREACHABLE',
  'INTERRUPTED',
  'DISK:FULL',
])

/** Whether work that failed so may be tried again as it is. */
export function isTransient(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof UpliftError && passing.has(error.code)) return true
    if (
      'code' in error &&
      typeof error.code === 'string' &&
      (lost.has(error.code) || error.code.startsWith('08'))
    )
      return true
    if (
      /Connection terminated|Client has encountered a connection error|not queryable|server closed the connection/.test(
        error.message,
      )
    )
      return true
  }
  return false
}
