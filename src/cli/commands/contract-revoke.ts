import { UpliftError } from '../../errors.ts'
import { revokeContract } from '../../requests/contracts.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { withServiceDatabase } from '../service-database.ts'

export async function contractRevokeCommand(context: Context, code: string): Promise<ExitCode> {
  const outcome = await withServiceDatabase(context, ({ pool }) => revokeContract(pool, code))
  if (outcome === 'unknown')
    throw new UpliftError(
      'CONTRACT:UNKNOWN',
      `There is no contract ${code}: "uplift contract list" shows all.`,
      { detail: { code } },
    )
  if (context.json) context.print({ event: 'result', code, outcome })
  else
    context.say(
      outcome === 'already'
        ? `Contract ${code} was revoked before.`
        : `Contract ${code} is revoked; its requests stay.`,
    )
  return 0
}
