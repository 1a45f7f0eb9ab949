import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Servers } from '../database/servers.ts'

/** Time between two looks, in milliseconds. */
const PAUSE = 1_000

/** Starts clusters of our own again when they went down, until the signal is aborted. */
export async function keepServers(servers: Servers, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await servers.service.ensure()
      await servers.scratch.ensure()
    } catch (thrown) {
      log.error({ err: thrown }, 'PostgreSQL cannot be started again for the moment')
    }
    await pause(PAUSE, undefined, { signal }).catch(() => {})
  }
}
