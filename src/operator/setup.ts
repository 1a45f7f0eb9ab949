import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../database/database.ts'
import { hashPassword, isPasswordSet, keepPassword } from './password.ts'

/** Makes a token that sets the first password; null when there is one already. Former tokens stay good until then. */
export async function makeSetupToken(database: Database): Promise<string | null> {
  if (await isPasswordSet(database)) return null
  const token = randomBytes(24).toString('base64url')
  await database.pool.query('INSERT INTO service.operator_setup (token_hash) VALUES ($1)', [hashed(token)])
  return token
}

export async function isSetupToken({ pool }: Pick<Database, 'pool'>, token: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM service.operator_setup WHERE token_hash = $1', [
    hashed(token),
  ])
  return rowCount === 1
}

/** Sets the first password. False, and nothing is done, with a wrong token and when there is a password already. */
export async function setFirstPassword(
  database: Database,
  token: string,
  password: string,
): Promise<boolean> {
  if (!(await isSetupToken(database, token))) return false
  const kept = await hashPassword(password)
  return database.transaction(async (client) => {
    // Of two that come at the same time one waits here, and finds his token gone.
    await client.query('LOCK TABLE service.operator IN EXCLUSIVE MODE')
    const { rowCount } = await client.query(
      'DELETE FROM service.operator_setup WHERE token_hash = $1 AND NOT EXISTS (SELECT FROM service.operator)',
      [hashed(token)],
    )
    if (rowCount !== 1) return false
    await keepPassword(client, kept)
    return true
  })
}

function hashed(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
