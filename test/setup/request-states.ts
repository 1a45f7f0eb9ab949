import { randomUUID } from 'node:crypto'
import type { Database } from '../../src/database/database.ts'
import type { DumpHead } from '../../src/dumps/dump.ts'
import type { Wish } from '../../src/requests/create.ts'
import { loadRequest } from '../../src/requests/find.ts'
import type { Request, RequestState } from '../../src/requests/request.ts'
import { recordUpload, type Upload } from '../../src/requests/upload.ts'
import { makeRequest, passStates } from './messages.ts'

const head: DumpHead = {
  layers: ['pgdmp_custom', 'sql'],
  format: 'custom',
  archiveVersion: '1.14',
  serverVersion: '9.4',
  pgDumpVersion: '9.4',
  databaseName: 'openchs',
  createdAt: null,
  encoding: 'UTF8',
  standardConformingStrings: true,
  compression: 'gzip',
  manifest: null,
}

export interface Made {
  id: number
  key: string
  /** As it was when it was made. */
  request: Request
}

/** A request in state draft, of a contract that is there. */
export async function draft(database: Database, wish: Partial<Wish> = {}): Promise<Made> {
  const made = await makeRequest(database, wish)
  return { ...made, request: (await loadRequest(database.pool, made.id))! }
}

/** What the document's own sample sent. */
export function uploadOf(id: number, more: Partial<Upload> = {}): Upload {
  return {
    key: `${id}/original/${randomUUID()}`,
    name: 'db_name.dump',
    bytes: 934_902,
    sha256: 'ab'.repeat(32),
    head,
    postgresql: '9.4',
    databaseVersion: null,
    databaseUuid: null,
    modules: null,
    ...more,
  }
}

/** A draft with its dump. */
export async function uploaded(
  database: Database,
  wish: Partial<Wish> = {},
  more: Partial<Upload> = {},
): Promise<Made> {
  const made = await draft(database, wish)
  await recordUpload(database, made.id, uploadOf(made.id, more))
  return made
}

/** A lawful way from draft to each state. */
const ways: Readonly<Record<RequestState, readonly RequestState[]>> = {
  draft: [],
  pending: ['pending'],
  progress: ['pending', 'progress'],
  done: ['pending', 'progress', 'done'],
  failed: ['pending', 'progress', 'failed'],
  cancelled: ['cancelled'],
}

/** A request with its dump that went on to a state. */
export async function requestIn(
  database: Database,
  state: RequestState,
  wish: Partial<Wish> = {},
): Promise<Made> {
  const made = await uploaded(database, wish)
  await passStates(database, made.id, ways[state])
  return made
}
