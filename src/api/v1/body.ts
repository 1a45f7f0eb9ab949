import type { IncomingMessage } from 'node:http'
import { Refusal } from '../refusal.ts'

/** Bytes of all parameters of a call; they need a few hundred. */
export const PARAMETER_BYTES = 64 * 1024

/** Time for them to come; a client that takes longer only holds a connection. */
const PARAMETERS_MS = 120_000

/** Whether a message brings a body, as HTTP says it. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0)
}

/** Bytes that the body will have; null when it comes in chunks. */
export function bodyLength(request: IncomingMessage): number | null {
  const length = request.headers['content-length']
  return length === undefined || request.headers['transfer-encoding'] !== undefined ? null : Number(length)
}

/** Reads a small body whole. @throws Refusal BODY:TOO_LARGE */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () =>
    new Refusal('BODY:TOO_LARGE', `Parameters may not have more than ${PARAMETER_BYTES} bytes in all.`)
  if ((bodyLength(request) ?? 0) > PARAMETER_BYTES) throw tooLarge()
  const pieces: Buffer[] = []
  let bytes = 0
  const timer = setTimeout(() => request.destroy(), PARAMETERS_MS)
  try {
    // The rest of a refused body is still to be read by who answers.
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      bytes += (piece as Buffer).length
      if (bytes > PARAMETER_BYTES) throw tooLarge()
      pieces.push(piece as Buffer)
    }
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(pieces)
}
