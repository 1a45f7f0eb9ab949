import { createHash } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Failure, UpgradeRequest } from '../../src/sdk/index.ts'

/** What the server does instead of its duty, once: the first trick whose path fits is played and is gone. */
export interface Trick {
  /** A part of the path: "/create", "/upload", "/archive" … */
  path: string
  play(request: http.IncomingMessage, response: http.ServerResponse): unknown
}

/** A small upgrade platform over real HTTP that answers as the document says, and breaks when it is told to. */
export class Platform {
  readonly tricks: Trick[] = []
  /** Methods and paths in the order of their coming, without anything secret. */
  readonly calls: string[] = []
  readonly requests = new Map<number, UpgradeRequest>()
  readonly uploads = new Map<number, string>()
  /** Names of the headers of the last upload and download. */
  headers: http.IncomingHttpHeaders = {}
  /** What is behind the URLs of a request that is done. */
  result = Buffer.from('the upgraded dump')
  tells = { etag: true, digest: true }
  /** How often status says "progress" before it says `end`. */
  turns = 1
  end: UpgradeRequest['state'] = 'done'
  readonly #server = http.createServer((request, response) => this.#serve(request, response))

  async start(): Promise<this> {
    this.#server.on('checkContinue', (request, response) => {
      if (!this.#trick(request, response)) {
        response.writeContinue()
        this.#serve(request, response, true)
      }
    })
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get etag(): string {
    return `"${createHash('sha256').update(this.result).digest('hex')}"`
  }

  #trick(request: http.IncomingMessage, response: http.ServerResponse): boolean {
    const path = (request.url ?? '').split('?', 1)[0]!
    const place = this.tricks.findIndex((trick) => path.includes(trick.path))
    this.calls.push(path.split('/').at(-1)!)
    if (place < 0) return false
    this.tricks.splice(place, 1)[0]!.play(request, response)
    return true
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse, seen = false): void {
    request.on('error', () => {})
    if (!seen && this.#trick(request, response)) return
    const url = new URL(request.url ?? '', this.url)
    const method = /^\/database\/v1\/(\w+)$/.exec(url.pathname)?.[1]
    const work = method ? this.#method(method, url, request, response) : this.#file(url, request, response)
    // A client that breaks a connection is part of the tests.
    work.catch(() => response.destroy())
  }

  async #method(
    method: string,
    url: URL,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    if (method === 'upload') {
      this.headers = request.headers
      const found = this.#find(url.searchParams)
      const hash = createHash('sha256')
      let bytes = 0
      for await (const chunk of request as AsyncIterable<Buffer>) {
        hash.update(chunk)
        bytes += chunk.length
      }
      if (!found) return answer(response, { failures: [notFound] })
      if (bytes === 0) return answer(response, { failures: [{ reason: 'DUMP:EMPTY', message: 'No bytes' }] })
      found.filesize = `${(bytes / 1024).toFixed(2)} Kb`
      this.uploads.set(found.id, hash.digest('hex'))
      return answer(response, { failures: [] })
    }
    const fields = new URLSearchParams(await text(request))
    if (method === 'create') return this.#create(fields, response)
    const found = this.#find(fields)
    if (!found) return answer(response, { failures: [notFound] })
    if (method === 'process') {
      if (found.state !== 'draft')
        return answer(response, {
          failures: [
            { reason: 'REQUEST:STATE', message: 'Not a draft', value: found.state, expected: ['draft'] },
          ],
        })
      found.state = 'pending'
      return answer(response, { failures: [] })
    }
    if (found.state === 'pending') found.state = 'progress'
    else if (found.state === 'progress' && this.turns-- <= 0) found.state = this.end
    answer(response, { failures: [], request: found })
  }

  #create(fields: URLSearchParams, response: http.ServerResponse): void {
    const field = (name: string) => fields.get(name) ?? ''
    const failures: Failure[] = []
    if (!['6.0', '6.1', '7.0', '8.0'].includes(field('target')))
      failures.push({
        expected: ['6.0', '6.1', '7.0', '8.0'],
        message: `Invalid value "${field('target')}"`,
        reason: 'TARGET:INVALID',
        value: field('target'),
      })
    if (field('contract') !== 'M123456-abcdef')
      failures.push({
        code: field('contract'),
        message: `Can not find contract ${field('contract')}`,
        reason: 'CONTRACT:NOT_FOUND',
      })
    if (failures.length > 0) {
      answer(response, { failures })
      return
    }
    const id = 10534 + this.requests.size
    const key = `Aw7pItGVKFuZ_FOR3U${id}==`
    const at = `${this.url}/database/eu1/${id}/${key}`
    const request: UpgradeRequest = {
      ...{ id, key, email: field('email'), target: field('target'), aim: field('aim') as 'test' },
      ...{ filename: field('filename'), timezone: fields.get('timezone') },
      ...{ state: 'draft', issue_stage: 'new', issue: 648398 },
      ...{ status_url: `${at}/status`, notes_url: `${at}/upgraded/notes` },
      ...{ original_sql_url: `${at}/original/sql`, original_dump_url: `${at}/original/archive` },
      ...{ upgraded_sql_url: `${at}/upgraded/sql`, upgraded_dump_url: `${at}/upgraded/archive` },
      ...{ modules_url: `${at}/modules/archive`, filesize: null, database_uuid: null },
      ...{ created_at: '2015-09-09 07:13:49', estimated_time: null, processed_at: null, elapsed: '00:00' },
      ...{ filestore: false, customer_message: null, database_version: null, postgresql: null },
      compressions: null,
    }
    this.requests.set(id, request)
    answer(response, { failures: [], request })
  }

  #find(fields: URLSearchParams): UpgradeRequest | undefined {
    const found = this.requests.get(Number(fields.get('request')))
    return found?.key === fields.get('key') ? found : undefined
  }

  async #file(url: URL, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.headers = request.headers
    const [, , , id, key] = url.pathname.split('/')
    const found = this.#find(new URLSearchParams({ request: id!, key: key! }))
    if (found?.state !== 'done') {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<p>not yet</p>')
      return
    }
    this.send(request, response)
  }

  /** Sends the result as a good server does; `most` bytes of it, when it has to break. */
  send(request: http.IncomingMessage, response: http.ServerResponse, most = Number.POSITIVE_INFINITY): void {
    const { result } = this
    const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const from = request.headers['if-range'] === this.etag ? asked : 0
    const tells = {
      ...(this.tells.etag ? { etag: this.etag } : {}),
      ...(this.tells.digest
        ? { 'repr-digest': `sha-256=:${createHash('sha256').update(result).digest('base64')}:` }
        : {}),
    }
    if (from > 0 && from >= result.length) {
      response.writeHead(416, { ...tells, 'content-range': `bytes */${result.length}` }).end()
      return
    }
    response.writeHead(from > 0 ? 206 : 200, {
      ...tells,
      'content-length': result.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${result.length - 1}/${result.length}` } : {}),
    })
    if (from + most >= result.length) response.end(result.subarray(from))
    else response.write(result.subarray(from, from + most), () => setImmediate(() => response.destroy()))
  }
}

const notFound: Failure = { reason: 'REQUEST:NOT_FOUND', message: 'Can not find the request' }

export function answer(response: http.ServerResponse, body: unknown, status = 200, headers = {}): void {
  const content = JSON.stringify(body)
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(content),
      ...headers,
    })
    .end(content)
}

export function breakOff(request: http.IncomingMessage): void {
  request.socket.destroy()
}

async function text(request: http.IncomingMessage): Promise<string> {
  let whole = ''
  for await (const chunk of request.setEncoding('utf8')) whole += chunk
  return whole
}
