import { randomBytes } from 'node:crypto'
import type { FileRole, RequestState } from '../../src/requests/request.ts'
import type { TestApi } from './api.ts'

export type GivenFiles = Partial<
  Record<FileRole, { content: Buffer; name?: string; type?: string; sha256?: null }>
>

export interface GivenRequest {
  id: number
  key: string
  /** Path of the request. */
  base: string
}

/** A request in a state, however it came there, with files in the storage. */
export async function requestWith(
  api: TestApi,
  state: RequestState,
  files: GivenFiles = {},
  columns: Record<string, unknown> = {},
): Promise<GivenRequest> {
  const { id, key } = await api.draft()
  const { pool } = api.database
  await pool.query('UPDATE service.request SET state = $2 WHERE id = $1', [id, state])
  for (const [name, value] of Object.entries(columns))
    await pool.query(`UPDATE service.request SET ${name} = $2 WHERE id = $1`, [id, value])
  for (const [
    role,
    { content, name = `${role}.dump`, type = 'application/octet-stream', sha256 },
  ] of Object.entries(files)) {
    const storageKey = `${id}/${role}/${randomBytes(6).toString('hex')}`
    const stored = await api.storage.put(storageKey, [content] as unknown as AsyncIterable<Buffer>)
    await pool.query(
      `INSERT INTO service.file (request, role, key, name, content_type, bytes, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, role, storageKey, name, type, stored.bytes, sha256 === null ? null : stored.sha256],
    )
  }
  return { id, key, base: `/database/eu1/${id}/${key}` }
}
