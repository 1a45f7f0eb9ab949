import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import { Refusal } from '../refusal.ts'
import { PARAMETER_BYTES } from './body.ts'

export interface Multipart {
  /** Fields that stand before the first file, or all of them when there is none. */
  fields: [name: string, value: string][]
  /** The first file, under whatever name; it has to be read or destroyed. Null when there is none. */
  file: Readable | null
  /** As the client names the file; empty where a form was sent without one. */
  filename: string
}

/** The value of a Content-Type that says multipart/form-data. */
export function isMultipart(contentType: string | undefined): contentType is string {
  return /^\s*multipart\/form-data\s*(;|$)/i.test(contentType ?? '')
}

/**
 * Reads a form up to its first file, which is given as a stream with backpressure; later parts are passed over. A source
 * that breaks lets the file break too. The source itself is never destroyed, so that an answer can still be sent.
 * @throws Refusal BODY:INVALID
 */
export function readMultipart(contentType: string, source: Readable): Promise<Multipart> {
  const { promise, resolve, reject } = Promise.withResolvers<Multipart>()
  const parser = newParser(contentType)
  const fields: Multipart['fields'] = []
  let file: Readable | null = null
  let filename = ''
  parser.on('field', (name, value) => {
    if (name !== undefined && file === null) fields.push([name, value])
  })
  parser.on('file', (_name, content, name) => {
    if (file !== null) return content.resume()
    file = content
    filename = name ?? ''
    // Whoever reads it gets the error; nobody may be doing so yet.
    content.on('error', () => {})
    resolve({ fields, file, filename })
  })
  parser.on('finish', () => resolve({ fields, file, filename }))
  const fail = (error: Error) => {
    source.unpipe(parser)
    file?.destroy(error)
    reject(error)
  }
  parser.on('error', (cause: unknown) => fail(malformed(cause)))
  source.once('error', fail)
  source.once('close', () => {
    if (!source.readableEnded) fail(new Error('The connection was closed before the form ended.'))
  })
  source.pipe(parser)
  return promise
}

function newParser(contentType: string): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { fields: 50, parts: 60, fieldSize: PARAMETER_BYTES, fieldNameSize: 100, headerPairs: 20 },
    })
  } catch (cause) {
    throw malformed(cause)
  }
}

function malformed(cause: unknown): Refusal {
  return new Refusal('BODY:INVALID', 'The body is no well-formed multipart/form-data.', { cause })
}
