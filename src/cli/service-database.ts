import { loadSettings } from '../config/settings.ts'
import { type Database, openDatabase } from '../database/database.ts'
import { openServers } from '../database/servers.ts'
import type { Context } from './context.ts'

/** Runs work on the database of the service, whether the service runs or not, and leaves it afterwards. */
export async function withServiceDatabase<T>(
  context: Context,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const settings = await loadSettings(context.env, { data: context.data })
  const servers = await openServers(settings)
  try {
    const database = await openDatabase(servers.service)
    try {
      context.signal.throwIfAborted()
      return await work(database)
    } finally {
      await database.close()
    }
  } finally {
    await servers.stop()
  }
}
