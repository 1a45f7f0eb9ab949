import { catalogue, type Language } from '../../words/language.ts'
import type { ModuleOutcome } from './model.ts'
import type { Reader } from './reader.ts'

/** What became of modules: of one, and of several. */
const texts = catalogue<Readonly<Record<ModuleOutcome, readonly [one: string, many: string]>>>({
  en: {
    kept: ['kept', 'kept'],
    renamed: ['renamed', 'renamed'],
    merged: ['merged', 'merged'],
    gone: ['gone', 'gone'],
    new: ['new', 'new'],
    custom: ['your own', 'your own'],
  },
  fr: {
    kept: ['conservé', 'conservés'],
    renamed: ['renommé', 'renommés'],
    merged: ['fusionné', 'fusionnés'],
    gone: ['disparu', 'disparus'],
    new: ['nouveau', 'nouveaux'],
    custom: ['à vous', 'à vous'],
  },
})

/** "kept". */
export function outcomeIn(language: Language, outcome: ModuleOutcome): string {
  return texts(language)[outcome][0]
}

/** "3 kept". */
export function countedOutcome({ language, counted }: Reader, count: number, outcome: ModuleOutcome): string {
  return counted(count, ...texts(language)[outcome])
}
