/** What one upgrade is going to do, settled before anything is loaded. */
export interface Plan {
  /** Series of the source, "7.0". */
  from: string
  /** Series of the target, "8.0". */
  to: string
  /** Consecutive hops of the way. */
  hops: { from: string; to: string }[]
  /** Modules that count as installed in the source. */
  sourceModules: string[]
  /** Modules that the target has installed, Odoo's own. */
  targetModules: string[]
  /** The customer's modules that are not Odoo's own: their tables, columns and records stay. */
  customModules: string[]
  /** Modules of Odoo that the target does not have installed, known there or not: what they brought goes. */
  goneModules: string[]
  /** Languages of the database, the company's first. */
  languages: string[]
  aim: 'test' | 'production'
  /** Time zone of the server that a source older than 6.1 ran on: its times are local ones. Null: none was given. */
  timezone: string | null
}
