import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { SQL_FORM } from '../../dumps/convert/sql-of.ts'
import type { RequestFile } from '../../requests/request.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Conversions } from './conversions.ts'
import { disposition, filestoreName, sqlName } from './names.ts'
import { asksForPart, precondition, type Representation, select } from './ranges.ts'

/** A file as it is told to the client. */
export interface Shown {
  name: string
  type: string
  shownAs?: 'attachment' | 'inline'
  /** Policy for what a browser shows. */
  policy?: string
}

/** Sends a stored file, or the part that was asked for. @throws UpliftError STORAGE:MISSING */
export async function sendFile(
  call: FastifyRequest,
  reply: FastifyReply,
  storage: Storage,
  file: RequestFile,
  shown: Shown,
): Promise<FastifyReply> {
  const representation = { bytes: file.bytes, etag: `"${identity(file)}"`, modifiedAt: file.createdAt }
  describe(reply, representation, shown)
  if (file.sha256 !== null)
    reply.header('repr-digest', `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`)
  const condition = precondition(call.headers, representation)
  if (condition !== null) return sendNothing(reply, condition)
  if (call.method === 'HEAD') return reply.header('content-length', file.bytes).send()
  const range = selected(call, reply, representation)
  if (range === null) return reply
  // An empty file has no first byte that could be asked for.
  const content = file.bytes === 0 ? Readable.from([]) : await storage.read(file.key, range)
  return reply.send(content)
}

/**
 * Sends the SQL text of a stored dump. A first GET begins at once and counts; whoever wants to know the length, or a part,
 * before somebody had the whole waits until it is measured.
 */
export async function sendSql(
  call: FastifyRequest,
  reply: FastifyReply,
  conversions: Conversions,
  request: number,
  file: RequestFile,
): Promise<FastifyReply> {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(new Error('The client is gone.')))
  const known = { etag: `"sql-${SQL_FORM}-${identity(file)}"`, modifiedAt: file.createdAt }
  const shown: Shown = { name: sqlName(file.name), type: 'application/sql' }
  const condition = precondition(call.headers, known)
  if (condition !== null) {
    describe(reply, known, shown)
    return sendNothing(reply, condition)
  }
  const needed = call.method === 'HEAD' || asksForPart(call.headers, known)
  const bytes = needed
    ? await patiently(call, () => conversions.measure(request, file, gone.signal))
    : file.sqlBytes
  if (call.method === 'HEAD') {
    describe(reply, known, shown)
    return reply.header('content-length', bytes).send()
  }
  if (bytes === null) {
    const pieces = await begun(call, conversions.text(request, file, gone.signal))
    describe(reply, known, shown)
    return reply.send(pieces)
  }
  const representation = { ...known, bytes }
  describe(reply, representation, shown)
  const range = selected(call, reply, representation)
  if (range === null) return reply
  return reply.send(
    await begun(
      call,
      conversions.text(request, file, gone.signal, reply.statusCode === 206 ? range : undefined),
    ),
  )
}

/** Sends the filestore of a stored dump as a zip, which is made while it is read: it has no length and no parts. */
export async function sendFilestore(
  call: FastifyRequest,
  reply: FastifyReply,
  conversions: Conversions,
  request: number,
  file: RequestFile,
): Promise<FastifyReply> {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(new Error('The client is gone.')))
  const shown: Shown = { name: filestoreName(file.name), type: 'application/zip' }
  const known = { etag: `"filestore-${identity(file)}"`, modifiedAt: file.createdAt }
  const condition = precondition(call.headers, known)
  if (condition === null && call.method !== 'HEAD') {
    const pieces = await begun(call, conversions.filestore(request, file, gone.signal))
    describe(reply, known, shown)
    reply.header('accept-ranges', 'none')
    return reply.send(pieces)
  }
  describe(reply, known, shown)
  reply.header('accept-ranges', 'none')
  return condition === null ? reply.send() : sendNothing(reply, condition)
}

/** The stream, once its first piece is there: what fails before can still be told. */
async function begun(call: FastifyRequest, pieces: AsyncGenerator<Buffer, void>): Promise<Readable> {
  const first = await patiently(call, () => pieces.next())
  async function* all(): AsyncGenerator<Buffer, void> {
    try {
      if (!first.done) yield first.value
      yield* pieces
    } finally {
      await pieces.return()
    }
  }
  return Readable.from(all(), { objectMode: false, highWaterMark: 256 * 1024 })
}

/** Nothing moves on the connection while the work goes on; it is not cut for that. */
async function patiently<T>(call: FastifyRequest, work: () => Promise<T>): Promise<T> {
  const { socket } = call.raw
  const limit = socket.timeout ?? 0
  socket.setTimeout(0)
  try {
    return await work()
  } finally {
    socket.setTimeout(limit)
  }
}

/** Names the content: its hash, or where none is known its key, which is told to nobody. */
function identity({ sha256, key }: RequestFile): string {
  return sha256 ?? createHash('sha256').update(key).digest('hex')
}

function describe(
  reply: FastifyReply,
  { etag, modifiedAt }: Omit<Representation, 'bytes'>,
  { name, type, shownAs = 'attachment', policy }: Shown,
): void {
  reply.headers({
    'content-type': type,
    'content-disposition': disposition(shownAs, name),
    'accept-ranges': 'bytes',
    etag,
    'last-modified': modifiedAt.toUTCString(),
    'cache-control': 'private, no-transform',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    ...(policy === undefined ? {} : { 'content-security-policy': policy }),
  })
}

function sendNothing(reply: FastifyReply, status: 304 | 412): FastifyReply {
  reply.code(status).removeHeader('content-type').removeHeader('content-disposition')
  return reply.send()
}

/** Sets the status and the headers of what will be sent, and says which bytes; null when the answer is already sent. */
function selected(
  call: FastifyRequest,
  reply: FastifyReply,
  representation: Representation,
): { start: number; end: number } | null {
  const { bytes } = representation
  const selection = select(call.headers, representation)
  if (selection.status === 416) {
    reply.code(416).header('content-range', `bytes */${bytes}`)
    reply.removeHeader('content-type').removeHeader('content-disposition').send()
    return null
  }
  if (selection.status !== 206) {
    reply.header('content-length', bytes)
    return { start: 0, end: Math.max(0, bytes - 1) }
  }
  const { start, end } = selection
  reply
    .code(206)
    .headers({ 'content-length': end - start + 1, 'content-range': `bytes ${start}-${end}/${bytes}` })
  return { start, end }
}
