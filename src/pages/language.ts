import '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import { type Language, languages } from '../words/language.ts'

/** The cookie in which a reader's choice is kept. */
export const LANGUAGE_COOKIE = 'uplift_language'

/** What a reader wants to read: what the address says, what was chosen before, what the browser asks for; else English. */
export function languageOf(call: Pick<FastifyRequest, 'headers' | 'query' | 'cookies'>): Language {
  const { lang } = (call.query ?? {}) as { lang?: unknown }
  for (const wanted of [lang, call.cookies?.[LANGUAGE_COOKIE], ...accepted(call.headers['accept-language'])])
    for (const language of languages) if (wanted === language) return language
  return 'en'
}

/** The languages of an Accept-Language header without their regions, the most wanted first. */
function accepted(header = ''): string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [, tag = '', weight = '1'] =
        /^\s*([a-z]{2,3})(?:-[\w-]*)?\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(part) ?? []
      return { tag: tag.toLowerCase(), weight: Number(weight) }
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}
