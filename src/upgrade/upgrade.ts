import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutputFormat } from '../dumps/write/options.ts'
import type { Server } from '../postgres/server.ts'
import { silent, stage, type UpgradeEvents } from './events.ts'
import type { Plan } from './plan.ts'
import { runStages, type UpgradeResult } from './stages.ts'
import { chooseTarget, scratchOptions } from './target.ts'

export interface UpgradeOptions {
  server: Server
  dataFolder: string
  /** The dump to upgrade, in any form. */
  source: string
  /** Series to upgrade to, "8.0". */
  to: string
  /** Dump of a fresh database of the target; default: the one that was added, else the built-in catalogue. */
  reference?: string
  /** Only the built-in catalogue, even where a reference was added. */
  catalogueOnly?: boolean
  out: string
  format: OutputFormat
  /** PostgreSQL that has to restore the result; default: the source's. */
  postgresql?: string
  aim: Plan['aim']
  filestore?: string
  force?: boolean
  jobs?: number
  events?: UpgradeEvents
  signal?: AbortSignal
}

/**
 * The whole way of one dump in one go: load → hops → align → fill → constrain → verify → neutralise → write. The scratch
 * database is dropped at the end, whatever happens, and `out` appears only when it is complete.
 */
export async function runUpgrade(options: UpgradeOptions): Promise<UpgradeResult> {
  const { server, dataFolder, reference, catalogueOnly, events = silent, signal, ...rest } = options
  let seconds = 0
  const target = await stage(
    {
      ...events,
      onStage: (name, when, taken) => {
        seconds = taken
        events.onStage(name, when, taken)
      },
    },
    'reference',
    () =>
      chooseTarget({
        server,
        dataFolder,
        to: options.to,
        ...(reference ? { reference } : {}),
        ...(catalogueOnly ? { catalogueOnly } : {}),
        ...(signal ? { signal } : {}),
      }),
    signal,
  )
  const scratch = await server.createScratch(scratchOptions(target))
  const attachments = await mkdtemp(join(dataFolder, 'attachments-'))
  // A statement that runs for minutes ends with its database; what it was part of then fails and cleans up below.
  const giveUp = () => void scratch.drop().catch(() => {})
  signal?.addEventListener('abort', giveUp, { once: true })
  try {
    const result = await runStages({
      ...rest,
      scratch,
      target,
      attachments,
      events,
      ...(signal ? { signal } : {}),
    })
    return { ...result, timings: [{ stage: 'reference', seconds }, ...result.timings] }
  } finally {
    signal?.removeEventListener('abort', giveUp)
    await rm(attachments, { recursive: true, force: true })
    await scratch.drop()
  }
}
