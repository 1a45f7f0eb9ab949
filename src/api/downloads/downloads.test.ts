import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packZip } from '../../../test/dumps/pack.ts'
import { eventually, received, startApi, type TestApi } from '../../../test/setup/api.ts'
import { testServer } from '../../../test/setup/databases.ts'
import { type GivenFiles, requestWith } from '../../../test/setup/request-files.ts'
import { sqlOf } from '../../dumps/convert/sql-of.ts'
import { findPrograms } from '../../postgres/programs.ts'
import type { RequestState } from '../../requests/request.ts'

const run = promisify(execFile)

let api: TestApi
/** A custom archive, and its text. */
let archive: Buffer
let sql: Buffer

beforeAll(async () => {
  api = await startApi({ UPLIFT_GUESSES: '100000' })
  const path = join(api.folder, 'small.dump')
  await dumpSmall(path)
  archive = await readFile(path)
  sql = await buffer(sqlOf(path))
})
afterAll(() => api.close())

async function dumpSmall(path: string): Promise<void> {
  const scratch = await testServer().createScratch()
  try {
    await scratch.with((client) =>
      client.query(
        `CREATE TABLE t AS SELECT i, repeat(md5(i::text), 20) AS v FROM generate_series(1, 3000) i`,
      ),
    )
    const { host, port, database } = scratch.address
    const { user } = testServer().admin
    await run(join(findPrograms(), 'pg_dump'), [
      ...['-Fc', '-f', path, '-h', host, '-p', String(port), '-U', user, '-d', database],
    ])
  } finally {
    await scratch.drop()
  }
}

const request = (state: RequestState, files: GivenFiles = {}, columns: Record<string, unknown> = {}) =>
  requestWith(api, state, files, columns)

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  raw: string[]
  body: Buffer
}

