import { type ContractUsage, listContracts } from '../../requests/contracts.ts'
import { bytesInWords } from '../../words/quantities.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { withServiceDatabase } from '../service-database.ts'

export async function contractListCommand(context: Context): Promise<ExitCode> {
  const contracts = await withServiceDatabase(context, ({ pool }) => listContracts(pool))
  if (context.json) context.print(contracts)
  else if (contracts.length === 0) context.say('There is no contract. "uplift contract add CODE" adds one.')
  else {
    const width = Math.max(...contracts.map(({ code }) => code.length))
    for (const contract of contracts) context.say(inWords(contract, width))
  }
  return 0
}

function inWords(contract: ContractUsage, width: number): string {
  const { code, status, name, email, expiresOn, maxInProgress, maxBytes, requests, bytes } = contract
  const states = Object.entries(requests)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
  const limits = [
    expiresOn === null ? '' : `until ${expiresOn}`,
    maxInProgress === null ? '' : `${maxInProgress} at a time`,
    maxBytes === null ? '' : `uploads up to ${bytesInWords(maxBytes)}`,
  ]
  const parts = [
    `${code.padEnd(width)}  ${status.padEnd(7)}`,
    `${bytesInWords(bytes).padStart(9)} stored`,
    states.length === 0 ? 'no requests' : states.join(', '),
    limits.filter(Boolean).join(', '),
    name ?? '',
    email === null ? '' : `<${email}>`,
  ]
  return parts.filter(Boolean).join('  ')
}
