import { isIP } from 'node:net'
import type { Database, Queryable } from '../database/database.ts'
import { type RequestState, requestStates } from './request.ts'

/** A contract: who may send requests, and how many at a time. */
export interface Contract {
  code: string
  name: string | null
  email: string | null
  createdAt: Date
  revokedAt: Date | null
  /** "2027-12-31": the last day, in UTC. */
  expiresOn: string | null
  /** Requests that may be pending or in progress at the same time. */
  maxInProgress: number | null
  /** Bytes of one upload. */
  maxBytes: number | null
}

const columns = `c.code, c.name, c.email, c.created_at AS "createdAt", c.revoked_at AS "revokedAt", c.expires_on::text AS "expiresOn",
  c.max_in_progress AS "maxInProgress", c.max_bytes::float8 AS "maxBytes"`

const expired = `coalesce(c.expires_on < (now() AT TIME ZONE 'UTC')::date, false)`

/**
 * A contract that may be used today; null for one that is unknown, revoked or over, which are not told apart: each is looked
 * up in the same way and comes back as one row.
 */
export async function findContract({ pool }: Pick<Database, 'pool'>, code: string): Promise<Contract | null> {
  const { rows } = await pool.query<Contract & { usable: boolean }>(
    `SELECT ${columns}, c.code IS NOT NULL AND c.revoked_at IS NULL AND NOT ${expired} AS usable
       FROM (SELECT $1::text AS code) wanted LEFT JOIN service.contract c USING (code)`,
    [code],
  )
  const { usable, ...contract } = rows[0]!
  return usable ? contract : null
}

/** A contract, whether it may be used or not; null for one that is unknown. */
export async function findContractRow(
  { pool }: Pick<Database, 'pool'>,
  code: string,
): Promise<Contract | null> {
  const { rows } = await pool.query<Contract>(`SELECT ${columns} FROM service.contract c WHERE c.code = $1`, [
    code,
  ])
  return rows[0] ?? null
}

/** The limit in bytes for uploads of a contract's requests, which holds for them after it was revoked too; null: none. */
export async function maxBytesOf({ pool }: Pick<Database, 'pool'>, code: string): Promise<number | null> {
  const { rows } = await pool.query<{ bytes: number | null }>(
    'SELECT max_bytes::float8 AS bytes FROM service.contract WHERE code = $1',
    [code],
  )
  return rows[0]?.bytes ?? null
}

/** What is said of a contract: null takes back what was said before, undefined says nothing. */
export interface NewContract {
  code: string
  name?: string | null | undefined
  email?: string | null | undefined
  expiresOn?: string | null | undefined
  maxInProgress?: number | null | undefined
  maxBytes?: number | null | undefined
}

/** Adds a contract. One of that code is left as it is, unless it was revoked: then it is restored, with what is said now. */
export async function addContract(
  client: Queryable,
  { code, name, email, expiresOn, maxInProgress, maxBytes }: NewContract,
): Promise<'added' | 'restored' | 'exists'> {
  const { rows } = await client.query<{ added: boolean }>(
    `INSERT INTO service.contract AS c (code, name, email, expires_on, max_in_progress, max_bytes) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (code) DO UPDATE
        SET revoked_at = NULL, name = coalesce(excluded.name, c.name), email = coalesce(excluded.email, c.email),
            expires_on = excluded.expires_on, max_in_progress = excluded.max_in_progress, max_bytes = excluded.max_bytes
      WHERE c.revoked_at IS NOT NULL
     RETURNING xmax = 0 AS added`,
    [code, name ?? null, email ?? null, expiresOn ?? null, maxInProgress ?? null, maxBytes ?? null],
  )
  if (!rows[0]) return 'exists'
  return rows[0].added ? 'added' : 'restored'
}

/** Changes what is said of a contract. False when there is none of that code. */
export async function updateContract(
  client: Queryable,
  { code, name, email, expiresOn, maxInProgress, maxBytes }: NewContract,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE service.contract SET name = $2, email = $3, expires_on = $4, max_in_progress = $5, max_bytes = $6 WHERE code = $1`,
    [code, name ?? null, email ?? null, expiresOn ?? null, maxInProgress ?? null, maxBytes ?? null],
  )
  return rowCount === 1
}

/** Lets a contract that was revoked make requests again. False when there is none of that code. */
export async function restoreContract(client: Queryable, code: string): Promise<boolean> {
  const { rowCount } = await client.query('UPDATE service.contract SET revoked_at = NULL WHERE code = $1', [
    code,
  ])
  return rowCount === 1
}

/** Ends a contract: it makes no new requests. Those that it made stay, and can be finished with their keys. */
export async function revokeContract(
  client: Queryable,
  code: string,
): Promise<'revoked' | 'already' | 'unknown'> {
  const { rows } = await client.query<{ now: boolean }>(
    `WITH former AS (SELECT code, revoked_at FROM service.contract WHERE code = $1 FOR NO KEY UPDATE),
          revoked AS (UPDATE service.contract c SET revoked_at = now() FROM former f WHERE c.code = f.code AND f.revoked_at IS NULL)
     SELECT revoked_at IS NULL AS now FROM former`,
    [code],
  )
  if (!rows[0]) return 'unknown'
  return rows[0].now ? 'revoked' : 'already'
}

export interface ContractUsage extends Contract {
  status: 'valid' | 'revoked' | 'expired'
  /** How many requests it has in each state. */
  requests: Record<RequestState, number>
  /** Bytes of the files of its requests that are stored now. */
  bytes: number
}

/** All contracts by their codes, with what they use. */
export async function listContracts(client: Queryable): Promise<ContractUsage[]> {
  const { rows } = await client.query<ContractUsage & { requests: Partial<Record<RequestState, number>> }>(
    `WITH states AS (
       SELECT contract, jsonb_object_agg(state, count) AS requests
         FROM (SELECT contract, state, count(*) AS count FROM service.request GROUP BY contract, state) counted
        GROUP BY contract
     ), stored AS (
       SELECT r.contract, sum(f.bytes) AS bytes FROM service.file f JOIN service.request r ON r.id = f.request GROUP BY r.contract
     )
     SELECT ${columns},
            CASE WHEN c.revoked_at IS NOT NULL THEN 'revoked' WHEN ${expired} THEN 'expired' ELSE 'valid' END AS status,
            coalesce(s.requests, '{}') AS requests, coalesce(b.bytes, 0)::float8 AS bytes
       FROM service.contract c
       LEFT JOIN states s ON s.contract = c.code
       LEFT JOIN stored b ON b.contract = c.code
      ORDER BY c.code`,
  )
  return rows.map((row) => ({
    ...row,
    requests: Object.fromEntries(
      requestStates.map((state) => [state, row.requests[state] ?? 0]),
    ) as ContractUsage['requests'],
  }))
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

/** Whether the document's contract, which everybody knows, can be used. */
export async function isTrialOpen(database: Database): Promise<boolean> {
  return (await findContract(database, TRIAL)) !== null
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}
