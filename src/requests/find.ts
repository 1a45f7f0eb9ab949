import type { Database, Queryable } from '../database/database.ts'
import { keyMatches } from './key.ts'
import type { FileRole, Request, RequestFile, StageRow } from './request.ts'

/** Compared with when there is no such request. */
const NOBODY = Buffer.alloc(32)

const columns = `
  r.id::int, r.contract, r.email, r.target, r.aim, r.filename, r.timezone, r.state, r.created_at AS "createdAt",
  r.queued_at AS "queuedAt", r.processed_at AS "processedAt", r.finished_at AS "finishedAt",
  r.cancel_asked_at AS "cancelAskedAt", r.attempt, r.estimated_seconds AS "estimatedSeconds",
  r.database_version AS "databaseVersion", r.postgresql, r.compressions, r.modules, r.database_uuid AS "databaseUuid", r.filestore,
  r.customer_message AS "customerMessage", r.failure, r.removed_at AS "removedAt",
  r.original_bytes::float8 AS "originalBytes",
  coalesce(t.external, t.id)::float8 AS issue, t.stage AS "issueStage"`

/**
 * The request that an id and its key name; null for a wrong id and for a wrong key, which take the same work: one row with
 * one hash comes back, and nothing else is read before it matches.
 */
export async function findRequest(
  { pool }: Pick<Database, 'pool'>,
  id: number,
  key: string,
): Promise<Request | null> {
  const known = Number.isSafeInteger(id) && id > 0 ? id : 0
  const { rows } = await pool.query<{ keyHash: Buffer }>(
    'SELECT coalesce((SELECT key_hash FROM service.request WHERE id = $1), $2::bytea) AS "keyHash"',
    [known, NOBODY],
  )
  return keyMatches(key, rows[0]!.keyHash) ? loadRequest(pool, known) : null
}

export async function loadRequest(client: Queryable, id: number): Promise<Request | null> {
  const { rows } = await client.query<Request>(
    `SELECT ${columns} FROM service.request r JOIN service.ticket t ON t.request = r.id WHERE r.id = $1`,
    [id],
  )
  return rows[0] ?? null
}

export async function filesOf(
  { pool }: Pick<Database, 'pool'>,
  id: number,
): Promise<Map<FileRole, RequestFile>> {
  const { rows } = await pool.query<
    Omit<RequestFile, 'bytes' | 'sqlBytes'> & { bytes: string; sqlBytes: string | null }
  >(
    `SELECT role, key, name, content_type AS "contentType", bytes, sha256, sql_bytes AS "sqlBytes", sql_sha256 AS "sqlSha256",
            filestore_bytes::float8 AS "filestoreBytes", filestore_sha256 AS "filestoreSha256", created_at AS "createdAt"
       FROM service.file WHERE request = $1`,
    [id],
  )
  return new Map(
    rows.map((row) => [
      row.role,
      { ...row, bytes: Number(row.bytes), sqlBytes: row.sqlBytes === null ? null : Number(row.sqlBytes) },
    ]),
  )
}

/** The stages of a request in their order. */
export async function stagesOf({ pool }: Pick<Database, 'pool'>, id: number): Promise<StageRow[]> {
  const { rows } = await pool.query<StageRow & { done: string | null; total: string | null }>(
    `SELECT name, place, state, attempt, started_at AS "startedAt", finished_at AS "finishedAt", seconds, done, total, unit, subject
       FROM service.stage WHERE request = $1 ORDER BY place`,
    [id],
  )
  const number = (value: string | null) => (value === null ? null : Number(value))
  return rows.map((row) => ({ ...row, done: number(row.done), total: number(row.total) }))
}
