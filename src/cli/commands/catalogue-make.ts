import type pg from 'pg'
import { buildCatalogue } from '../../catalogue/build.ts'
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { extractCatalogue } from '../../catalogue/extract.ts'
import { encodeCatalogue } from '../../catalogue/file.ts'
import { openDump } from '../../dumps/open.ts'
import { loadDump } from '../../load/load.ts'
import { applyDeferred } from '../../reference/add.ts'
import { stage } from '../../upgrade/events.ts'
import { bytesInWords, countInWords } from '../../words/quantities.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { checkOutput, writeWhole } from '../output.ts'
import { withServer } from '../server.ts'
import { asSeries } from './catalogue-show.ts'

interface OutputFlags {
  out: string
  force?: boolean
}

export function catalogueExtractCommand(
  context: Context,
  dump: string,
  options: OutputFlags,
): Promise<ExitCode> {
  return make(context, dump, options, (client) => extractCatalogue(client))
}

export function catalogueBuildCommand(
  context: Context,
  series: string,
  dump: string,
  options: OutputFlags & { facts: string },
): Promise<ExitCode> {
  const wanted = { facts: options.facts, series: asSeries(series) }
  return make(context, dump, options, (client) => buildCatalogue(client, wanted))
}

/** Loads a fresh database with all its constraints, reads the catalogue from it and writes that to a file. */
async function make(
  context: Context,
  path: string,
  { out, force = false }: OutputFlags,
  read: (client: pg.ClientBase) => Promise<Catalogue>,
): Promise<ExitCode> {
  const { signal, show } = context
  await checkOutput(out, force)
  const dump = await openDump(path)
  try {
    const catalogue = await withServer(context, async (server) => {
      const scratch = await server.createScratch()
      try {
        const { deferred } = await stage(show, 'load', () => loadDump(dump, scratch, { signal }), signal)
        return await scratch.with((client) =>
          stage(
            show,
            'read the catalogue',
            async () => {
              await applyDeferred(client, deferred)
              return read(client)
            },
            signal,
          ),
        )
      } finally {
        await scratch.drop()
      }
    })
    const bytes = await encodeCatalogue(catalogue, 'small')
    await writeWhole(out, bytes)
    const result = {
      series: catalogue.series,
      out,
      bytes: bytes.length,
      modules: Object.keys(catalogue.modules).length,
    }
    if (context.json) context.print({ event: 'result', ...result })
    else
      context.say(
        `The catalogue of ${result.series} with ${countInWords(result.modules)} modules stands in ${out} (${bytesInWords(result.bytes)}).`,
      )
    return 0
  } finally {
    await dump.close()
  }
}
