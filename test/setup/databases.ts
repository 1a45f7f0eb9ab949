import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inject } from 'vitest'
import { Server } from '../../src/postgres/server.ts'

/** The real databases beside the checkout; tests on them are skipped, with a line that says so, only where the folder is absent. */
export const realDatabases = resolve(import.meta.dirname, '../../../shared/databases')
export const hasRealDatabases = existsSync(realDatabases)
if (!hasRealDatabases) console.warn('skipped: tests on real databases, because ../shared/databases is absent')

export function realDatabase(file: string): string {
  return join(realDatabases, file)
}

/** The run's PostgreSQL server. */
export function testServer(): Server {
  return new Server(inject('server'))
}
