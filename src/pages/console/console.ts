import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../../api/deps.ts'
import type { Expectations } from '../../api/expectations.ts'
import type { Metrics } from '../../api/metrics.ts'
import type { Traffic } from '../../api/traffic.ts'
import type { Spool } from '../../api/uploads/spool.ts'
import { readMultipart } from '../../api/v1/multipart.ts'
import { isCsrf, type Session } from '../../operator/sessions.ts'
import { type Html, html } from '../../words/html.ts'
import { languageOf } from '../language.ts'
import type { Pages } from '../page.ts'
import { commonWords } from '../words.ts'
import { type ConsolePart, consoleParts, consoleWords } from './words.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The operator's session; null on the few pages that need none. */
    operator: Session | null
  }
  interface FastifyContextConfig {
    /** A form with a file: its handler reads it with `Console.readUpload`, which checks where it comes from. */
    upload?: boolean
  }
}

/** A page of the console: what stands below its menu. */
export interface ConsolePage {
  part: ConsolePart
  title: string
  /** Under the title. */
  lead?: Html | string
  body: Html
  /** Seconds after which the part marked as live is asked for again. */
  refresh?: number
}

/** Fields of a form, and its file as a stream that has to be read or destroyed. */
export interface UploadForm {
  fields: URLSearchParams
  file: Readable | null
  /** As the browser names the file. */
  filename: string
}

/** A form that was not sent by a page of this session. */
export class ForeignForm extends Error {}

/** A form of a page that was asked for by a name that is none of this server's. */
export class ForeignName extends Error {
  readonly host: string

  constructor(host: string) {
    super(`The console was asked for as ${host}.`)
    this.host = host
  }
}

/** What the pages of the console work with. */
export class Console {
  readonly deps: ApiDeps
  readonly pages: Pages
  readonly traffic: Traffic
  readonly expectations: Expectations
  readonly spool: Spool
  readonly metrics: Metrics

  constructor(
    deps: ApiDeps,
    parts: { pages: Pages; traffic: Traffic; expectations: Expectations; spool: Spool; metrics: Metrics },
  ) {
    this.deps = deps
    this.pages = parts.pages
    this.traffic = parts.traffic
    this.expectations = parts.expectations
    this.spool = parts.spool
    this.metrics = parts.metrics
  }

  send(call: FastifyRequest, reply: FastifyReply, status: number, page: ConsolePage): Promise<FastifyReply> {
    const language = languageOf(call)
    const words = consoleWords(language)
    return this.pages.send(call, reply, status, {
      title: `${page.title} · ${words.console}`,
      kind: 'console',
      scripts: ['console.js'],
      ...(page.refresh === undefined ? {} : { refresh: page.refresh }),
      links: consoleParts.map((part) => ({
        href: addressOf(part),
        label: words.nav[part],
        current: part === page.part,
      })),
      aside: html`<form method="post" action="/console/logout" class="logout">${csrfField(call)}<button class="quiet">${words.logOut}</button></form>`,
      body: html`<h1>${page.title}</h1>
${page.lead && html`<p class="lead">${page.lead}</p>`}
${page.body}`,
    })
  }

  sendNotFound(call: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { title, sentence } = commonWords(languageOf(call)).notFound
    return this.send(call, reply, 404, {
      part: 'overview',
      title,
      body: html`<p class="card">${sentence}</p>`,
    })
  }

  /**
   * Reads a form with a file. The session's mark has to stand before the file: nothing of a file from elsewhere is read.
   * @throws ForeignForm, Refusal BODY:INVALID
   */
  async readUpload(call: FastifyRequest): Promise<UploadForm> {
    this.expectations.goOn(call.raw)
    const { fields, file, filename } = await readMultipart(call.headers['content-type'] ?? '', call.raw)
    const form = new URLSearchParams(fields)
    if (call.operator === null || !isCsrf(call.operator, form.get('csrf') ?? '')) {
      file?.resume()
      throw new ForeignForm()
    }
    return { fields: form, file, filename }
  }
}

export function addressOf(part: ConsolePart): string {
  return part === 'overview' ? '/console' : `/console/${part}`
}

/** Stands in every form of the console. */
export function csrfField({ operator }: FastifyRequest): Html {
  return html`<input type="hidden" name="csrf" value="${operator?.csrf}">`
}

/** A form of one button. */
export function buttonForm(
  call: FastifyRequest,
  action: string,
  label: string,
  { kind, describe }: { kind?: 'plain' | 'danger'; describe?: string } = {},
): Html {
  return html`<form method="post" action="${action}" class="one">${csrfField(call)}<button${kind && html` class="${kind}"`}${describe && html` aria-label="${describe}"`}>${label}</button></form>`
}

/** The fields of a form that was sent; its mark was checked before. */
export function formOf({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams()
}

/** What stands behind the "?" of an address. */
export function queryOf({ raw }: FastifyRequest): URLSearchParams {
  return new URLSearchParams((raw.url ?? '').split('?')[1] ?? '')
}

/** The answer to a form that was done: another page, which the browser asks for by itself. */
export function goTo(reply: FastifyReply, address: string): FastifyReply {
  return reply.code(303).headers({ location: address, 'cache-control': 'no-store' }).send()
}

/** What was done, or why it was not, by its name in the address; nothing for a name that is not known. */
export function outcome<Name extends string>(
  call: FastifyRequest,
  sentences: Readonly<Record<Name, { good: boolean; sentence: string }>>,
): Html | null {
  const name = queryOf(call).get('outcome')
  if (name === null || !Object.hasOwn(sentences, name)) return null
  return note(sentences[name as Name])
}

export function note({ good, sentence }: { good: boolean; sentence: string }): Html {
  return good
    ? html`<p class="card good-box" role="status">${sentence}</p>`
    : html`<p class="card alert" role="alert">${sentence}</p>`
}
