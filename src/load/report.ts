/** What a load did, left out and put aside. */
export interface LoadReport {
  tables: LoadedTable[]
  /** Sequences that were made and given their value. */
  sequences: { schema: string; name: string; value: string | null; called: boolean }[]
  /** What the dump holds and the scratch database does not, each with the reason. */
  skipped: Skipped[]
  /** What is not made at load because the engine makes it later, or never. */
  deferred: Deferred[]
  extensions: string[]
  functions: { schema: string; name: string }[]
  /** Large objects that were loaded. */
  largeObjects: number
  /** Bytes of rows in COPY text format. */
  bytes: number
  seconds: number
}

export interface LoadedTable {
  schema: string
  name: string
  rows: number
  /** Bytes of its rows in COPY text format. */
  bytes: number
}

export interface Skipped {
  /** What it is, in the words of SQL: "owner", "trigger", "event trigger" … */
  what: string
  name: string
  reason: string
  /** "info": a genuine dump has it and nothing is lost; "warning": the customer may miss it; "severe": it should not be there, or data is lost. */
  severity: 'info' | 'warning' | 'severe'
}

export type DeferredKind =
  | 'primaryKey'
  | 'unique'
  | 'check'
  | 'exclude'
  | 'foreignKey'
  | 'index'
  | 'view'
  | 'materializedView'
  | 'default'
  | 'trigger'
  | 'rule'
  | 'comment'

/** What a database is made whole with, in the order in which the parts build on each other. */
export const buildingOrder: readonly DeferredKind[] = [
  'default',
  'primaryKey',
  'unique',
  'check',
  'exclude',
  'index',
  'foreignKey',
  'view',
  'materializedView',
]

/** A part of the source's schema that stands ready for the engine. */
export interface Deferred {
  kind: DeferredKind
  schema: string
  /** The table or view that it belongs to. */
  table: string
  name: string
  /** As the dump has it: "FOREIGN KEY (company_id) REFERENCES public.res_company(id)", a whole statement for an index or a view. */
  definition: string
  /** A statement that passed the allow-list and makes it; null when it may not be run. */
  sql: string | null
  /** Why `sql` is null, where the statement says it. */
  reason?: string
  columns: string[]
  /** Of a foreign key. */
  references?: { schema: string; table: string; columns: string[]; onDelete: string; onUpdate: string }
}
