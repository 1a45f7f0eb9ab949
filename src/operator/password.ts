import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import type { Database, Queryable } from '../database/database.ts'

/** Characters of a password. */
export const SHORTEST_PASSWORD = 12
export const LONGEST_PASSWORD = 500

/** 32 MB and some 150 ms: what a try costs, and no more than a server has to spare. */
const cost = { n: 2 ** 15, r: 8, p: 3 }
const SALT = 16
const HASH = 32

interface Kept {
  hash: Buffer
  salt: Buffer
  n: number
  r: number
  p: number
}

/** What is wrong with a new password; null when it is good. */
export function passwordProblem(password: string): 'short' | 'long' | null {
  const characters = [...password.normalize('NFKC')].length
  if (characters < SHORTEST_PASSWORD) return 'short'
  return characters > LONGEST_PASSWORD ? 'long' : null
}

export async function isPasswordSet({ pool }: Pick<Database, 'pool'>): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM service.operator')
  return rowCount === 1
}

/** Whether it is the operator's password. A wrong one takes as long as a right one, also before any was set. */
export async function checkPassword({ pool }: Pick<Database, 'pool'>, password: string): Promise<boolean> {
  const { rows } = await pool.query<Kept>('SELECT hash, salt, n, r, p FROM service.operator')
  const kept = rows[0] ?? { hash: Buffer.alloc(HASH), salt: Buffer.alloc(SALT), ...cost }
  const hash = await derive(password, kept.salt, kept)
  return timingSafeEqual(hash, kept.hash) && rows.length === 1
}

/** Sets the password in place of a former one; all sessions and all set-up tokens end with that. */
export async function setPassword(database: Database, password: string): Promise<void> {
  const kept = await hashPassword(password)
  await database.transaction((client) => keepPassword(client, kept))
}

export async function hashPassword(password: string): Promise<Kept> {
  const salt = randomBytes(SALT)
  return { hash: await derive(password, salt, cost), salt, ...cost }
}

/** In the caller's transaction. */
export async function keepPassword(client: Queryable, { hash, salt, n, r, p }: Kept): Promise<void> {
  await client.query(
    `INSERT INTO service.operator (hash, salt, n, r, p) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (one) DO UPDATE SET hash = excluded.hash, salt = excluded.salt, n = excluded.n, r = excluded.r, p = excluded.p, changed_at = now()`,
    [hash, salt, n, r, p],
  )
  await client.query('DELETE FROM service.operator_session')
  await client.query('DELETE FROM service.operator_setup')
}

let last: Promise<unknown> = Promise.resolve()

/** One at a time: many tries at once take neither the memory nor the threads of the process. */
function derive(password: string, salt: Buffer, { n, r, p }: typeof cost): Promise<Buffer> {
  const options: ScryptOptions = { N: n, r, p, maxmem: 256 * n * r }
  const turn = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, HASH, options, (error, key) =>
          error ? reject(error) : resolve(key),
        )
      }),
  )
  last = turn.catch(() => {})
  return turn
}
