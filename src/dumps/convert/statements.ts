import type { TocEntry } from '../dump.ts'
import { hostile } from '../failures.ts'
import { readAsPsql } from './psql-text.ts'

/** Beyond the first 256 characters there is no byte: cut to one, such a character could become any. */
const NO_BYTE = /[^\0-\xff]/

/** Lets SQL of an archive through only when psql finds whole statements in it, and no command of its own. */
export class CheckedStatements {
  /** What the stream says of standard_conforming_strings at its start. */
  readonly #declared: boolean

  constructor(standardConformingStrings: boolean) {
    this.#declared = standardConformingStrings
  }

  /**
   * The text as it is. Where it reads otherwise with the other setting of standard_conforming_strings, the setting is
   * said again before it: a statement before could have changed it.
   * @throws UpliftError DUMP:HOSTILE
   */
  checked(sql: string, entry: TocEntry): string {
    const refuse = (what: string) =>
      hostile(`the definition of ${entry.description} ${entry.tag} has ${what}`, {
        dumpId: entry.dumpId,
      })
    if (NO_BYTE.test(sql) || sql.includes('\0')) throw refuse('a character that is none')
    const reading = readAsPsql(sql, this.#declared)
    if (reading.problem !== null) throw refuse(reading.problem)
    if (!sql.includes('\\') || readAsPsql(sql, !this.#declared).problem === null) return sql
    if (reading.statements > 1) throw refuse('quotes that can be read in two ways')
    return `SET standard_conforming_strings = ${this.#declared ? 'on' : 'off'};\n${sql}`
  }
}
