import { setTimeout as pause } from 'node:timers/promises'
import { asUpliftError } from '../errors.ts'
import { runDeliveries } from '../requests/tickets/run.ts'
import { noteBroken } from './attempt.ts'
import type { WorkerDeps } from './deps.ts'
import { Hold } from './hold.ts'
import { housekeep } from './housekeeping.ts'
import { dropLeftovers } from './leftovers.ts'
import { lookThrough } from './look.ts'
import { Presence } from './presence.ts'
import { processRequest } from './process.ts'
import { HOUSEKEEPING, LOOKS, openQueue, type RequestJob, UPGRADES } from './queue.ts'
import { sweep } from './sweep.ts'

/** Time until work is tried again that found the disk full, in milliseconds. */
const FULL_DISK = 20_000
/** Time between two sweeps, in milliseconds. */
const SWEEP = 2_000
/** Time between two looks for what ended requests left on this machine, in milliseconds. */
const LEFTOVERS = 60_000

/**
 * Works until the signal is aborted: takes requests from the queue, up to settings.concurrency at a time, and looks after
 * what other workers left. Resolves when everything under way has stopped; it goes on elsewhere.
 */
export async function runWorker(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const { database, settings, log } = deps
  const boss = await openQueue(database, (error) => log.warn({ err: error }, 'the queue'))
  const running = new Set<Promise<unknown>>()
  const presence = new Presence(database, settings)
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work)
    return work.finally(() => running.delete(work))
  }
  const options = { pollingIntervalSeconds: 0.5, heartbeatRefreshSeconds: 15 }
  await boss.work<RequestJob>(UPGRADES, { ...options, localConcurrency: settings.concurrency }, ([job]) =>
    track(presence.during(job!.data.request, () => workOn(deps, job!.data.request, signal))),
  )
  await boss.work<RequestJob>(LOOKS, options, ([job]) => track(lookThrough(deps, job!.data.request, signal)))
  await boss.work(HOUSEKEEPING, { pollingIntervalSeconds: 5 }, () => track(housekeep(deps, signal)))
  track(runDeliveries(deps, signal)).catch((thrown: unknown) =>
    log.error({ err: thrown }, 'messages of tickets are not sent'),
  )
  log.info({ worker: settings.instance, concurrency: settings.concurrency }, 'the worker is ready')
  track(tidy(deps, signal)).catch((thrown: unknown) => log.error({ err: thrown }, 'nobody tidies up'))
  while (!signal.aborted) {
    try {
      await presence.tell()
      for (const request of await sweep(database, boss)) log.info({ request }, 'given to another worker')
    } catch (thrown) {
      log.warn({ err: thrown }, 'the queue cannot be swept for the moment')
    }
    await pause(SWEEP, undefined, { signal }).catch(() => {})
  }
  await boss.stop({ graceful: false, close: false }).catch(() => {})
  await Promise.allSettled(running)
  await presence.end()
}

/** Looks from time to time for what requests that have ended left here. */
async function tidy(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const requests = await dropLeftovers(deps)
      if (requests.length > 0) deps.log.info({ requests }, 'dropped what ended requests had left')
    } catch (thrown) {
      deps.log.warn({ err: thrown }, 'what ended requests left cannot be dropped for the moment')
    }
    await pause(LEFTOVERS, undefined, { signal }).catch(() => {})
  }
}

async function workOn(deps: WorkerDeps, request: number, stop: AbortSignal): Promise<void> {
  const log = deps.log.child({ request })
  stop.throwIfAborted()
  const hold = await Hold.take(deps.database, request)
  try {
    await processRequest({ ...deps, log }, request, AbortSignal.any([stop, hold.lost]))
  } catch (thrown) {
    const error = asUpliftError(thrown)
    log.warn({ code: error.code, err: error }, 'the work broke off and goes on later')
    if (error.code === 'DISK:FULL') await pause(FULL_DISK, undefined, { signal: stop }).catch(() => {})
    // One that tells of a full disk for too long is given up in the end.
    else await noteBroken(deps.database, request, error.message).catch(() => {})
    // The queue keeps what it is given; a failure may hold names of a customer's database.
    throw new Error(error.code)
  } finally {
    await hold.release()
  }
}
