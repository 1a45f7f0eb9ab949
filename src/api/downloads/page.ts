import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { type Html, html } from '../../words/html.ts'

/** The only style of these pages; its SHA-256 stands in their policy. No character of it is one that HTML escapes. */
const STYLE =
  ':root{color-scheme:light dark;--ink:#1b2230;--soft:#5d6778;--line:#dfe4eb;--bg:#f6f7f9;--card:#fff;--good:#11734a;--bad:#b3261e;--go:#3d4ed8}' +
  '@media(prefers-color-scheme:dark){:root{--ink:#e8ebf1;--soft:#9ba6b8;--line:#2d3440;--bg:#10131a;--card:#181d26;--good:#62d39b;--bad:#ff8f86;--go:#9aa8ff}}' +
  'body{margin:0 auto;max-width:56rem;padding:1.5rem 1rem 4rem;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}' +
  'h1{font-size:1.6rem;margin:.4rem 0}h2{font-size:1.15rem;margin:0 0 .6rem}section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem;margin:1rem 0}' +
  'a{color:var(--go)}.soft{color:var(--soft)}.state{display:inline-block;padding:.1rem .7rem;border-radius:1rem;border:1px solid currentColor;font-weight:600}' +
  '.done{color:var(--good)}.failed,.cancelled{color:var(--bad)}.draft,.pending,.progress{color:var(--go)}' +
  'dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}dt{color:var(--soft)}dd{margin:0}' +
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line)}th{color:var(--soft);font-weight:500}' +
  'pre{overflow-x:auto;background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;font:.84rem/1.5 ui-monospace,monospace;white-space:pre-wrap}code{font:.88em ui-monospace,monospace}' +
  'progress{width:9rem;accent-color:var(--go)}button{font:inherit;padding:.4rem 1rem;border-radius:6px;border:1px solid var(--bad);background:none;color:var(--bad);cursor:pointer}'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

export interface Page {
  title: string
  body: Html
  /** Seconds after which a browser asks again. */
  refresh?: number
  /** Whether the page has a form that goes back to this server. */
  form?: boolean
}

/** Sends a page that loads and runs nothing. Its address may hold a key, so no other server gets it as a referrer. */
export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${page.refresh !== undefined && html`<meta http-equiv="refresh" content="${page.refresh}">`}
<title>${page.title}</title>
${[html`<style>`, html`${STYLE}`, html`</style>`]}
</head>
<body>
${page.body}
</body>
</html>
`.text
  return reply
    .code(status)
    .headers({
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action ${page.form ? "'self'" : "'none'"}; frame-ancestors 'none'`,
      // With none at all a browser does not say from where a form comes that is sent back here.
      'referrer-policy': page.form ? 'same-origin' : 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
    })
    .type('text/html; charset=utf-8')
    .send(text)
}

/** A page of one sentence. */
export function sendSentence(
  reply: FastifyReply,
  status: number,
  title: string,
  sentence: string,
  refresh?: number,
): FastifyReply {
  return sendPage(reply, status, {
    title,
    body: html`<h1>${title}</h1>
<section>${sentence}</section>`,
    ...(refresh === undefined ? {} : { refresh }),
  })
}

/** One and the same for whatever is not there, whatever the reason. */
export function sendNotFound(reply: FastifyReply): FastifyReply {
  return sendSentence(
    reply,
    404,
    'Not found',
    'There is nothing at this address. Check that it was copied as a whole.',
  )
}
