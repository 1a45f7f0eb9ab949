import type { FastifyRequest } from 'fastify'
import { type ContractField, checkContract, contractFields } from '../../../requests/contract-fields.ts'
import type { Contract, NewContract } from '../../../requests/contracts.ts'
import { type Html, html } from '../../../words/html.ts'
import type { Language } from '../../../words/language.ts'
import { csrfField } from '../console.ts'
import { field } from '../parts.ts'
import { contractWords } from './words.ts'

export type Given = Partial<Record<ContractField, string>>

/** What was written into the fields of a contract. */
export function givenIn(form: URLSearchParams): Given {
  return Object.fromEntries(
    contractFields.flatMap((name) => {
      const text = form.get(name)
      return text === null ? [] : [[name, text.trim()]]
    }),
  )
}

/** The contract, or the fields that are wrong. */
export function checkGiven(
  given: Given,
): { contract: NewContract } | { contract: null; wrong: ContractField[] } {
  const { contract, problems } = checkContract(given)
  if (contract) return { contract }
  return { contract: null, wrong: problems.map(({ field }) => field) }
}

/** The fields of a contract as its row has them. */
export function givenOf(contract: Contract): Given {
  return {
    code: contract.code,
    name: contract.name ?? '',
    email: contract.email ?? '',
    expires: contract.expiresOn ?? '',
    max_in_progress: contract.maxInProgress === null ? '' : String(contract.maxInProgress),
    max_bytes: contract.maxBytes === null ? '' : String(contract.maxBytes),
  }
}

const types = {
  code: 'text',
  name: 'text',
  email: 'email',
  expires: 'date',
  max_in_progress: 'text',
  max_bytes: 'text',
} as const

/** The form of a contract: a new one, or with `fixed` the one whose code it says. */
export function contractForm(
  call: FastifyRequest,
  language: Language,
  {
    given,
    wrong = [],
    fixed,
    action,
    submit,
  }: { given: Given; wrong?: readonly ContractField[]; fixed?: boolean; action: string; submit: string },
): Html {
  const words = contractWords(language)
  const hints: Partial<Record<ContractField, string>> = words.hints
  return html`<form method="post" action="${action}" class="columns">${csrfField(call)}
${fixed && html`<input type="hidden" name="code" value="${given.code}">`}
${contractFields
  .filter((name) => !(fixed && name === 'code'))
  .map((name) =>
    field(name, words.fields[name], given[name] ?? '', {
      type: types[name],
      required: name === 'code',
      ...(hints[name] ? { hint: hints[name] } : {}),
      // Whoever sent it is taken to the first field that is wrong.
      ...(wrong.includes(name) ? { problem: words.problems[name], autofocus: name === wrong[0] } : {}),
    }),
  )}
<p class="buttons"><button>${submit}</button></p></form>`
}
