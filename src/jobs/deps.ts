import type { Logger } from 'pino'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/database.ts'
import type { Server } from '../postgres/server.ts'
import type { Storage } from '../storage/storage.ts'

/** What the work on a request needs. */
export interface WorkerDeps {
  settings: Settings
  database: Database
  storage: Storage
  /** The server of scratch databases; one of our own that is down is started again. */
  scratchServer(): Promise<Server>
  log: Logger
}
