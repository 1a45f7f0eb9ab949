/** The life of a request: draft → pending → progress → done | failed | cancelled. */
export const requestStates = ['draft', 'pending', 'progress', 'done', 'failed', 'cancelled'] as const
export type RequestState = (typeof requestStates)[number]

export type TicketStage = 'new' | 'in_progress' | 'done' | 'blocked'
export type Aim = 'test' | 'production'

/** A request as its row says; times are Dates. */
/** Modules in the order of their names: all of them when the database said so, about them when its tables did. */
export interface FoundModules {
  names: string[]
  are: 'read' | 'guessed'
}

export interface Request {
  id: number
  contract: string
  email: string
  target: string
  aim: Aim
  filename: string
  timezone: string | null
  state: RequestState
  createdAt: Date
  queuedAt: Date | null
  /** When the upgrade was started. */
  processedAt: Date | null
  finishedAt: Date | null
  cancelAskedAt: Date | null
  attempt: number
  estimatedSeconds: number | null
  /** Guessed version of Odoo of the upload, "7.0". */
  databaseVersion: string | null
  /** Guessed version of PostgreSQL of the upload, "9.4". */
  postgresql: string | null
  /** Layers from the outside in, ["gzip", "sql"]. */
  compressions: string[] | null
  /** The installed modules as far as the beginning of the dump tells them. */
  modules: FoundModules | null
  databaseUuid: string | null
  filestore: boolean
  customerMessage: string | null
  failure: { code: string; message: string; detail?: unknown } | null
  /** When its files were deleted because their time was over. */
  removedAt: Date | null
  /** Size of the upload that was deleted so. */
  originalBytes: number | null
  /** The ticket's number: the other system's where there is one. */
  issue: number
  issueStage: TicketStage
}

export type FileRole = 'original' | 'upgraded' | 'notes' | 'report' | 'modules' | 'log'

/** A file of a request in the storage. */
export interface RequestFile {
  role: FileRole
  key: string
  /** Good for a Content-Disposition: no path, no control characters. */
  name: string
  contentType: string
  bytes: number
  sha256: string | null
  /** Size of the same dump as an SQL stream; null until it was measured. */
  sqlBytes: number | null
  /** SHA-256 of that stream; null until somebody had the whole. */
  sqlSha256: string | null
  /** Of the zip of the files that lie beside the dump; null until somebody had the whole. */
  filestoreBytes: number | null
  filestoreSha256: string | null
  createdAt: Date
}

export interface StageRow {
  name: string
  place: number
  state: 'waiting' | 'running' | 'done' | 'failed'
  attempt: number
  startedAt: Date | null
  finishedAt: Date | null
  seconds: number | null
  done: number | null
  total: number | null
  unit: string | null
  subject: string | null
}

/** What a call of the API does not take, in the API's words: reason SUBJECT:PROBLEM, a sentence, and the values it is about. */
export interface Failure {
  reason: string
  message: string
  code?: string
  value?: string
  expected?: string[]
}
