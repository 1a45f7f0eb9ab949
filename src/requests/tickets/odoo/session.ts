import { call, isNotKnown } from './call.ts'
import { Fault, type Value } from './values.ts'

/** Where an Odoo is, and who works in it. */
export interface Account {
  url: string
  database: string
  user: string
  password: string
}

/** The way to call a method of a model. Versions before 8.0 take arguments by their place alone. */
export interface Session {
  /** 8 for 8.0; null for versions before it. */
  version: number | null
  execute(model: string, method: string, args: Value[], named?: Record<string, Value>): Promise<Value>
}

/**
 * Logs in: by /xmlrpc/2, as 8.0 and later have it, or else by the services of 6.1 and 7.0.
 * @throws Error when the user or the password is wrong, or nothing there is an Odoo
 */
export async function openSession(account: Account, signal: AbortSignal): Promise<Session> {
  const { url, database, user, password } = account
  let refusal: unknown
  try {
    const uid = await call(`${url}/xmlrpc/2/common`, 'authenticate', [database, user, password, {}], signal)
    const version = await versionOf(url, signal)
    const login = [database, known(uid), password]
    return {
      version,
      execute: (model, method, args, named = {}) =>
        call(`${url}/xmlrpc/2/object`, 'execute_kw', [...login, model, method, args, named], signal),
    }
  } catch (thrown) {
    if (!isNotKnown(thrown)) throw thrown
    refusal = thrown
  }
  try {
    const login = [
      database,
      known(await call(`${url}/xmlrpc/common`, 'login', [database, user, password], signal)),
      password,
    ]
    return {
      version: null,
      execute: (model, method, args) =>
        call(`${url}/xmlrpc/object`, 'execute', [...login, model, method, ...args], signal),
    }
  } catch (thrown) {
    // What the newer service said tells more than that the older one is not there. A version that has only the older one
    // says of the newer one no more than that it is not there.
    throw isNotKnown(thrown) && !(thrown instanceof Fault) ? refusal : thrown
  }
}

function known(uid: Value): number {
  if (typeof uid === 'number' && uid > 0) return uid
  throw new Error('Odoo does not know the user UPLIFT_ODOO_USER with this password.')
}

async function versionOf(url: string, signal: AbortSignal): Promise<number> {
  const answer = await call(`${url}/xmlrpc/2/common`, 'version', [], signal)
  const info = isStruct(answer) ? answer.server_version_info : null
  // "saas~18" of versions between two releases.
  const major = Array.isArray(info) ? Number(String(info[0]).replace(/^\D+/, '')) : Number.NaN
  return Number.isInteger(major) ? major : 8
}

export function isStruct(value: Value | undefined): value is { [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
