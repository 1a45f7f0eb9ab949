import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface OdooState {
  calls: [string, string, unknown[], Record<string, unknown>][]
  rows: Record<string, Record<string, Record<string, unknown>>>
  posts: [number, string][]
}

export interface OdooServer {
  url: string
  state(): Promise<OdooState>
  close(): Promise<void>
}

export const odooAccount = { database: 'company', user: 'robot', password: "odoo's password & more" }

/** A process of Python's own XML-RPC server that answers as Odoo of a version does. */
export async function startOdoo(version: number, ...flags: '--no-write'[]): Promise<OdooServer> {
  const child = spawn(
    'python3',
    [join(import.meta.dirname, '../tickets/odoo_server.py'), String(version), ...flags],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    state: async () => (await (await fetch(url)).json()) as OdooState,
    close: async () => {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
