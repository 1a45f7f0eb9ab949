import type { Language } from '../../words/language.ts'
import { colonIn, countedIn } from '../../words/language.ts'
import { bytesIn, numberIn, secondsIn } from '../../words/local-quantities.ts'

/** For whom a report is written: figures as they are written in that language. */
export interface Reader {
  language: Language
  count(value: number): string
  bytes(value: number): string
  seconds(value: number): string
  /** 3 → "3 views". */
  counted(count: number, one: string, many?: string): string
  /** Between a name and what it says. */
  colon: string
}

export function readerOf(language: Language): Reader {
  return {
    language,
    count: (value) => numberIn(language, value),
    bytes: (value) => bytesIn(language, value),
    seconds: (value) => secondsIn(language, value),
    counted: (count, one, many) => countedIn(language, count, one, many),
    colon: colonIn(language),
  }
}
