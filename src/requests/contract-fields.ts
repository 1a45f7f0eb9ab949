import { z } from 'zod'
import type { NewContract } from './contracts.ts'
import { emailPattern } from './email.ts'

/** What can be said of a contract, as the columns of a CSV file name it. */
export const contractFields = ['code', 'name', 'email', 'expires', 'max_in_progress', 'max_bytes'] as const
export type ContractField = (typeof contractFields)[number]

const optional = <Checked extends z.ZodType<unknown, string>>(checked: Checked) =>
  z.union([z.literal('').transform(() => null), checked])

/** Clients put the code into URLs as it is: it has only what stands for itself there. */
const code = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/,
    'has to be 1 to 64 letters, digits and . _ ~ - and begin with a letter or digit, as M123456-abcdef',
  )
const name = z
  .string()
  .max(200, 'has more than 200 characters')
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffd]*$/u, 'has to be one line of text in UTF-8')
const email = z
  .email({ pattern: emailPattern, error: 'is no e-mail address' })
  .max(254, 'has more than 254 characters')
const expires = z.iso
  .date('has to be a day of the calendar, as 2027-12-31')
  .refine((day) => day >= '2000-01-01', { error: 'has to be a day after 1999', abort: true })
const maxInProgress = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'has to be a whole number from 1 on')
  .transform(Number)
const maxBytes = z.string().transform((text, context) => {
  const bytes = parseSize(text)
  if (bytes === null)
    context.addIssue({ code: 'custom', message: 'has to be a number of bytes, or a size as 5GB or 500 MiB' })
  return bytes ?? z.NEVER
})

const checks = {
  code,
  name: optional(name),
  email: optional(email),
  expires: optional(expires),
  max_in_progress: optional(maxInProgress),
  max_bytes: optional(maxBytes),
}

export interface FieldProblem {
  field: ContractField
  /** A sentence that begins with the field. */
  problem: string
}

/**
 * Checks what a person wrote about a contract. An empty text takes back what was said before; a field that is not given
 * says nothing.
 */
export function checkContract(
  given: Partial<Record<ContractField, string>>,
): { contract: NewContract; problems: [] } | { contract: null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const check = <Field extends ContractField>(field: Field) => {
    const text = given[field]
    if (text === undefined && field !== 'code') return undefined
    const { data, error } = checks[field].safeParse(text ?? '')
    if (error) problems.push({ field, problem: `${field} ${firstIssue(error.issues)}` })
    return data as z.output<(typeof checks)[Field]> | undefined
  }
  const contract: NewContract = {
    code: check('code') ?? '',
    name: check('name'),
    email: check('email'),
    expiresOn: check('expires'),
    maxInProgress: check('max_in_progress'),
    maxBytes: check('max_bytes'),
  }
  return problems.length > 0 ? { contract: null, problems } : { contract, problems: [] }
}

/** What is wrong with a text that is not empty; the other branch of the union only says that it is not. */
function firstIssue(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues
  if (issue?.code === 'invalid_union') return issue.errors.at(-1)?.[0]?.message ?? issue.message
  return issue?.message ?? 'is not valid'
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  ...Object.fromEntries(
    ['k', 'm', 'g', 't'].flatMap((letter, i) => [
      [letter, 1000 ** (i + 1)],
      [`${letter}b`, 1000 ** (i + 1)],
      [`${letter}ib`, 1024 ** (i + 1)],
    ]),
  ),
}

/** "5GB" → 5e9, "1.5 GiB" → 1610612736, "4096" → 4096 bytes; null for anything else, and for less than a byte. */
export function parseSize(text: string): number | null {
  const [, figure, unit] = /^(\d{1,16}(?:\.\d{1,6})?) ?([a-z]{0,3})$/i.exec(text.trim()) ?? []
  const factor = units[unit?.toLowerCase() ?? '']
  if (figure === undefined || factor === undefined) return null
  const bytes = Math.round(Number(figure) * factor)
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null
}
