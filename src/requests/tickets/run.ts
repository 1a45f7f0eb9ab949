import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Settings } from '../../config/settings.ts'
import type { Database } from '../../database/database.ts'
import { openSeal } from '../seal.ts'
import { deliverMessages } from './deliver.ts'

/** Milliseconds between two looks for messages that are due. */
const POLL = 2_000

/** Sends the messages of tickets until the signal is aborted; a database that is away for a while only delays them. */
export async function runDeliveries(
  { settings, database, log }: { settings: Settings; database: Database; log: Logger },
  signal: AbortSignal,
): Promise<void> {
  const seal = settings.mail ? await openSeal(settings) : undefined
  const deliveries = { settings, ...(seal ? { seal } : {}), baseUrl: settings.publicUrl, log, signal }
  while (!signal.aborted) {
    try {
      await deliverMessages(database, deliveries)
    } catch (thrown) {
      if (!signal.aborted) log.warn({ err: thrown }, 'messages of tickets cannot be sent for the moment')
    }
    await pause(POLL, undefined, { signal }).catch(() => {})
  }
}
