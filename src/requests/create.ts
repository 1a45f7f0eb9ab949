import type { Database } from '../database/database.ts'
import { loadRequest } from './find.ts'
import { createKey, hashKey } from './key.ts'
import type { Aim, Request } from './request.ts'
import type { KeySeal } from './seal.ts'
import { tell } from './state.ts'

/** What somebody asks for; the caller has checked everything. */
export interface Wish {
  contract: string
  email: string
  target: string
  aim: Aim
  filename: string
  timezone: string | null
  /** Given where mails with links have to be sent later. */
  seal?: KeySeal
  /** Of the mails: "fr" or "fr-BE"; English by default. */
  language?: string
  /** Which ticket backend is told. */
  backend?: 'built-in' | 'webhook' | 'odoo'
}

/** Makes a request in state draft with its ticket. Its key is told here and never again. */
export function createRequest(database: Database, wish: Wish): Promise<{ request: Request; key: string }> {
  const key = createKey()
  return database.transaction(async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO service.request (contract, key_hash, key_sealed, email, target, aim, filename, timezone, language)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id::int`,
      [
        wish.contract,
        hashKey(key),
        wish.seal?.seal(key) ?? null,
        wish.email,
        wish.target,
        wish.aim,
        wish.filename,
        wish.timezone,
        wish.language ?? 'en',
      ],
    )
    const { id } = rows[0]!
    await client.query('INSERT INTO service.ticket (request, backend) VALUES ($1, $2)', [
      id,
      wish.backend ?? 'built-in',
    ])
    await tell(client, id, 'draft')
    return { request: (await loadRequest(client, id))!, key }
  })
}
