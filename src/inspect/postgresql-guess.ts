/**
 * Settings that pg_dump writes at the head of a plain dump, and the major version that began to: the dump was made by
 * at least that version. Newest first. (pg_dump's own history; the settings are those of its release notes.)
 */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/^SET transaction_timeout\b/, '17'],
  [/^SET default_table_access_method\b/, '12'],
  [/^SET xmloption\b/, '11'],
  [/^SET idle_in_transaction_session_timeout\b/, '9.6'],
  [/^SET row_security\b/, '9.5'],
  [/^SET lock_timeout\b/, '9.3'],
  [/^SET statement_timeout\b/, '8.4'],
  [/^SET escape_string_warning\b/, '8.2'],
  [/^SET standard_conforming_strings\b/, '8.2'],
]

/** Guesses the version of a plain dump that names none, from its first statements. */
export class PostgresqlGuess {
  #best = SIGNS.length
  #looked = 0

  look(sql: string): void {
    if (this.#looked++ > 50) return
    for (let i = 0; i < this.#best; i++) if (SIGNS[i]![0].test(sql)) this.#best = i
  }

  get version(): string | null {
    return SIGNS[this.#best]?.[1] ?? null
  }
}