/** Asks for a path as it stands: fetch would tidy it up. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const call = get({ host: '127.0.0.1', port: api.port, path, headers, method, agent: false })
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  const body = await buffer(response)
  return { status: response.statusCode!, headers: response.headers, raw: response.rawHeaders, body }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest()

describe('archives', () => {
  const content = randomBytes(300_000)

  test('whole, with all that a client needs to hold it against', async () => {
    const { base } = await request('done', { upgraded: { content, name: 'upgraded_café.dump' } })
    const { status, headers, body } = await ask(`${base}/upgraded/archive`)
    expect(status).toBe(200)
    expect(body.equals(content)).toBe(true)
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '300000',
      'accept-ranges': 'bytes',
      'content-disposition': `attachment; filename="upgraded_caf_.dump"; filename*=UTF-8''upgraded_caf%C3%A9.dump`,
      etag: `"${sha256(content).toString('hex')}"`,
      'repr-digest': `sha-256=:${sha256(content).toString('base64')}:`,
      'cache-control': 'private, no-transform',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    expect(Date.parse(headers['last-modified']!)).toBeGreaterThan(Date.now() - 600_000)
    const head = await ask(`${base}/upgraded/archive`, {}, 'HEAD')
    expect(head.status).toBe(200)
    expect(head.body.length).toBe(0)
    const { date: _one, ...told } = head.headers
    const { date: _other, ...whole } = headers
    expect(told).toEqual(whole)
  })

  test('any part is what the file has there', async () => {
    const { base } = await request('done', { upgraded: { content } })
    await fc.assert(
      fc.asyncProperty(fc.nat(300_010), fc.nat(300_010), fc.boolean(), async (from, length, suffix) => {
        const range = suffix ? `bytes=-${length}` : `bytes=${from}-${from + length}`
        const { status, headers, body } = await ask(`${base}/upgraded/archive`, { range })
        const start = suffix ? Math.max(0, content.length - length) : from
        const end = suffix ? content.length : Math.min(content.length, from + length + 1)
        if (start >= content.length) {
          expect([status, headers['content-range']]).toEqual([416, 'bytes */300000'])
          return
        }
        expect(status).toBe(206)
        expect(headers['content-range']).toBe(`bytes ${start}-${end - 1}/300000`)
        expect(headers['content-length']).toBe(String(end - start))
        expect(body.equals(content.subarray(start, end))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('conditions', async () => {
    const { base } = await request('done', { upgraded: { content } })
    const path = `${base}/upgraded/archive`
    const { headers } = await ask(path, {}, 'HEAD')
    const etag = headers.etag!
    const modified = headers['last-modified']!
    const unchanged = await ask(path, { 'if-none-match': etag })
    expect([unchanged.status, unchanged.body.length, unchanged.headers.etag]).toEqual([304, 0, etag])
    expect((await ask(path, { 'if-modified-since': modified })).status).toBe(304)
    expect((await ask(path, { 'if-match': '"other"' })).status).toBe(412)
    expect((await ask(path, { range: 'bytes=5-9', 'if-range': etag })).body).toEqual(content.subarray(5, 10))
    expect((await ask(path, { range: 'bytes=5-9', 'if-range': '"other"' })).body.length).toBe(300_000)
    expect((await ask(path, { range: 'bytes=5-9' }, 'HEAD')).headers['content-length']).toBe('300000')
  })

  test('curl goes on where it broke off', async () => {
    const { base } = await request('done', { upgraded: { content } })
    const out = join(api.folder, 'resumed')
    const { writeFile } = await import('node:fs/promises')
    await writeFile(out, content.subarray(0, 123_456))
    await run('curl', ['-fsS', '-C', '-', '-o', out, `${api.url}${base}/upgraded/archive`])
    expect((await readFile(out)).equals(content)).toBe(true)
  })

  test.each([
    ['{pgdmp_custom,sql}', 'application/octet-stream'],
    ['{zip,sql}', 'application/zip'],
    ['{gzip,sql}', 'application/gzip'],
    ['{sql}', 'application/sql'],
    [null, 'application/octet-stream'],
  ])('an upload of form %s is %s', async (compressions, type) => {
    const { base } = await request('draft', { original: { content, name: 'db_name.dump' } }, { compressions })
    const { headers } = await ask(`${base}/original/archive`, {}, 'HEAD')
    expect([headers['content-type'], headers['content-disposition']]).toEqual([
      type,
      'attachment; filename="db_name.dump"',
    ])
  })

  test('an empty file, and one whose hash is not known', async () => {
    const { base } = await request('done', {
      modules: { content: Buffer.alloc(0), name: 'modules.zip' },
      upgraded: { content, sha256: null },
    })
    const empty = await ask(`${base}/modules/archive`)
    expect([empty.status, empty.headers['content-length'], empty.headers['content-type']]).toEqual([
      200,
      '0',
      'application/zip',
    ])
    expect((await ask(`${base}/modules/archive`, { range: 'bytes=0-' })).status).toBe(416)
    const { headers } = await ask(`${base}/upgraded/archive`)
    expect(headers.etag).toMatch(/^"[0-9a-f]{64}"$/)
    expect(headers['repr-digest']).toBeUndefined()
  })
})

test('the filestore of a dump is the same whenever it is sent, and its size and hash are told from then on', async () => {
  const content = await packZip({
    'dump.sql': sql,
    'filestore/ab/ab12': Buffer.from('a picture'),
    'filestore/cd/cd34': randomBytes(5000),
  })
  const { base } = await request(
    'done',
    { upgraded: { content, name: 'upgraded_db.zip' } },
    { filestore: true },
  )
  const first = await ask(`${base}/upgraded/filestore`)
  expect(first.headers['content-disposition']).toBe('attachment; filename="upgraded_db.filestore.zip"')
  const sum = sha256(first.body).toString('hex')
  await eventually(async () => expect((await ask(`${base}/status`)).body.toString()).toContain(sum))
  const second = await ask(`${base}/upgraded/filestore`)
  expect(second.body.equals(first.body)).toBe(true)
})

