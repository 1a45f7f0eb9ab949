import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  eventually,
  plainDump,
  received,
  startApi,
  type TestApi,
  validQuery,
} from '../../../test/setup/api.ts'
import { hasRealDatabases, realDatabase } from '../../../test/setup/databases.ts'
import { Spool } from './spool.ts'

const run = promisify(execFile)
const LIMIT = 8 * 1024 * 1024
let api: TestApi
beforeAll(async () => {
  api = await startApi({ UPLIFT_MAX_UPLOAD: String(LIMIT) })
})
afterAll(() => api.close())

interface StoredFile {
  key: string
  bytes: string
  sha256: string
}

async function stored(id: number): Promise<StoredFile | null> {
  const { rows } = await api.database.pool.query<StoredFile>(
    `SELECT key, bytes, sha256 FROM service.file WHERE request = $1`,
    [id],
  )
  return rows[0] ?? null
}

const spooled = () => readdir(join(api.folder, 'spool'))
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function expectStored(id: number, dump: Buffer): Promise<void> {
  const file = await stored(id)
  expect(file).toMatchObject({ bytes: String(dump.length), sha256: sha256(dump) })
  expect((await buffer(await api.storage.read(file!.key))).equals(dump)).toBe(true)
  expect(await spooled()).toEqual([])
}

/** The answer behind the head of an HTTP message. */
function bodyOf(message: string): unknown {
  const at = message.lastIndexOf('\r\n\r\n')
  return JSON.parse(message.slice(at + 4))
}

const upload = (query: string, init: RequestInit) => api.call(`/database/v1/upload?${query}`, init)

