import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, plainDump, received, startApi, type TestApi, validQuery } from '../../test/setup/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ UPLIFT_GUESSES: '10000' })
})
afterAll(() => api.close())

/** What comes back for bytes as they are. */
function raw(text: string): Promise<string> {
  const socket = api.socket()
  socket.write(text)
  return received(socket)
}

describe('failures of the transport carry failures too', () => {
  const expectFailure = async (path: string, init: RequestInit, status: number, reason: string) => {
    const answer = await api.call(path, init)
    expect([answer.status, answer.body.failures.map((failure) => failure.reason)]).toEqual([status, [reason]])
    expect(answer.headers.get('content-length')).toMatch(/^\d+$/)
    return answer
  }

  test.each([
    ['/nothing'],
    ['/database/v1'],
    ['/database/v1/'],
    ['/database/v1/Create'],
    ['/database/v1/create/'],
    ['/database/v1//create'],
    ['/databases/v1/create'],
    ['/database/v1/constructor'],
    ['/database/v1/..%2fv1%2fstatus'],
    ['/database/v1/%00'],
    ['/etc/passwd'],
  ])('404 %s', async (path) => {
    await expectFailure(path, {}, 404, 'PATH:NOT_FOUND')
  })

  test.each([
    ['/nothing', 'en', 'There is nothing at this address'],
    ['/etc/passwd?lang=fr', 'fr', 'Il n’y a rien à cette adresse'],
  ])('404 %s as a page for who follows an address', async (path, language, sentence) => {
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    const response = await fetch(`${api.url}${path}`, { headers })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-language')).toBe(language)
    expect(await response.text()).toContain(sentence)
    await expectFailure('/database/v1/nothing', { headers }, 404, 'PATH:NOT_FOUND')
    await expectFailure(path, { method: 'POST', headers }, 404, 'PATH:NOT_FOUND')
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('405 %s', async (method) => {
    const { headers } = await expectFailure('/database/v1/create', { method }, 405, 'METHOD:INVALID')
    expect(headers.get('allow')).toBe('GET, HEAD, POST')
    await expectFailure('/nothing', { method }, 404, 'PATH:NOT_FOUND')
  })

  test('a POST to what is only read', async () => {
    await expectFailure('/health', { method: 'POST', body: 'x' }, 405, 'METHOD:INVALID')
  })

  test.each([
    ['{', 'application/json'],
    ['[1]', 'application/json'],
    ['null', 'application/json'],
    ['x', 'multipart/form-data'],
    ['x', 'multipart/form-data; boundary=b'],
    ['--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', 'multipart/form-data; boundary=b'],
  ])('400 %j as %s', async (body, type) => {
    const init = { method: 'POST', body, headers: { 'content-type': type } }
    await expectFailure('/database/v1/create', init, 400, 'BODY:INVALID')
  })

  test.each(['application/json', 'multipart/form-data; boundary=b', 'text/plain'])('413 %s', async (type) => {
    const init = { method: 'POST', headers: { 'content-type': type } }
    const body = 'x'.repeat(70_000)
    await expectFailure('/database/v1/create', { ...init, body }, 413, 'BODY:TOO_LARGE')
    const chunked = { ...init, body: new Blob([body]).stream(), duplex: 'half' } as RequestInit
    await expectFailure('/database/v1/create', chunked, 413, 'BODY:TOO_LARGE')
  })

  test.each([
    ['a path with a broken escape', 'GET /database/v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['no HTTP', 'HELLO\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a wrong length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
    ['too many headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['too long an address', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ])('%s', async (_name, message, status) => {
    const answer = await raw(message.replace('HTTP/1.1\r\n', 'HTTP/1.1\r\nConnection: close\r\n'))
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      failures: [{ reason: status === 431 ? 'HEADERS:TOO_LARGE' : 'BODY:INVALID' }],
    })
  })

  test('garbage behind a call: the call is answered first', async () => {
    const answer = await raw('GET /health HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01garbage\r\n\r\n')
    expect(answer).toMatch(
      /^HTTP\/1\.1 200 OK[\s\S]*\{"status":"ok"\}HTTP\/1\.1 400 Bad Request[\s\S]*"BODY:INVALID"/,
    )
  })

  test('calls one behind the other on one connection are answered in their order', async () => {
    const call = (filename: string) =>
      `GET /database/v1/create?${validQuery({ filename })} HTTP/1.1\r\nHost: x\r\n`
    const answer = await raw(`${call('a')}\r\n${call('b')}\r\n${call('c')}Connection: close\r\n\r\n`)
    const names = [...answer.matchAll(/"filename":"(\w)"/g)].map(([, name]) => name)
    expect(names).toEqual(['a', 'b', 'c'])
  })

  test('a call that names no host is answered', async () => {
    expect(await raw('GET /health HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })

  test('a failure within the server says nothing of it', async () => {
    const broken = await startApi()
    try {
      const query = broken.database.pool.query
      broken.database.pool.query = (() => Promise.reject(new Error('secret table x'))) as typeof query
      const failed = await broken.call(`/database/v1/create?${validQuery()}`)
      const refused = Object.assign(new Error('connect ECONNREFUSED /run/x'), {
        ...{ code: 'ECONNREFUSED', syscall: 'connect' },
      })
      broken.database.pool.query = (() => Promise.reject(refused)) as typeof query
      const away = await broken.call(`/database/v1/create?${validQuery()}`)
      broken.database.pool.query = query
      expect([failed.status, failed.body.failures[0]!.reason]).toEqual([500, 'SERVICE:FAILED'])
      expect([away.status, away.body.failures[0]!.reason]).toEqual([503, 'SERVICE:UNAVAILABLE'])
      expect(away.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(JSON.stringify([failed.body, away.body])).not.toMatch(/secret|run/)
      expect(broken.log()).toContain('secret table x')
    } finally {
      await broken.close()
    }
  })

  test('a storage without room: 503, nothing is left, and the next upload works', async () => {
    const full = await startApi()
    try {
      const { query } = await full.draft()
      const { storage } = full
      const putFile = storage.putFile
      storage.putFile = () => Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' }))
      const answer = await full.call(`/database/v1/upload?${query}`, { method: 'POST', body: plainDump() })
      expect([answer.status, answer.body.failures[0]!.reason]).toEqual([503, 'STORAGE:FULL'])
      expect(await readdir(join(full.folder, 'spool'))).toEqual([])
      storage.putFile = putFile
      const again = await full.call(`/database/v1/upload?${query}`, { method: 'POST', body: plainDump() })
      expect(again.body).toEqual({ failures: [] })
    } finally {
      await full.close()
    }
  })
})

describe('guesses', () => {
  test('too many wrong keys or contracts: 503 with a time to wait, while right ones go on', async () => {
    const strict = await startApi({ UPLIFT_GUESSES: '3', UPLIFT_TRUST_PROXY: 'true' })
    try {
      const { id, query } = await strict.draft()
      const wrong = () => strict.call(`/database/v1/status?request=${id}&key=wrong`)
      for (let i = 0; i < 3; i++) expect((await wrong()).status).toBe(200)
      const { status, headers, body } = await wrong()
      expect([status, body.failures[0]!.reason]).toEqual([503, 'GUESSES:TOO_MANY'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(500)
      expect((await strict.call(`/database/v1/status?${query}`)).body.failures).toEqual([])
      // Contracts count by themselves, ten times as many; beyond the limit not even a right one is told.
      const contract = (code: string, from: string) =>
        strict.call(`/database/v1/create?${validQuery(code === '' ? {} : { contract: code })}`, {
          headers: { 'x-forwarded-for': `198.51.100.7, ${from}` },
        })
      for (let i = 0; i < 30; i++) expect((await contract('wrong', '192.0.2.1')).status).toBe(200)
      expect((await contract('wrong', '192.0.2.1')).status).toBe(503)
      expect((await contract('', '192.0.2.1')).status).toBe(503)
      expect((await contract('', '192.0.2.2')).body.failures).toEqual([])
    } finally {
      await strict.close()
    }
  })

  test('without a proxy, what a client says of its address is not believed', async () => {
    const strict = await startApi({ UPLIFT_GUESSES: '3' })
    try {
      const statuses: number[] = []
      for (let i = 0; i < 4; i++) {
        const headers = { 'x-forwarded-for': `192.0.2.${i}` }
        statuses.push((await strict.call('/database/v1/status?request=1&key=x', { headers })).status)
      }
      expect(statuses).toEqual([200, 200, 200, 503])
    } finally {
      await strict.close()
    }
  })
})

test('no line of the log holds a key', async () => {
  const logged = await startApi()
  try {
    const { id, key, query } = await logged.draft()
    const escaped = encodeURIComponent(key)
    const form = new FormData()
    form.set('key', key)
    await logged.call(`/database/v1/upload?${query}`, { method: 'POST', body: plainDump() })
    await logged.call(`/database/v1/upload?${query}`, { method: 'POST', body: 'junk' })
    for (const path of ['status', 'process', 'process', 'create'])
      await logged.call(`/database/v1/${path}?${query}`)
    for (const path of [
      `/database/eu1/${id}/${key}/nothing`,
      `/database/eu1/${id}/${escaped}/nothing`,
      `/${key}`,
      `/database/v1/status/${key}?${query}`,
      `/database/v1/create?contract=${key}&email=${key}`,
    ])
      await logged.call(path)
    for (const method of ['PUT', 'POST', 'HEAD'])
      await logged.call(`/database/v1/status?${query}`, { method })
    await logged.call('/database/v1/status', { method: 'POST', body: form })
    await logged.call('/database/v1/status', {
      method: 'POST',
      body: `{"key":"${key}"`,
      headers: { 'content-type': 'application/json' },
    })
    const socket = logged.socket()
    socket.end(`GET /database/%zz/${key}?${query} HTTP/1.1\r\nHost: ${key}\r\nReferer: ${key}\r\n\r\n`)
    await received(socket)
    const broken = logged.socket()
    broken.write(`POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nxx`)
    broken.end()
    await received(broken).catch(() => {})
    const { query: ask } = logged.database.pool
    logged.database.pool.query = (() => Promise.reject(new Error(`value ${key} ${escaped}`))) as typeof ask
    expect((await logged.call(`/database/v1/status?${query}`)).status).toBe(500)
    logged.database.pool.query = ask
    await eventually(() => expect(logged.log().match(/"answered"/g)!.length).toBeGreaterThan(15))
    const log = logged.log()
    expect(log).not.toContain(key.slice(0, 22))
    expect(log).toContain('value [key] [key]')
    expect(log.match(/"level":50/g)).toHaveLength(1)
    expect(log).toMatch(new RegExp(`"route":"/database/v1/upload","status":200,"ms":\\d+,"request":${id}`))
    for (const line of log
      .trim()
      .split('\n')
      .filter((line) => line.includes('"answered"')))
      expect(JSON.parse(line)).toMatchObject({ reqId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  } finally {
    await logged.close()
  }
})

describe('operation', () => {
  test('health lives, ready asks', async () => {
    let failing = false
    const watched = await startApi(
      {},
      { ready: () => (failing ? Promise.reject(new Error('scratch is gone')) : Promise.resolve()) },
    )
    try {
      expect((await watched.call('/health')).body).toEqual({ status: 'ok' })
      expect((await watched.call('/ready')).body).toEqual({ status: 'ready' })
      failing = true
      expect((await watched.call('/health')).status).toBe(200)
      const { status, body } = await watched.call('/ready')
      expect([status, body.failures[0]!.reason]).toEqual([503, 'SERVICE:UNAVAILABLE'])
    } finally {
      await watched.close()
    }
  })

  test('metrics: states, uploads, stages and calls by route, without ids and keys', async () => {
    const { id, key, query } = await api.draft()
    await api.call(`/database/v1/upload?${query}`, { method: 'POST', body: plainDump(5000) })
    await api.call(`/database/eu1/${id}/${key}/nothing`)
    await api.database.pool.query(
      `INSERT INTO service.stage (request, name, place, state, seconds) VALUES ($1, 'load', 1, 'done', 4), ($1, 'hop "7.0"', 2, 'done', 90)`,
      [id],
    )
    const text = await (await fetch(`${api.url}/metrics`)).text()
    expect(text).toMatch(/^uplift_requests\{state="draft"\} [1-9]/m)
    expect(text).toMatch(/^uplift_requests\{state="failed"\} 0$/m)
    expect(text).toMatch(/^uplift_upload_bytes_total 5\d\d\d$/m)
    expect(text).toMatch(/^uplift_queue_depth 0$/m)
    expect(text).toMatch(
      /^uplift_http_request_duration_seconds_count\{method="POST",route="\/database\/v1\/upload",status="200"\} 1$/m,
    )
    expect(text).toContain('uplift_stage_seconds_bucket{stage="load",le="1"} 0\n')
    expect(text).toContain('uplift_stage_seconds_bucket{stage="load",le="5"} 1\n')
    expect(text).toContain('uplift_stage_seconds_sum{stage="hop \\"7.0\\""} 90\n')
    expect(text).not.toContain(key)
    expect(text).not.toContain(String(id))
  })

  test('metrics are for this machine, and for who has the token', async () => {
    const token = 'a-token-of-some-length'
    const guarded = await startApi({ UPLIFT_METRICS_TOKEN: token })
    try {
      const status = async (headers: Record<string, string>) =>
        (await fetch(`${guarded.url}/metrics`, { headers })).status
      expect(await status({})).toBe(200)
      expect(await status({ 'x-forwarded-for': '192.0.2.1' })).toBe(404)
      expect(await status({ 'x-forwarded-for': '192.0.2.1', authorization: 'Bearer wrong' })).toBe(404)
      expect(await status({ 'x-forwarded-for': '192.0.2.1', authorization: `Bearer ${token}` })).toBe(200)
    } finally {
      await guarded.close()
    }
  })

  test('the OpenAPI document names all methods with their parameters', async () => {
    const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as {
      openapi: string
      servers: unknown
      paths: Record<
        string,
        Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>
      >
    }
    expect(document.openapi).toBe('3.1.0')
    expect(document.servers).toEqual([{ url: api.url }])
    for (const method of ['create', 'upload', 'process', 'status']) {
      const path = document.paths[`/database/v1/${method}`]!
      expect(Object.keys(path)).toEqual(expect.arrayContaining(['get', 'post']))
      const names = path.get!.parameters!.filter(({ required }) => required).map(({ name }) => name)
      expect(names.toSorted()).toEqual(
        method === 'create' ? ['aim', 'contract', 'email', 'filename', 'target'] : ['key', 'request'],
      )
    }
    expect(JSON.stringify(document.paths['/database/v1/create'])).toContain(
      '"enum":["6.0","6.1","7.0","8.0"]',
    )
    expect(JSON.stringify(document.paths['/database/v1/status'])).toContain('"upgraded_dump_url"')
    expect(Object.keys(document.paths)).toContain('/ready')
    const ids = JSON.stringify(document).match(/"operationId":"\w+"/g)!
    expect(ids).toHaveLength(8)
    expect(new Set(ids).size).toBe(8)
  })

  test('the page about it: no inline script or style, nothing from elsewhere', async () => {
    const response = await fetch(`${api.url}/api`)
    const page = await response.text()
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'; script-src 'self'; .*; base-uri 'none'/,
    )
    expect(page).not.toMatch(/<script(?! type="module" src="\/)|<style| on\w+=|https?:\/\/(?!127)/)
    expect(page).toContain('<code>/database/v1/upload</code>')
    expect(page).toContain('timezone')
    expect(page).toContain('REQUEST:STATE')
  })
})

describe('the end of the server', () => {
  const start = (seconds: string) => startApi({ UPLIFT_STOP_SECONDS: seconds })
  const head = (query: string, bytes: number) =>
    `POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`

  test('uploads come to their end; new work gets 503', async () => {
    const ending = await start('60')
    const { id, query } = await ending.draft()
    const dump = plainDump()
    const spool = join(ending.folder, 'spool')
    const socket = ending.socket()
    socket.write(head(query, dump.length))
    socket.write(dump.subarray(0, 100))
    await eventually(async () => expect(await readdir(spool)).toHaveLength(1))
    const closed = ending.app.close()
    await eventually(async () => expect((await ending.call(`/database/v1/status?${query}`)).status).toBe(503))
    const refused = await ending.call(`/database/v1/create?${validQuery()}`)
    expect(refused.body.failures[0]!.reason).toBe('SERVICE:STOPPING')
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await ending.call('/health')).status).toBe(200)
    socket.write(dump.subarray(100))
    expect(await received(socket)).toMatch(/\{"failures":\[\]\}$/)
    await closed
    const { rows } = await ending.database.pool.query('SELECT bytes FROM service.file WHERE request = $1', [
      id,
    ])
    expect(rows).toEqual([{ bytes: String(dump.length) }])
    await ending.close()
  })

  test('what takes longer than it may is cut and leaves nothing', async () => {
    const ending = await start('0')
    const { id, query } = await ending.draft()
    const spool = join(ending.folder, 'spool')
    const socket = ending.socket()
    socket.write(head(query, 100_000))
    socket.write('--')
    await eventually(async () => expect(await readdir(spool)).toHaveLength(1))
    const cut = once(socket, 'close')
    socket.on('error', () => {})
    socket.resume()
    await ending.app.close()
    await cut
    expect(await readdir(spool)).toEqual([])
    expect(
      (await ending.database.pool.query('SELECT FROM service.file WHERE request = $1', [id])).rowCount,
    ).toBe(0)
    await ending.close()
  })

  test('connections that are only kept open do not hold it up', async () => {
    const ending = await start('60')
    const idle = ending.socket()
    idle.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(idle, 'data')
    const silent = ending.socket()
    await once(silent, 'connect')
    idle.resume()
    silent.resume()
    await ending.close()
  }, 15_000)
})
