import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { UpliftError } from '../errors.ts'
import type { ByteRange, Storage } from './storage.ts'

export function missing(key: string, cause?: unknown): UpliftError {
  return new UpliftError('STORAGE:MISSING', `The file ${key} is not in the storage any more.`, {
    cause,
    detail: { key },
  })
}

export function alreadyThere(key: string, cause?: unknown): UpliftError {
  return new UpliftError('INTERNAL', `There is a file ${key} in the storage already.`, { cause })
}

export function unreachable(what: string, cause: unknown): UpliftError {
  // The SDK's own word for an answer without a body says nothing.
  const known = cause instanceof Error && cause.message !== '' && cause.message !== 'UnknownError'
  const reason = known ? ` ${cause.message}` : ''
  return new UpliftError('STORAGE:UNREACHABLE', `The storage cannot be used: ${what}.${reason}`, { cause })
}

/** A range within a file's size: its end is cut to the size, its start has to be inside. @throws UpliftError INTERNAL */
export function partOf(key: string, { start, end }: ByteRange, size: number): ByteRange {
  if (!(start >= 0 && start <= end && start < size))
    throw new UpliftError('INTERNAL', `Bytes ${start} to ${end} of ${key} were asked for; it has ${size}.`)
  return { start, end: Math.min(end, size - 1) }
}

/** Writes, reads and removes a small file. @throws UpliftError STORAGE:UNREACHABLE */
export async function checkStorage(storage: Storage, name: string): Promise<void> {
  const key = `check/${randomUUID()}`
  const content = Buffer.from('uplift')
  try {
    await storage.put(key, chunksOf(content))
    const read = await buffer(await storage.read(key))
    await storage.remove(key)
    if (!read.equals(content)) throw new Error('What was written does not come back.')
  } catch (thrown) {
    if (thrown instanceof UpliftError && thrown.code === 'STORAGE:UNREACHABLE') throw thrown
    throw unreachable(`${name} cannot be written and read`, thrown)
  }
}

async function* chunksOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content
}
