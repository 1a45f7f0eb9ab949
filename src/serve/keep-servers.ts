import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Settings } from '../config/settings.ts'
import { openServers } from '../database/servers.ts'

/** Time between two looks, in milliseconds. */
const PAUSE = 1_000

/** Starts clusters of our own again when they went down, until the signal is aborted. An operator's server is his. */
export async function keepServers(settings: Settings, log: Logger, signal: AbortSignal): Promise<void> {
  if (settings.postgresUrl !== null) return
  while (!signal.aborted) {
    try {
      await openServers(settings)
    } catch (thrown) {
      log.error({ err: thrown }, 'PostgreSQL cannot be started again for the moment')
    }
    await pause(PAUSE, undefined, { signal }).catch(() => {})
  }
}
