import { contractFields } from '../../../requests/contract-fields.ts'
import type { ImportProblem } from '../../../requests/contract-import.ts'
import type { Language } from '../../../words/language.ts'
import { bytesIn, numberIn } from '../../../words/local-quantities.ts'
import { contractWords } from './words.ts'

/** What is wrong in a line of a file, as a sentence of the reader's language. */
export function importProblem(language: Language, reason: ImportProblem): string {
  const words = contractWords(language)
  const say = words.importProblems
  switch (reason.kind) {
    case 'column':
      return say.column(reason.name, contractFields.join(', '))
    case 'twice':
      return say.twice(reason.name)
    case 'fields':
      return say.fields(reason.found, reason.columns)
    case 'field':
      return say.field(reason.field, words.problems[reason.field])
    case 'repeated':
      return say.repeated(reason.code, reason.line)
    case 'long':
      return say.long(numberIn(language, reason.most))
    case 'large':
      return say.large(bytesIn(language, reason.most))
    default:
      return say[reason.kind]
  }
}
