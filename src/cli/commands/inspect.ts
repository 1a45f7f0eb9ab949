import { formatInspection } from '../../inspect/format.ts'
import { inspect } from '../../inspect/inspect.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'

export async function inspectCommand(context: Context, file: string): Promise<ExitCode> {
  const inspection = await inspect(file, { signal: context.signal })
  if (context.json) context.print(inspection)
  else context.say(formatInspection(inspection))
  return 0
}
