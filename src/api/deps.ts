import type pino from 'pino'
import type { Settings } from '../config/settings.ts'
import type { Database, Queryable } from '../database/database.ts'
import type { UpliftError } from '../errors.ts'
import type { Server } from '../postgres/server.ts'
import type { KeySeal } from '../requests/seal.ts'
import type { Storage } from '../storage/storage.ts'

/** What the HTTP side of the service works with. */
export interface ApiDeps {
  settings: Settings
  database: Database
  storage: Storage
  /** Puts the upgrade of a request into the queue, in the transaction of the client. */
  enqueue(client: Queryable, id: number): Promise<void>
  /** Has a worker read the upload of a request for what its head does not say. */
  enqueueLook(id: number): Promise<void>
  /** Versions that a request may ask for, in the order in which they are told. */
  targets: readonly string[]
  /** Why a database of one version cannot become the other; null when it can. Without it the worker alone says so. */
  versionProblem?(source: string, target: string): Promise<UpliftError | null>
  /** Keeps keys for the links of mails that are sent later; without it they are kept nowhere. */
  seal?: KeySeal
  /** The server of scratch databases and references. */
  scratchServer(): Promise<Server>
  log: pino.Logger
  /** Base of all URLs that are handed out, without a slash at its end. */
  baseUrl(): string
  /** Tries whether the service can work. @throws when it cannot */
  ready(): Promise<void>
}
