import { stat } from 'node:fs/promises'
import type { Scratch, Server } from '../postgres/server.ts'
import { leftBehind } from '../upgrade/stages.ts'
import { chooseTarget, sameTarget, scratchOptions, type Target } from '../upgrade/target.ts'

export interface Workplace {
  scratch: Scratch
  target: Target
  /** Whether a former try left finished stages. */
  resumed: boolean
}

/**
 * The scratch database of a try: that of a former try, taken over, when its load was finished and its target is still to be
 * had; else a new one. Former tries that still run lose their connections with it.
 */
export async function takeWorkplace(
  server: Server,
  options: {
    dataFolder: string
    /** Where a former try put attachments that it took out of the database. */
    attachments: string
    prefix: string
    attempt: number
    to: string
    signal?: AbortSignal
  },
): Promise<Workplace> {
  const { dataFolder, attachments, prefix, attempt, to, signal } = options
  const name = `${prefix}${attempt}`
  const former = await server.scratchNames(prefix)
  const [last, ...others] = former
  for (const other of others) await server.dropScratch(other)
  if (last !== undefined) {
    const scratch =
      last === name
        ? await server.adoptScratch(last, `${prefix}${attempt}_`)
        : await server.adoptScratch(last, name)
    const left = await scratch.with(leftBehind)
    const target =
      left && (!left.attachmentsMoved || (await exists(attachments)))
        ? await sameTarget(dataFolder, to, left.reference)
        : null
    if (target) return { scratch, target, resumed: true }
    await scratch.drop()
  }
  const target = await chooseTarget({ server, dataFolder, to, ...(signal ? { signal } : {}) })
  return {
    scratch: await server.createScratch({ name, ...scratchOptions(target) }),
    target,
    resumed: false,
  }
}

/** A former try on another machine may have taken attachments out of the database that are not here. */
async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  )
}