describe('SQL streams', () => {
  const sqlBytes = async (id: number) =>
    (
      await api.database.pool.query('SELECT sql_bytes::int AS bytes FROM service.file WHERE request = $1', [
        id,
      ])
    ).rows[0].bytes as number | null

  test('the first begins without a length and measures it, later ones have it', async () => {
    const { base, id } = await request('done', { upgraded: { content: archive, name: 'upgraded_db.dump' } })
    const page = async () => (await ask(`${base}/status`)).body.toString()
    expect(await page()).toContain('size and SHA-256 are known after the first download')
    const first = await ask(`${base}/upgraded/sql`)
    expect(first.status).toBe(200)
    expect(first.body.equals(sql)).toBe(true)
    expect(first.headers).toMatchObject({
      'content-type': 'application/sql',
      'content-disposition': 'attachment; filename="upgraded_db.sql"',
      'transfer-encoding': 'chunked',
      'accept-ranges': 'bytes',
      etag: `"sql-1-${sha256(archive).toString('hex')}"`,
    })
    await eventually(async () => expect(await sqlBytes(id)).toBe(sql.length))
    expect(await page()).toContain(sha256(sql).toString('hex'))
    expect(await page()).not.toContain('after the first download')
    const second = await ask(`${base}/upgraded/sql`)
    expect(second.headers['content-length']).toBe(String(sql.length))
    expect(second.headers['transfer-encoding']).toBeUndefined()
    expect(second.body.equals(sql)).toBe(true)
  })

  test('HEAD and parts measure first', async () => {
    for (const method of ['HEAD', 'GET']) {
      const { base, id } = await request('draft', { original: { content: archive } })
      const range = `bytes=${sql.length - 1000}-`
      const answers = await Promise.all([1, 2, 3].map(() => ask(`${base}/original/sql`, { range }, method)))
      for (const { status, headers, body } of answers) {
        expect(status).toBe(method === 'HEAD' ? 200 : 206)
        expect(headers['content-length']).toBe(String(method === 'HEAD' ? sql.length : 1000))
        if (method === 'GET') expect(body.equals(sql.subarray(-1000))).toBe(true)
      }
      expect(await sqlBytes(id)).toBe(sql.length)
    }
  })

  test('any part is what the text has there', async () => {
    const { base } = await request('draft', { original: { content: archive } })
    await fc.assert(
      fc.asyncProperty(fc.nat(sql.length - 1), fc.nat(sql.length), async (from, length) => {
        const { status, body } = await ask(`${base}/original/sql`, {
          range: `bytes=${from}-${from + length}`,
        })
        expect(status).toBe(206)
        expect(body.equals(sql.subarray(from, from + length + 1))).toBe(true)
      }),
      { numRuns: 15 },
    )
    const past = await ask(`${base}/original/sql`, { range: `bytes=${sql.length}-` })
    expect([past.status, past.headers['content-range']]).toEqual([416, `bytes */${sql.length}`])
  })

  test('curl goes on where the SQL broke off', async () => {
    const { base } = await request('done', { upgraded: { content: archive } })
    const out = join(api.folder, 'resumed.sql')
    const { writeFile } = await import('node:fs/promises')
    await writeFile(out, sql.subarray(0, 100_001))
    await run('curl', ['-fsS', '-C', '-', '-o', out, `${api.url}${base}/upgraded/sql`])
    expect((await readFile(out)).equals(sql)).toBe(true)
  })

  test('plain SQL comes as it was sent, bare or wrapped', async () => {
    const text = Buffer.from(
      '--\n-- PostgreSQL database dump\n--\nSET row_security = off;\n\\! echo "mine"\n',
    )
    const bare = await request(
      'draft',
      { original: { content: text, name: 'a.sql' } },
      { compressions: '{sql}' },
    )
    const { body, headers } = await ask(`${bare.base}/original/sql`)
    expect(body.equals(text)).toBe(true)
    expect(headers['content-length']).toBe(String(text.length))
    expect(headers['content-disposition']).toBe('attachment; filename="a.sql"')
    const packed = await request(
      'draft',
      { original: { content: gzipSync(text), name: 'a.sql.gz' } },
      { compressions: '{gzip,sql}' },
    )
    expect((await ask(`${packed.base}/original/sql`)).body.equals(text)).toBe(true)
    expect((await ask(`${packed.base}/original/archive`)).headers['content-type']).toBe('application/gzip')
  })

  test('HTTP/1.0 gets the stream until the end of the connection', async () => {
    const { base } = await request('done', { upgraded: { content: archive } })
    const socket = api.socket()
    socket.end(`GET ${base}/upgraded/sql HTTP/1.0\r\n\r\n`)
    const text = await received(socket)
    expect(text).not.toMatch(/transfer-encoding/i)
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(sql.toString())
  })

  test('a dump that cannot be read is told, and one that breaks off breaks off the answer', async () => {
    const foreign = await request('draft', { original: { content: Buffer.from('no dump at all') } })
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await ask(`${foreign.base}/original/sql`, {}, method)
      expect([status, headers['content-type']]).toEqual([422, 'text/html; charset=utf-8'])
      expect(headers.etag).toBeUndefined()
      expect(headers['content-disposition']).toBeUndefined()
    }
    const cut = await request('draft', { original: { content: archive.subarray(0, archive.length - 500) } })
    await expect(ask(`${cut.base}/original/sql`)).rejects.toThrow(/aborted|ECONNRESET|socket hang up/)
    expect(await sqlBytes(cut.id)).toBeNull()
  })

  test('a client that goes away ends the work', async () => {
    const { base, id } = await request('done', { upgraded: { content: archive } })
    for (let i = 0; i < 8; i++) {
      const call = get({ host: '127.0.0.1', port: api.port, path: `${base}/upgraded/sql`, agent: false })
      call.on('error', () => {})
      const [response] = (await once(call, 'response')) as [IncomingMessage]
      response.on('error', () => {}).destroy()
    }
    // All places are free again, or this would wait for ever.
    expect((await ask(`${base}/upgraded/sql`)).body.equals(sql)).toBe(true)
    await eventually(async () => expect(await sqlBytes(id)).toBe(sql.length))
  })
})

