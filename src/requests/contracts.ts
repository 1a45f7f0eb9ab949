import { isIP } from 'node:net'
import type { Database, Queryable } from '../database/database.ts'

/** A contract: who may send requests, and how many at a time. */
export interface Contract {
  code: string
  name: string | null
  email: string | null
  createdAt: Date
  revokedAt: Date | null
  /** "2027-12-31": the last day. */
  expiresOn: string | null
  maxInProgress: number | null
  /** Bytes of one upload. */
  maxBytes: number | null
}

const columns = `code, name, email, created_at AS "createdAt", revoked_at AS "revokedAt", expires_on::text AS "expiresOn",
  max_in_progress AS "maxInProgress", max_bytes::float8 AS "maxBytes"`

/** A contract that may be used today; null for one that is unknown, revoked or over, which are not told apart. */
export async function findContract({ pool }: Pick<Database, 'pool'>, code: string): Promise<Contract | null> {
  const { rows } = await pool.query<Contract>(
    `SELECT ${columns} FROM service.contract
      WHERE code = $1 AND revoked_at IS NULL AND (expires_on IS NULL OR expires_on >= current_date)`,
    [code],
  )
  return rows[0] ?? null
}

export interface NewContract {
  code: string
  name?: string | null
  email?: string | null
  expiresOn?: string | null
  maxInProgress?: number | null
  maxBytes?: number | null
}

/** Adds a contract; false when there is one of that code already. */
export async function addContract(client: Queryable, contract: NewContract): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO service.contract (code, name, email, expires_on, max_in_progress, max_bytes) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (code) DO NOTHING`,
    [
      contract.code,
      contract.name ?? null,
      contract.email ?? null,
      contract.expiresOn ?? null,
      contract.maxInProgress ?? null,
      contract.maxBytes ?? null,
    ],
  )
  return rowCount === 1
}

/** The contract of the API's document. */
const TRIAL = 'M123456-abcdef'

/**
 * Makes the document's contract when none was ever registered and only this machine can reach the service. True when it
 * was made now.
 */
export async function ensureTrialContract(database: Database, host: string): Promise<boolean> {
  if (!isLoopback(host)) return false
  const { rowCount } = await database.pool.query(
    `INSERT INTO service.contract (code, name) SELECT $1, 'trial' WHERE NOT EXISTS (SELECT FROM service.contract) ON CONFLICT DO NOTHING`,
    [TRIAL],
  )
  return rowCount === 1
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}
