import type { FastifyReply, FastifyRequest } from 'fastify'
import { LONGEST_DAYS } from '../../../operator/sessions.ts'

const NAME = 'uplift_console'

const flags = { path: '/console', httpOnly: true, sameSite: 'strict' as const }

/** What the browser brings as its session; null for what cannot be one. */
export function sessionCookie({ cookies }: FastifyRequest): string | null {
  const id = cookies[NAME]
  return id !== undefined && /^[\w-]{43}$/.test(id) ? id : null
}

/** @param base of all addresses: with https the cookie is sent that way alone */
export function giveCookie(reply: FastifyReply, id: string, base: string): void {
  reply.setCookie(NAME, id, {
    ...flags,
    secure: base.startsWith('https:'),
    maxAge: LONGEST_DAYS * 24 * 60 * 60,
  })
}

export function takeCookie(reply: FastifyReply): void {
  reply.clearCookie(NAME, flags)
}
