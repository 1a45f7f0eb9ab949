import { UpliftError } from '../../errors.ts'
import { addReference, removeReference } from '../../reference/add.ts'
import { ReferenceStore } from '../../reference/store.ts'
import { stage } from '../../upgrade/events.ts'
import { bytesInWords } from '../../words/quantities.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { withServer } from '../server.ts'
import { asSeries } from './catalogue-show.ts'

/** The only stage of adding one. */
const ADD = 'add the reference'

export async function referenceAddCommand(context: Context, name: string, dump: string): Promise<ExitCode> {
  const series = asSeries(name)
  const { signal, show } = context
  const reference = await withServer(context, (server, dataFolder) =>
    stage(
      show,
      ADD,
      () =>
        addReference({
          server,
          dataFolder,
          series,
          dump,
          onProgress: (done) => show.onProgress({ stage: ADD, done, unit: 'bytes' }),
          signal,
        }),
      signal,
    ),
  )
  if (context.json) context.print({ event: 'result', ...reference })
  else {
    context.say(
      `The reference of ${series} with ${reference.modules.length} modules is kept; upgrades to ${series} use it from now on.`,
    )
    if (reference.demonstration)
      context.say(
        'It has demonstration data, which a fresh database for customers does not have: add one without, and remove this one.',
      )
  }
  return 0
}

export async function referenceListCommand(context: Context): Promise<ExitCode> {
  const references = await new ReferenceStore(await context.dataFolder()).list()
  if (context.json) context.print(references)
  else if (references.length === 0)
    context.say(
      'No reference is kept. "uplift reference add 8.0 fresh.dump" adds one; without, the built-in catalogue serves.',
    )
  else
    for (const { series, modules, bytes, addedAt, sha256 } of references)
      context.say(
        `${series.padEnd(5)} ${String(modules.length).padStart(4)} modules  ${bytesInWords(bytes).padStart(9)}  added ${addedAt.slice(0, 10)}  ${sha256.slice(0, 12)}`,
      )
  return 0
}

/** Forgets all references of a version: one could not be told from the other by its name. */
export async function referenceRemoveCommand(context: Context, name: string): Promise<ExitCode> {
  const series = asSeries(name)
  const found = (await new ReferenceStore(await context.dataFolder()).list()).filter(
    (entry) => entry.series === series,
  )
  if (found.length === 0)
    throw new UpliftError(
      'USAGE:INVALID',
      `No reference of ${series} is kept: "uplift reference list" shows those that are.`,
    )
  await withServer(context, async (server, dataFolder) => {
    for (const reference of found) await removeReference(server, dataFolder, reference)
  })
  if (context.json) context.print({ event: 'result', removed: found.map(({ sha256 }) => sha256) })
  else context.say(`The reference of ${series} is removed.`)
  return 0
}
