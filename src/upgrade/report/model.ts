import type { Skipped } from '../../load/report.ts'
import type { BeforeAfter } from '../../verify/snapshot/before-after.ts'
import type { Verification } from '../../verify/verification.ts'
import type { Note } from '../notes.ts'

/**
 * All that is told about one upgrade, as data: the HTML report shows it to people, notes.json gives it to programs.
 * Nothing in it is an estimate; what was not measured is null or absent.
 */
export interface ReportModel {
  /** Raised when the shape changes in a way that breaks readers. */
  format: 1
  /** Version of the product. */
  product: string
  database: ReportDatabase
  from: string
  to: string
  hops: { from: string; to: string }[]
  aim: 'test' | 'production'
  /** What the target was read from: a fresh database, or only the facts that are built in. */
  target: 'reference' | 'catalogue'
  languages: string[]
  /** ISO time at which the upgrade began. */
  startedAt: string
  /** Wall time of all stages. */
  seconds: number
  modules: ReportModule[]
  /** How many records each model had and has, under its name in the target; empty when they were not counted. */
  records: BeforeAfter[]
  decisions: Decision[]
  verification: Verification | null
  /** Data that has no place in the target and was kept in schema legacy. */
  legacy: { subject: string; table: string; columns: string[]; rows: number; why: string }[]
  /** Business records that modules brought once and bring no more: they stay, because people work with them. */
  retained: { model: string; records: number }[]
  /** What a test must not do: send, fetch, run by itself. */
  neutralised: { table: string; rows: number }[]
  /** Required columns that the source had no value for. */
  required: { column: string; rows: number; because: string }[]
  /** What the dump holds and was not loaded. */
  skipped: Skipped[]
  /** The largest tables of the source, by bytes of their rows. */
  tables: { name: string; rows: number; bytes: number }[]
  /** The largest tables of the source and of the result, by bytes of their rows; null where there is none of that name. */
  sizes: { name: string; before: number | null; after: number | null }[]
  /** Of the whole source. */
  totals: { tables: number; rows: number; bytes: number }
  stages: { name: string; seconds: number }[]
  result: ReportResult | null
  /** Notes that belong to none of the parts above. */
  notes: Note[]
  /** How many entries each part has. */
  counts: Record<string, number>
}

export interface ReportDatabase {
  /** Name that the dump gives its database; null when it gives none. */
  name: string | null
  uuid: string | null
  /** Name of the file that was upgraded, without its folder. */
  file: string
  bytes: number | null
  layers: string[]
  serverVersion: string | null
  /** Version of the module base, "7.0.1.3". */
  version: string | null
  companies: string[]
  users: number | null
}

export type ModuleOutcome = 'kept' | 'renamed' | 'merged' | 'gone' | 'new' | 'custom'

export interface ReportModule {
  name: string
  outcome: ModuleOutcome
  /** The module that it is called now or that took it over. */
  into?: string
}

export type DecisionKind =
  | 'missing transform'
  | 'converted'
  | 'custom module'
  | 'view switched off'
  | 'view replaced'
  | 'kept record'
  | 'not adapted'

/** Something that a person has to look at or decide. */
export interface Decision {
  kind: DecisionKind
  subject: string
  /** What became of it. */
  outcome: string
  /** Names and figures that help to judge it: model, id, who uses it. */
  facts: Record<string, string>
  /** Its XML, JSON or the like, to copy from. */
  body: string | null
}

export interface ReportResult {
  /** Name of the file or folder. */
  file: string
  format: string
  archiveVersion: string | null
  /** Major version of PostgreSQL that restores it. */
  postgresql: string
  bytes: number
  sha256: string | null
  tables: number
  rows: number
  /** Files of the filestore in it. */
  files: number
  notes: string[]
  restoreCommands: string[]
}
