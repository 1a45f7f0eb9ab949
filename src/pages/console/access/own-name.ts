import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { FastifyRequest } from 'fastify'

/**
 * The name by which a form's page was asked for when it is none of this server's; null when it is. Somebody may let a name
 * of his own lead to this machine: a browser takes what he serves under it and this server for one and the same site.
 */
export function foreignName({ headers }: Pick<FastifyRequest, 'headers'>, base: string): string | null {
  const name = nameIn(headers.origin) ?? nameIn(`http://${headers.host ?? ''}`)
  return name !== null && isOwn(name, new URL(base).hostname) ? null : (name ?? '')
}

function nameIn(address: string | undefined): string | null {
  return address !== undefined && URL.canParse(address) ? new URL(address).hostname || null : null
}

/** An address of figures cannot be made to lead elsewhere. */
function isOwn(name: string, known: string): boolean {
  if (name === known || isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true
  return name === 'localhost' || name.endsWith('.localhost') || name === hostname().toLowerCase()
}