describe('what is not there yet, or not any more', () => {
  test.each<[RequestState, string, RegExp]>([
    ['draft', 'original/archive', /No dump was uploaded/],
    ['draft', 'original/sql', /No dump was uploaded/],
    ['draft', 'upgraded/archive', /was not started yet/],
    ['pending', 'upgraded/sql', /waits for its turn/],
    ['progress', 'upgraded/notes', /is running/],
    ['progress', 'report', /is running/],
    ['failed', 'upgraded/archive', /The upgrade failed.*The table is &lt;gone&gt;/],
    ['cancelled', 'upgraded/archive', /was cancelled/],
    ['done', 'modules/archive', /No custom modules were sent/],
  ])('%s: %s', async (state, target, sentence) => {
    const failure = state === 'failed' ? { code: 'LOAD:DATA', message: 'The table is <gone>.' } : null
    const { base } = await request(state, {}, { failure: failure && JSON.stringify(failure) })
    const { status, headers, body } = await ask(`${base}/${target}`)
    expect([status, headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect(body.toString()).toMatch(sentence)
    expect(/http-equiv="refresh"/.test(body.toString())).toBe(state === 'pending' || state === 'progress')
  })

  test('the time is over', async () => {
    const { base } = await request(
      'done',
      { report: { content: Buffer.from('<p>r</p>') } },
      { removed_at: '2026-01-02' },
    )
    for (const target of ['original/archive', 'upgraded/sql'])
      expect((await ask(`${base}/${target}`)).body.toString()).toMatch(/deleted on 2026-01-0[12]/)
    expect((await ask(`${base}/upgraded/notes`)).status).toBe(200)
  })

  test('a file that the storage lost', async () => {
    const { base, id } = await request('done', { upgraded: { content: archive } })
    const { rows } = await api.database.pool.query('SELECT key FROM service.file WHERE request = $1', [id])
    await api.storage.remove(rows[0].key)
    for (const target of ['archive', 'sql']) {
      const { status, headers } = await ask(`${base}/upgraded/${target}`)
      expect([status, headers['content-type'], headers.etag]).toEqual([
        404,
        'text/html; charset=utf-8',
        undefined,
      ])
    }
  })
})

describe('nothing is told apart', () => {
  test('wrong number, key, region and path', async () => {
    const mine = await request('done', { upgraded: { content: archive }, original: { content: archive } })
    const other = await request('draft')
    const { id, key } = mine
    const variants = [
      `/database/eu1/${id}/${other.key}/upgraded/archive`,
      `/database/eu1/${other.id}/${key}/upgraded/archive`,
      `/database/eu1/999999999/${key}/upgraded/archive`,
      `/database/eu1/${'9'.repeat(40)}/${key}/upgraded/archive`,
      `/database/eu1/-1/${key}/status`,
      `/database/eu1/0${id}/${key}/status`,
      `/database/eu1/${id}/x/status`,
      `/database/eu1/${id}//status`,
      `/database/eu1//${key}/status`,
      `/database/eu1/${id}/${key.slice(0, -1)}/status`,
      `/database/eu1/${id}/${key}x/status`,
      `/database/eu1/${id}/${key.toLowerCase()}/status`,
      `/database/eu1/${id}/${key}%00/status`,
      `/database/eu2/${id}/${key}/status`,
      `/database/EU1/${id}/${key}/status`,
      `/database/eu1/${id}/${key}`,
      `/database/eu1/${id}/${key}/`,
      `/database/eu1/${id}/${key}/status/`,
      `/database/eu1/${id}/${key}/Status`,
      `/database/eu1/${id}/${key}/cancel`,
      `/database/eu1/${id}/${key}/upgraded`,
      `/database/eu1/${id}/${key}/upgraded//archive`,
      `/database/eu1/${id}/${key}/upgraded%2farchive`,
      `/database/eu1/${id}/${key}/upgraded/../original/archive`,
      `/database/eu1/${id}/${key}/%2e%2e/${other.id}/${other.key}/status`,
      `/database/eu1/${id}/${key}/../${key}/status`,
      `/database/eu1/${id}/${key}/original/archive%00.sql`,
      `/database/eu1/${id}/${key}/log/archive`,
      `/database/eu1/../eu1/${id}/${key}/status`,
      `/database/eu1/${id}/${key}/${'x'.repeat(5000)}`,
      `/database/eu1/${id}/${'k'.repeat(5000)}/status`,
      `/database/eu1`,
      `/database/eu1/`,
      `/database/eu1/${id}`,
      `/database/__proto__/constructor/toString/status`,
    ]
    const seen = new Set<string>()
    for (const path of variants)
      for (const method of ['GET', 'HEAD', 'POST']) {
        if (method === 'POST' && path.endsWith(`${key}/cancel`)) continue
        const { status, raw, body } = await ask(path, {}, method)
        const headers = raw.map((text, i) => (raw[i - 1]?.toLowerCase() === 'date' ? '' : text)).join('\n')
        seen.add(`${status}\n${headers}`)
        expect(status, path).toBe(404)
        if (method !== 'HEAD') seen.add(`body ${body}`)
        expect(body.toString()).not.toContain(key)
      }
    expect(seen.size).toBe(2)
    expect((await ask(`${mine.base}/status`)).status).toBe(200)
  })

  test('a key with its padding escaped opens too, and a query string changes nothing', async () => {
    const { id, key } = await request('draft')
    for (const path of [`${id}/${key.replaceAll('=', '%3D')}/status`, `${id}/${key}/status?x=/../y`])
      expect((await ask(`/database/eu1/${path}`)).status).toBe(200)
  })

  test('paths of the API are answered by the API', async () => {
    const { status, headers } = await ask('/database/v1/nothing')
    expect([status, headers['content-type']]).toEqual([404, 'application/json'])
  })

  test('no key in the log', async () => {
    const { base, key } = await request('done', { upgraded: { content: archive } })
    await ask(`${base}/upgraded/sql`)
    await ask(`${base}x/upgraded/sql`)
    expect(api.log()).toContain('answered')
    expect(api.log()).not.toContain(key)
    expect(api.log()).not.toContain(key.slice(0, 20))
  })

  test('guesses are limited, and whoever has the key goes on', async () => {
    const strict = await startApi({ UPLIFT_GUESSES: '3' })
    try {
      const { id, key } = await strict.draft()
      const statuses = []
      let retry: string | null = null
      for (let i = 0; i < 5; i++) {
        const response = await fetch(`${strict.url}/database/eu1/${id}/wrong${i}/status`)
        statuses.push(response.status)
        retry = response.headers.get('retry-after')
        await response.text()
      }
      expect(statuses).toEqual([404, 404, 404, 503, 503])
      expect(Number(retry)).toBeGreaterThan(0)
      expect((await fetch(`${strict.url}/database/eu1/${id}/${key}/status`)).status).toBe(200)
    } finally {
      await strict.close()
    }
  })
})

describe('pages', () => {
  test('the status escapes everything and runs nothing', async () => {
    const evil = `"><script>alert(1)</script>'`
    const { base, id } = await request(
      'failed',
      {
        original: { content: archive, name: `${evil}.dump` },
        upgraded: { content: archive, name: `$(id)'.dump` },
      },
      {
        filename: evil,
        email: `${evil}@example.com`,
        database_uuid: evil,
        database_version: evil,
        customer_message: evil,
        failure: JSON.stringify({ code: 'LOAD:DATA', message: evil }),
      },
    )
    await api.database.pool.query(
      `INSERT INTO service.stage (request, name, place, state, done, total, unit, subject) VALUES ($1, $2, 1, 'running', 5, 10, $2, $2)`,
      [id, evil],
    )
    const { status, headers, body } = await ask(`${base}/status`)
    const text = body.toString()
    expect(status).toBe(200)
    expect(text).not.toMatch(/<script(?! type="module" src="\/assets\/[0-9a-f]{10}\/[a-z]+\.js"><\/script>)/)
    expect(text).toContain('&lt;script&gt;alert(1)')
    expect(text).toContain(sha256(archive).toString('hex'))
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'self'; script-src 'self';/,
    )
    expect(headers).toMatchObject({ 'referrer-policy': 'same-origin', 'cache-control': 'no-store' })
    // The commands are for a shell: names of the customer stay words.
    expect(text).toContain('&#39;$(id)&#39;\\&#39;&#39;.dump&#39;')
  })

  test('the status of a request that goes on asks again and can be cancelled', async () => {
    const { base } = await request(
      'progress',
      { original: { content: archive } },
      { processed_at: new Date() },
    )
    const { headers, body } = await ask(`${base}/status`)
    expect(body.toString()).toMatch(/http-equiv="refresh" content="\d+"/)
    expect(body.toString()).toContain('<form method="post" action="cancel">')
    expect(headers['content-security-policy']).toContain("form-action 'self'")
    expect(headers['referrer-policy']).toBe('same-origin')
    const done = (await ask(`${(await request('done')).base}/status`)).body.toString()
    expect(done).not.toMatch(/refresh|<form/)
  })

  test('the report is shown, and cut off from this server', async () => {
    const content = Buffer.from('<!doctype html><p style="color:red">report</p>')
    const { base } = await request('done', {
      report: { content, name: 'db-report.html', type: 'text/html; charset=utf-8' },
      notes: { content: Buffer.from('{}'), name: 'db-notes.json', type: 'application/json' },
    })
    for (const target of ['report']) {
      const { status, headers, body } = await ask(`${base}/${target}`)
      expect(status).toBe(200)
      expect(body.equals(content)).toBe(true)
      expect(headers['content-disposition']).toBe('inline; filename="db-report.html"')
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(headers['content-security-policy']).toMatch(
        /^sandbox .*default-src 'none'; style-src 'unsafe-inline'/,
      )
    }
    expect((await ask(`${base}/upgraded/notes.json`)).headers['content-type']).toBe('application/json')
  })
})

describe('cancel', () => {
  const state = async (id: number) =>
    (await api.database.pool.query('SELECT state FROM service.request WHERE id = $1', [id])).rows[0]
      .state as string

  test('leads back to the status', async () => {
    for (const headers of [
      {},
      { origin: api.url },
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
      { 'content-type': 'application/x-www-form-urlencoded' },
    ]) {
      const { base, id } = await request('draft')
      const answer = await ask(`${base}/cancel`, headers as Record<string, string>, 'POST')
      expect([answer.status, answer.headers.location]).toEqual([303, 'status'])
      expect(await state(id)).toBe('cancelled')
    }
  })

  test('whatever a form sends is not read', async () => {
    for (const body of [new URLSearchParams({ a: 'b' }), '{broken', Buffer.alloc(100_000)]) {
      const { base, id } = await request('pending')
      const response = await fetch(`${api.url}${base}/cancel`, { method: 'POST', body, redirect: 'manual' })
      expect([response.status, await state(id)]).toEqual([303, 'cancelled'])
    }
  })

  test('not for other sites, and not by a link', async () => {
    const { base, id } = await request('draft')
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: api.url },
    ])
      expect((await ask(`${base}/cancel`, headers as Record<string, string>, 'POST')).status).toBe(403)
    expect((await ask(`${base}/cancel`)).status).toBe(404)
    expect(await state(id)).toBe('draft')
  })
})
