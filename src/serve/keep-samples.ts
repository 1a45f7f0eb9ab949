import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import { takeSample } from '../operator/sampling.ts'

const MINUTE = 60_000
/** Milliseconds of a minute that have passed when its sample is taken. */
const WITHIN = 2_000

/** Takes a sample in each minute until the signal is aborted; a database that is away leaves a gap. */
export async function keepSamples(database: Database, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await takeSample(database)
    } catch (thrown) {
      if (!signal.aborted) log.warn({ err: thrown }, 'no sample can be taken for the moment')
    }
    await pause(MINUTE - ((Date.now() - WITHIN) % MINUTE), undefined, { signal }).catch(() => {})
  }
}
