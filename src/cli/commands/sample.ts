import { makeSample, sampleModules } from '../../sample/make-sample.ts'
import { stage } from '../../upgrade/events.ts'
import { bytesInWords, countInWords } from '../../words/quantities.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { checkOutput } from '../output.ts'
import { withServer } from '../server.ts'
import { asSeries } from './catalogue-show.ts'

export interface SampleFlags {
  out: string
  series: string
  rows: number
  force?: boolean
}

export async function sampleCommand(
  context: Context,
  { out, series, rows, force = false }: SampleFlags,
): Promise<ExitCode> {
  const { signal, show } = context
  const wanted = {
    series: asSeries(series),
    modules: sampleModules,
    rows,
    out,
    format: 'custom',
    force,
    signal,
  } as const
  await checkOutput(out, force)
  const written = await withServer(context, (server) =>
    stage(show, 'make the sample', () => makeSample({ server, ...wanted }), signal),
  )
  if (context.json) context.print({ event: 'result', ...written })
  else
    context.say(
      `A sample database of ${wanted.series} with ${countInWords(written.rows)} rows stands in ${out} (${bytesInWords(written.bytes)}).`,
    )
  return 0
}
