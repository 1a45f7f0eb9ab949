/** One thing that is switched off, as a fact about a table; what a database does not have of it is passed over. */
export interface Switch {
  table: string
  /** Column → SQL of its value; `t` is the row. */
  set?: Readonly<Record<string, string>>
  /** Columns that hold nothing afterwards: NULL, or no text where they have to hold one. */
  empty?: readonly string[]
  /** Also every other column whose name says that it holds a secret: modules for providers bring columns of their own. */
  secrets?: true
  /** Condition on the row `t`. */
  where?: string
  /** Columns without which it does not apply: those that `where` and the values read. */
  needs?: readonly string[]
  why: string
}

/** A host that no network can have (RFC 2606). */
export const NOWHERE = 'https://neutralised.invalid'
