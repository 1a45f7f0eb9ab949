import type { BeforeAfter } from './snapshot/before-after.ts'

/** What one check found wrong: the thing, by a name that a person finds it under, and what is the matter with it. */
export interface Violation {
  /** "res_partner.name", "base.view_partner_form", "company 1 | account 4110". */
  subject: string
  problem: string
}

/** A list that keeps its first entries and counts the rest, so that a broken database cannot fill the memory. */
export interface Listing {
  total: number
  /** The first ones, at most `listed` (50). */
  first: Violation[]
}

export interface Check {
  /** Stable name for machines: "schema", "xmlids", "references", … */
  id: string
  title: string
  ok: boolean
  /** How many things were compared; 0 says that there was nothing to compare. */
  compared: number
  violations: Listing
  /** Not wrong, but to be seen: the customer's own, what was kept against the target, what cannot be proven. */
  apart: Listing
  notes: string[]
  /** Sums of the figures that were compared, as decimals: "debit". Only of checks that hold figures against the source's. */
  sums?: Sum[]
}

export interface Sum {
  name: string
  before: string
  after: string
}

export interface Verification {
  ok: boolean
  /** Series of the database that was verified. */
  series: string
  checks: Check[]
  /** Records by model; empty when there was no source to compare with. */
  records: BeforeAfter[]
  seconds: number
}

export const LISTED = 50

/** Collects what a check finds. */
export class Findings {
  readonly #id: string
  readonly #title: string
  readonly #violations: Listing = { total: 0, first: [] }
  readonly #apart: Listing = { total: 0, first: [] }
  readonly #notes: string[] = []
  #sums: Sum[] | null = null
  #compared = 0

  constructor(id: string, title: string) {
    this.#id = id
    this.#title = title
  }

  compared(count: number): void {
    this.#compared += count
  }

  violation(subject: string, problem: string, times = 1): void {
    add(this.#violations, { subject, problem }, times)
  }

  apart(subject: string, problem: string, times = 1): void {
    add(this.#apart, { subject, problem }, times)
  }

  note(text: string): void {
    this.#notes.push(text)
  }

  sums(sums: Sum[]): void {
    this.#sums = sums
  }

  check(): Check {
    return {
      id: this.#id,
      title: this.#title,
      ok: this.#violations.total === 0,
      compared: this.#compared,
      violations: this.#violations,
      apart: this.#apart,
      notes: this.#notes,
      ...(this.#sums ? { sums: this.#sums } : {}),
    }
  }
}

/** `times`: how many the entry stands for, such as the rows of a column that all have the same fault. */
function add(listing: Listing, entry: Violation, times: number): void {
  listing.total += times
  if (listing.first.length < LISTED) listing.first.push(entry)
}
