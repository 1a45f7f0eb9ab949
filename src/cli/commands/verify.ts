import { stage } from '../../upgrade/events.ts'
import { formatVerification } from '../../verify/format.ts'
import { verifyDump } from '../../verify/verify-dump.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { withServer } from '../server.ts'

export async function verifyCommand(
  context: Context,
  dump: string,
  options: { against: string; before?: string },
): Promise<ExitCode> {
  const { signal } = context
  const verification = await withServer(context, (server, dataFolder) =>
    stage(context.show, 'verify', () => verifyDump({ server, dataFolder, dump, signal, ...options }), signal),
  )
  if (context.json) context.print({ event: 'result', ...verification })
  else context.say(formatVerification(verification))
  return verification.ok ? 0 : 6
}
