import type { Failure } from '../../requests/request.ts'
import type { Language } from '../../words/language.ts'
import { bytesIn } from '../../words/local-quantities.ts'
import { formWords } from './words.ts'

/** The fields of the form, in the order in which they stand. */
export const fields = ['contract', 'email', 'target', 'aim', 'timezone', 'file'] as const
export type Field = (typeof fields)[number]

/** What is wrong, by the field that it is about; null for what is about none of them. */
export type Problems = ReadonlyMap<Field | null, string>

/** The failures of the API's words in sentences for people, one a field, in the order of the fields. */
export function problemsOf(language: Language, failures: readonly Failure[]): Problems {
  const found = new Map(
    failures.map((failure) => [fieldOf(failure.reason), sentenceOf(language, failure)] as const),
  )
  return new Map(
    [null, ...fields].flatMap((field) => {
      const sentence = found.get(field)
      return sentence === undefined ? [] : [[field, sentence] as const]
    }),
  )
}

function fieldOf(reason: string): Field | null {
  const [subject = ''] = reason.toLowerCase().split(':')
  if (subject === 'filename' || subject === 'dump') return 'file'
  return fields.find((field) => field === subject) ?? null
}

function sentenceOf(language: Language, { reason, message, expected }: Failure): string {
  const words = formWords(language)
  if (reason === 'DUMP:INVALID') return words.invalid(message)
  if (reason === 'DUMP:TOO_LARGE') return words.tooLarge(bytesIn(language, Number(expected?.[0])))
  if (reason === 'GUESSES:TOO_MANY') return words.guesses
  if (reason === 'STORAGE:FULL') return words.full
  return words.problems[reason] ?? message
}