describe('what is taken', () => {
  test.each([
    ['application/octet-stream'],
    ['application/x-www-form-urlencoded'],
    ['application/json'],
    ['nonsense'],
    [''],
  ])('Content-Type %j', async (type) => {
    const { id, query } = await api.draft()
    const dump = plainDump()
    const socket = api.socket()
    socket.write(
      `POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${dump.length}\r\nConnection: close\r\n\r\n`,
    )
    socket.write(dump)
    expect(bodyOf(await received(socket))).toEqual({ failures: [] })
    await expectStored(id, dump)
  })

  test('no Content-Type, HTTP/1.0', async () => {
    const { id, query } = await api.draft()
    const dump = plainDump()
    const socket = api.socket()
    socket.write(`POST /database/v1/upload?${query} HTTP/1.0\r\nContent-Length: ${dump.length}\r\n\r\n`)
    socket.write(dump)
    expect(bodyOf(await received(socket))).toEqual({ failures: [] })
    await expectStored(id, dump)
  })

  test('chunks, byte by byte, from a slow client', async () => {
    const { id, query } = await api.draft()
    const dump = plainDump(300)
    const socket = api.socket().setNoDelay()
    socket.write(
      `POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
    )
    for (const byte of dump) {
      socket.write(`1\r\n${String.fromCharCode(byte)}\r\n`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    socket.write('0\r\n\r\n')
    expect(bodyOf(await received(socket))).toEqual({ failures: [] })
    await expectStored(id, dump)
  })

  test('GET with a body', async () => {
    const { id, query } = await api.draft()
    const dump = plainDump()
    const socket = api.socket()
    socket.write(
      `GET /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: ${dump.length}\r\nConnection: close\r\n\r\n`,
    )
    socket.write(dump)
    expect(bodyOf(await received(socket))).toEqual({ failures: [] })
    await expectStored(id, dump)
  })

  test.each([true, false])('a form with a file, request in the query string: %s', async (inQuery) => {
    const { id, key, query } = await api.draft()
    const dump = plainDump(200_000)
    const form = new FormData()
    if (!inQuery) {
      form.set('request', String(id))
      form.set('key', key)
    }
    form.set('whatever', new Blob([dump]), 'C:\\base.dump')
    form.set('submit', 'Send')
    const { body } = await upload(inQuery ? query : '', { method: 'POST', body: form })
    expect(body).toEqual({ failures: [] })
    await expectStored(id, dump)
  })

  test('a second upload takes the place of the first', async () => {
    const { id, query } = await api.draft()
    await upload(query, { method: 'POST', body: plainDump() })
    const first = await stored(id)
    const dump = plainDump(10_000)
    await upload(query, { method: 'POST', body: dump })
    await expectStored(id, dump)
    const { rows } = await api.database.pool.query('SELECT FROM service.dropped_file WHERE key = $1', [
      first!.key,
    ])
    expect(rows).toHaveLength(1)
  })

  test('several at once, to one request and to many, do not mix', async () => {
    const requests = await Promise.all(Array.from({ length: 8 }, () => api.draft()))
    const dumps = requests.map((_, i) => plainDump(500_000 + i))
    const others = Array.from({ length: 4 }, (_, i) => plainDump(400_000 + i * 5))
    const answers = await Promise.all([
      ...requests.map(({ query }, i) => upload(query, { method: 'POST', body: dumps[i]! })),
      ...others.map((body) => upload(requests[0]!.query, { method: 'POST', body })),
    ])
    for (const { body } of answers) expect(body).toEqual({ failures: [] })
    for (const [i, { id }] of requests.entries()) if (i > 0) await expectStored(id, dumps[i]!)
    const file = await stored(requests[0]!.id)
    const one = [dumps[0]!, ...others].find((dump) => sha256(dump) === file!.sha256)
    await expectStored(requests[0]!.id, one!)
  })

  test('what the head says is told at once; the rest is left to a worker', async () => {
    const { id, query } = await api.draft()
    await upload(query, { method: 'POST', body: plainDump() })
    const { body } = await api.call(`/database/v1/status?${query}`)
    expect(body.request).toMatchObject({
      filesize: '4.00 Kb',
      postgresql: '9.5',
      compressions: ['sql'],
      database_version: null,
    })
    expect(api.looks).toContain(id)
  })

  test.skipIf(!hasRealDatabases)('curl, as the document has it, with a real dump', async () => {
    const big = await startApi()
    try {
      const { id, query } = await big.draft()
      const { stdout } = await run('curl', [
        ...['-sS', '-H', 'Content-Type: application/octet-stream'],
        ...[
          '--data-binary',
          `@${realDatabase('openerp-7.0-demo.dump')}`,
          `${big.url}/database/v1/upload?${query}`,
        ],
      ])
      expect(JSON.parse(stdout)).toEqual({ failures: [] })
      const { body } = await big.call(`/database/v1/status?${query}`)
      expect(body.request).toMatchObject({
        id,
        filesize: '8.26 Mb',
        database_version: '7.0',
        database_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        compressions: ['pgdmp_custom', 'sql'],
      })
      expect(big.looks).toEqual([])
    } finally {
      await big.close()
    }
  })
})

describe('Expect: 100-continue', () => {
  const head = (query: string, bytes: number) =>
    `POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${bytes}\r\n\r\n`

  test('the client is told to go on', async () => {
    const { id, query } = await api.draft()
    const dump = plainDump()
    const socket = api.socket()
    socket.write(head(query, dump.length))
    const [first] = (await once(socket, 'data')) as [Buffer]
    expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    socket.end(dump)
    expect(bodyOf(await received(socket))).toEqual({ failures: [] })
    await expectStored(id, dump)
  })

  test('a refused client is not', async () => {
    const { id } = await api.draft()
    const socket = api.socket()
    socket.write(head(`request=${id}&key=wrong`, 1000))
    const message = await received(socket)
    expect(message).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(bodyOf(message)).toMatchObject({ failures: [{ reason: 'REQUEST:NOT_FOUND' }] })
  })

  test('small calls are told to go on too', async () => {
    const socket = api.socket()
    const body = validQuery()
    socket.write(
      `POST /database/v1/create HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    await once(socket, 'data')
    socket.write(body)
    expect(bodyOf(await received(socket))).toMatchObject({ failures: [] })
  })
})

describe('what is refused', () => {
  const reasons = async (query: string, init: RequestInit) => {
    const { status, body } = await upload(query, init)
    return [status, ...body.failures.map(({ reason }) => reason)]
  }

  test('an empty body, no body, a form without a file', async () => {
    const { id, query } = await api.draft()
    const form = new FormData()
    form.set('a', 'b')
    for (const init of [{ method: 'POST', body: '' }, { method: 'POST' }, {}, { method: 'POST', body: form }])
      expect(await reasons(query, init)).toEqual([200, 'DUMP:EMPTY'])
    expect(await stored(id)).toBeNull()
    expect(await spooled()).toEqual([])
  })

  test('what is no dump, with the reason and without a path of the server', async () => {
    const { id, query } = await api.draft()
    for (const junk of [randomBytes(2000), Buffer.from('PGDMP'), Buffer.from('<html></html>')]) {
      const { body } = await upload(query, { method: 'POST', body: junk })
      expect(body.failures).toEqual([{ message: expect.stringMatching(/dump/), reason: 'DUMP:INVALID' }])
      expect(JSON.stringify(body)).not.toContain(api.folder)
    }
    expect(await stored(id)).toBeNull()
    expect(await spooled()).toEqual([])
  })

  test('a refused upload leaves the dump that was there', async () => {
    const { id, query } = await api.draft()
    const dump = plainDump()
    await upload(query, { method: 'POST', body: dump })
    await upload(query, { method: 'POST', body: 'junk' })
    await upload(query, { method: 'POST', body: '' })
    await expectStored(id, dump)
  })

  test('a request that is no draft any more', async () => {
    const { query } = await api.draft()
    await upload(query, { method: 'POST', body: plainDump() })
    await api.call(`/database/v1/process?${query}`)
    const { body } = await upload(query, { method: 'POST', body: plainDump() })
    expect(body.failures).toEqual([
      { expected: ['draft'], message: expect.any(String), reason: 'REQUEST:STATE', value: 'pending' },
    ])
  })

  test('a request that is queued while its dump is on the way keeps the dump it was queued with', async () => {
    const { id, query } = await api.draft()
    const dump = plainDump()
    await upload(query, { method: 'POST', body: dump })
    const late = plainDump(100_000)
    const socket = api.socket()
    socket.write(
      `POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${late.length}\r\n\r\n`,
    )
    socket.write(late.subarray(0, 1000))
    await eventually(async () => expect(await spooled()).toHaveLength(1))
    await api.call(`/database/v1/process?${query}`)
    socket.write(late.subarray(1000))
    expect(bodyOf(await received(socket))).toMatchObject({ failures: [{ reason: 'REQUEST:STATE' }] })
    await expectStored(id, dump)
    const keys = []
    for await (const { key } of api.storage.list()) keys.push(key)
    expect(keys.filter((key) => key.startsWith(`${id}/`))).toHaveLength(1)
  })

  test('more bytes than the installation takes: 413, told before a byte is read', async () => {
    const { query } = await api.draft()
    const socket = api.socket()
    socket.write(
      `POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: ${LIMIT + 1}\r\n\r\nx`,
    )
    const [first] = (await once(socket, 'data')) as [Buffer]
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 /)
    expect(bodyOf(first.toString())).toEqual({
      failures: [{ expected: [String(LIMIT)], message: expect.any(String), reason: 'DUMP:TOO_LARGE' }],
    })
    socket.destroy()
  })

  test.each(['chunked', 'form'])('more bytes than the installation takes, %s', async (way) => {
    const { id, query } = await api.draft()
    const dump = plainDump(LIMIT + 100_000)
    const form = new FormData()
    form.set('file', new Blob([dump]), 'x.dump')
    const body = way === 'form' ? form : new Blob([dump]).stream()
    expect(await reasons(query, { method: 'POST', body, duplex: 'half' } as RequestInit)).toEqual([
      ...[413, 'DUMP:TOO_LARGE'],
    ])
    expect(await stored(id)).toBeNull()
    await eventually(async () => expect(await spooled()).toEqual([]))
  })

  test('more bytes than the contract may send', async () => {
    await api.database.pool.query(`INSERT INTO service.contract (code, max_bytes) VALUES ('SMALL-1', 1000)`)
    const { body } = await api.call(`/database/v1/create?${validQuery({ contract: 'SMALL-1' })}`)
    const query = `request=${body.request!.id}&key=${body.request!.key}`
    expect(await reasons(query, { method: 'POST', body: plainDump(2000) })).toEqual([200, 'DUMP:TOO_LARGE'])
    const stream = new Blob([plainDump(2000)]).stream()
    const chunked = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
    expect(await reasons(query, chunked)).toEqual([200, 'DUMP:TOO_LARGE'])
    expect(await reasons(query, { method: 'POST', body: plainDump(900) })).toEqual([200])
  })

  test.each([
    ['with Expect', []],
    ['without', ['-H', 'Expect:']],
    ['in chunks', ['-H', 'Expect:', '-H', 'Transfer-Encoding: chunked']],
  ])('curl shows the answer and no broken connection, %s', async (_name, options) => {
    const path = join(api.folder, 'large.dump')
    await writeFile(path, plainDump(30_000_000))
    const { stdout } = await run('curl', [
      ...['-sS', ...options, '--data-binary', `@${path}`],
      `${api.url}/database/v1/upload?request=1&key=wrong==`,
    ])
    expect(JSON.parse(stdout)).toMatchObject({ failures: [{ reason: 'REQUEST:NOT_FOUND' }] })
  })
})

