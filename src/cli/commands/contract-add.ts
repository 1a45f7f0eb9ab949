import { UpliftError } from '../../errors.ts'
import { type ContractField, checkContract } from '../../requests/contract-fields.ts'
import { addContract } from '../../requests/contracts.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { withServiceDatabase } from '../service-database.ts'

export interface ContractFlags {
  name?: string
  email?: string
  expires?: string
  maxInProgress?: string
  maxBytes?: string
}

export async function contractAddCommand(
  context: Context,
  code: string,
  flags: ContractFlags,
): Promise<ExitCode> {
  const { contract, problems } = checkContract(givenFields(code, flags))
  if (!contract) {
    const sentences = problems.map(({ problem }) => problem)
    throw new UpliftError('CONTRACT:INVALID', `The contract is not valid: ${sentences.join('; ')}.`, {
      detail: { problems: sentences },
    })
  }
  const outcome = await withServiceDatabase(context, ({ pool }) => addContract(pool, contract))
  if (outcome === 'exists')
    throw new UpliftError(
      'CONTRACT:EXISTS',
      `There is a contract ${code} already: "uplift contract import" changes what is said of it.`,
      { detail: { code } },
    )
  if (context.json) context.print({ event: 'result', code, outcome })
  else context.say(outcome === 'added' ? `Contract ${code} is added.` : `Contract ${code} is valid again.`)
  return 0
}

function givenFields(code: string, flags: ContractFlags): Partial<Record<ContractField, string>> {
  const { name, email, expires, maxInProgress, maxBytes } = flags
  const given = { name, email, expires, max_in_progress: maxInProgress, max_bytes: maxBytes }
  return { code, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
}
