import type { Database } from '../database/database.ts'
import { storable, storableJson } from '../database/storable.ts'
import type { DumpHead } from '../dumps/dump.ts'
import { writeLog } from './log.ts'
import type { FoundModules } from './request.ts'

/** A dump that lies in the storage; what was read from it is untrusted. */
export interface Upload {
  key: string
  name: string
  bytes: number
  sha256: string
  head: DumpHead
  postgresql: string | null
  databaseVersion: string | null
  databaseUuid: string | null
  modules: FoundModules | null
}

/** Makes a stored dump the one of its request, in place of a former one. False, and nothing is done, when the request is no draft any more. */
export function recordUpload(database: Database, id: number, upload: Upload): Promise<boolean> {
  return database.transaction(async (client) => {
    const { rows } = await client.query<{ state: string }>(
      'SELECT state FROM service.request WHERE id = $1 FOR UPDATE',
      [id],
    )
    if (rows[0]?.state !== 'draft') return false
    await client.query(
      `INSERT INTO service.dropped_file (key) SELECT key FROM service.file WHERE request = $1 AND role = 'original' ON CONFLICT DO NOTHING`,
      [id],
    )
    await client.query(
      `INSERT INTO service.file (request, role, key, name, content_type, bytes, sha256)
       VALUES ($1, 'original', $2, $3, 'application/octet-stream', $4, $5)
       ON CONFLICT (request, role) DO UPDATE
          SET key = excluded.key, name = excluded.name, bytes = excluded.bytes, sha256 = excluded.sha256, sql_bytes = NULL,
              sql_sha256 = NULL, filestore_bytes = NULL, filestore_sha256 = NULL, created_at = now()`,
      [id, upload.key, storable(upload.name), upload.bytes, upload.sha256],
    )
    await client.query(
      `UPDATE service.request SET head = $2, postgresql = $3, compressions = $4, database_version = $5, database_uuid = $6, modules = $7 WHERE id = $1`,
      [
        id,
        storableJson(upload.head),
        upload.postgresql === null ? null : storable(upload.postgresql),
        upload.head.layers,
        upload.databaseVersion === null ? null : storable(upload.databaseVersion),
        upload.databaseUuid === null ? null : storable(upload.databaseUuid),
        upload.modules === null ? null : storableJson(upload.modules),
      ],
    )
    const { bytes, sha256 } = upload
    await writeLog(client, id, { event: 'received', detail: { bytes, sha256 } })
    return true
  })
}
