/** The languages that people are spoken to in. */
export const languages = ['en', 'fr'] as const
export type Language = (typeof languages)[number]

/** What each language calls itself. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français' }

/**
 * The sentences of a page or a part of one in every language. A sentence that one language lacks is an error of types; one
 * with figures or names in it is a function, so that each language puts them where it wants them.
 */
export function catalogue<T>(texts: Readonly<Record<Language, T>>): (language: Language) => T {
  return (language) => texts[language]
}

/** 1 → "1 view", 3 → "3 views"; in French 0 is one of those that stand in the singular. */
export function countedIn(language: Language, count: number, one: string, many = `${one}s`): string {
  const single = language === 'fr' ? count < 2 : count === 1
  return `${count.toLocaleString(language)} ${single ? one : many}`
}

/** What stands between a name and what it says: in French there is a space before it, at which no line is broken. */
export function colonIn(language: Language): string {
  return language === 'fr' ? '\u00a0: ' : ': '
}
