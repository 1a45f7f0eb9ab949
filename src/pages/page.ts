import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Fragment, type Html, html } from '../words/html.ts'
import { type Language, languageNames, languages } from '../words/language.ts'
import type { AssetName, Assets } from './assets.ts'
import { LANGUAGE_COOKIE, languageOf } from './language.ts'
import { commonWords } from './words.ts'

/** What stands on a page between its head and its foot. */
export interface Page {
  /** Without the product's name, which follows it. */
  title: string
  body: Html
  /** Scripts that make the page better; it works without them. */
  scripts?: readonly AssetName[]
  /** Seconds after which a browser without scripts asks again. */
  refresh?: number
  /** Links at the right of the head, before the languages. */
  links?: readonly { href: string; label: string; current?: boolean }[]
  /** Stands in the head after the links. */
  aside?: Html
  /** Of its tab. */
  icon?: AssetName
  /** Where it is found, relative to the address that was asked for; that itself where it is not given. */
  path?: string
  /** Whose page it is, as the body's class. */
  kind?: 'form' | 'status' | 'notes' | 'console' | 'reference' | 'sentence'
}

/**
 * What a page may do: load styles, scripts and pictures from here, talk and send its forms to here. No inline script, no
 * frame, nothing from or to elsewhere.
 */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

/** Sends pages in the reader's language, in the product's frame. */
export class Pages {
  readonly assets: Assets

  constructor(assets: Assets) {
    this.assets = assets
  }

  send(call: FastifyRequest, reply: FastifyReply, status: number, page: Page): Promise<FastifyReply> {
    return this.sendText(call, reply, status, this.render(languageOf(call), page, call.raw.url), POLICY)
  }

  /** Sends a page that is whole already. */
  async sendText(
    call: FastifyRequest,
    reply: FastifyReply,
    status: number,
    text: string,
    policy: string,
  ): Promise<FastifyReply> {
    const language = languageOf(call)
    const { lang } = (call.query ?? {}) as { lang?: unknown }
    if (lang === language)
      reply.setCookie(LANGUAGE_COOKIE, language, {
        path: '/',
        maxAge: 31_536_000,
        sameSite: 'lax',
        httpOnly: true,
      })
    reply
      .code(status)
      .headers({
        // An address may hold a key: neither caches nor other servers get it.
        'cache-control': 'no-store',
        'content-security-policy': policy,
        'content-language': language,
        'referrer-policy': 'same-origin',
        vary: 'accept-encoding, accept-language, cookie',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex',
      })
      .type('text/html; charset=utf-8')
    return reply.send(await compressed(call, reply, text))
  }

  /** A page of one sentence. */
  sendSentence(
    call: FastifyRequest,
    reply: FastifyReply,
    status: number,
    title: string,
    sentence: Fragment,
    refresh?: number,
  ): Promise<FastifyReply> {
    return this.send(call, reply, status, {
      title,
      kind: 'sentence',
      body: html`<h1>${title}</h1>
<p class="card">${sentence}</p>`,
      ...(refresh === undefined ? {} : { refresh }),
    })
  }

  /** One and the same for whatever is not there, whatever the reason. */
  sendNotFound(call: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { title, sentence } = commonWords(languageOf(call)).notFound
    return this.sendSentence(call, reply, 404, title, sentence)
  }

  /** What the server could not do, now or at all; its log says more. */
  sendFailed(call: FastifyRequest, reply: FastifyReply, status: number): Promise<FastifyReply> {
    const { title, now, later } = commonWords(languageOf(call)).failed
    return this.sendSentence(call, reply, status, title, status === 503 ? later : now)
  }

  /** @param address that was asked for: the other languages keep what stands behind its "?" */
  render(language: Language, page: Page, address = ''): string {
    const words = commonWords(language)
    const { assets } = this
    return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${page.refresh !== undefined && html`<noscript><meta http-equiv="refresh" content="${page.refresh}"></noscript>`}
<title>${page.title} · ${words.product}</title>
<link rel="icon" href="${assets.url(page.icon ?? 'icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.url('uplift.css')}">
${['common.js' as const, ...(page.scripts ?? [])].map((name) => html`<script type="module" src="${assets.url(name)}"></script>\n`)}</head>
<body class="${page.kind ?? 'sentence'}">
<a class="skip" href="#content">${words.skip}</a>
<header class="top">
<a class="brand" href="/">${mark()}<span>${words.product}</span></a>
<nav aria-label="${words.product}">${(page.links ?? []).map(
      ({ href, label, current }) =>
        html`<a href="${href}"${current && html` aria-current="page"`}>${label}</a>`,
    )}</nav>
${page.aside}
<ul class="languages" aria-label="${words.language}">${languages.map(
      (each) =>
        html`<li><a href="${page.path}${inLanguage(address, each)}" hreflang="${each}" lang="${each}"${each === language && html` aria-current="true"`}>${languageNames[each]}</a></li>`,
    )}</ul>
</header>
<main id="content">
${page.body}
</main>
<footer class="foot">${words.product} · ${words.tagline} · <a href="/api">${words.api}</a></footer>
</body>
</html>
`.text
  }
}

/** The same page in another language, "?state=failed&lang=fr". */
function inLanguage(address: string, language: Language): string {
  const query = new URLSearchParams(address.split('?')[1] ?? '')
  query.set('lang', language)
  return `?${query}`
}

function mark(): Html {
  return html`<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M12 3 4 11h5v5h6v-5h5zM9 18h6v3H9z"/></svg>`
}

async function compressed(call: FastifyRequest, reply: FastifyReply, text: string): Promise<string | Buffer> {
  const accepts = String(call.headers['accept-encoding'] ?? '')
  if (text.length < 1000) return text
  if (/\bbr\b/.test(accepts)) {
    reply.header('content-encoding', 'br')
    return promisify(brotliCompress)(text, BROTLI)
  }
  if (/\bgzip\b/.test(accepts)) {
    reply.header('content-encoding', 'gzip')
    return promisify(gzip)(text)
  }
  return text
}