describe('uploads that break off', () => {
  test.each([
    ['with a length', 'Content-Length: 100000'],
    ['in chunks', 'Transfer-Encoding: chunked'],
  ])('%s: the request keeps what it had, the spool nothing', async (_name, header) => {
    const { id, query } = await api.draft()
    const dump = plainDump()
    await upload(query, { method: 'POST', body: dump })
    const socket = api.socket()
    const piece = 'x'.repeat(5000)
    socket.write(`POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`)
    socket.write(header.startsWith('T') ? `1388\r\n${piece}\r\n` : piece)
    await eventually(async () => expect(await spooled()).toHaveLength(1))
    socket.resetAndDestroy()
    await eventually(async () => expect(await spooled()).toEqual([]))
    await expectStored(id, dump)
  })

  test('the end of a connection within a body, politely', async () => {
    const { id, query } = await api.draft()
    const socket = api.socket()
    socket.write(`POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nxxx`)
    await eventually(async () => expect(await spooled()).toHaveLength(1))
    socket.end()
    socket.resume()
    await eventually(async () => expect(await spooled()).toEqual([]))
    expect(await stored(id)).toBeNull()
    socket.destroy()
  })

  test('a form that ends within its file', async () => {
    const { id, query } = await api.draft()
    const body = `--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n${plainDump()}`
    const answer = await upload(query, {
      method: 'POST',
      body,
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    })
    expect(answer.status).toBe(400)
    expect(answer.body.failures).toMatchObject([{ reason: 'BODY:INVALID' }])
    expect(await stored(id)).toBeNull()
    expect(await spooled()).toEqual([])
  })

  test('a client that falls silent is cut', async () => {
    const patient = await startApi({}, { idleMs: 300 })
    try {
      const { query } = await patient.draft()
      const socket = patient.socket()
      socket.write(
        `POST /database/v1/upload?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nxxx`,
      )
      await received(socket).catch(() => {})
      expect(socket.destroyed).toBe(true)
      const spool = join(patient.folder, 'spool')
      await eventually(async () => expect(await readdir(spool)).toEqual([]))
    } finally {
      await patient.close()
    }
  })
})

test('the spool is cleared of what is gone, not of what others use', async () => {
  const spool = join(api.folder, 'spool')
  const { pid: dead } = await new Promise<{ pid: number }>((resolve) => {
    const child = execFile('true', () => resolve({ pid: child.pid! }))
  })
  const names = {
    dead: `${hostname()}-${dead}-0123abcd~1`,
    former: `${hostname()}-${process.pid}-0123abcd~1`,
    parent: `${hostname()}-${process.ppid}-0123abcd~1`,
    elsewhere: 'other.host-12-0123abcd~1',
    forgotten: 'other.host-12-0123abcd~2',
    mine: `${hostname()}-${process.pid}-99999999~1`,
  }
  for (const name of Object.values(names)) await writeFile(join(spool, name), 'x')
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000)
  await utimes(join(spool, names.forgotten), yesterday, yesterday)
  await new Spool(spool, `${hostname()}-${process.pid}-99999999`).open()
  expect(await spooled()).toEqual([names.elsewhere, names.mine, names.parent].sort())
  await new Spool(spool, `${hostname()}-${process.pid}-88888888`).open()
})
