import { expect } from 'vitest'
import { setPassword } from '../../src/operator/password.ts'
import { startSession } from '../../src/operator/sessions.ts'
import type { TestApi } from './api.ts'

export const PASSWORD = 'seven blue horses run'

/** The operator of a test API, logged in. */
export interface Operator {
  cookie: string
  /** The mark of his forms, as a page has it. */
  csrf(): Promise<string>
  get(path: string): Promise<Response>
  /** A page's text; it has to be there. */
  page(path: string): Promise<string>
  /** Sends a form with its mark. */
  post(path: string, fields?: Record<string, string>): Promise<Response>
  /** Sends a form with a file. */
  upload(
    path: string,
    fields: Record<string, string>,
    file: { field: string; name: string; content: Buffer | string },
  ): Promise<Response>
}

/** Sets the password, and opens a session as the log-in does. */
export async function openOperator(api: Pick<TestApi, 'database' | 'url'>): Promise<Operator> {
  const { rowCount } = await api.database.pool.query('SELECT FROM service.operator')
  if (!rowCount) await setPassword(api.database, PASSWORD)
  const cookie = `uplift_console=${await startSession(api.database, '127.0.0.1')}`
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${api.url}${path}`, { ...init, headers: { cookie }, redirect: 'manual' })
  let mark: string | undefined
  const csrf = async () => {
    mark ??= /name="csrf" value="([\w-]+)"/.exec(await (await call('/console/requests')).text())![1]!
    return mark
  }
  return {
    cookie,
    csrf,
    get: (path) => call(path),
    page: async (path) => {
      const answer = await call(path)
      const text = await answer.text()
      expect([path, answer.status, answer.status === 200 ? '' : text]).toEqual([path, 200, ''])
      return text
    },
    post: async (path, fields = {}) =>
      call(path, { method: 'POST', body: new URLSearchParams({ csrf: await csrf(), ...fields }) }),
    upload: async (path, fields, { field, name, content }) => {
      const body = new FormData()
      for (const [key, value] of Object.entries({ csrf: await csrf(), ...fields })) body.append(key, value)
      body.append(field, new Blob([new Uint8Array(Buffer.from(content))]), name)
      return call(path, { method: 'POST', body })
    },
  }
}
