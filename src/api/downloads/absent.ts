import type { FileRole, Request } from '../../requests/request.ts'
import type { Language } from '../../words/language.ts'
import { downloadWords } from './words.ts'

/** Why a file of a request is not there, for people. */
export function whyAbsent(
  language: Language,
  request: Request,
  role: Extract<FileRole, 'original' | 'upgraded' | 'report' | 'notes' | 'modules'>,
): { title: string; sentence: string; soon: boolean } {
  const words = downloadWords(language)
  if (request.removedAt !== null)
    return { ...words.over(request.id, request.removedAt.toISOString().slice(0, 10)), soon: false }
  if (role === 'original') return { ...words.noDump, soon: false }
  if (role === 'modules') return { ...words.noModules, soon: false }
  const result = role === 'upgraded' ? words.database : words.notes
  const soon = request.state === 'pending' || request.state === 'progress'
  const sentence = `${words.states[request.state](result)} ${request.state === 'failed' ? (request.failure?.message ?? '') : ''}`
  return { title: words.notYet(result), sentence: sentence.trim(), soon }
}
