import { createHash } from 'node:crypto'
import type { Storage } from '../../src/storage/storage.ts'

export const MB = 1024 * 1024

/** Bytes that tell their place: what was mixed up or lost does not pass for the right ones. */
export function contentOf(bytes: number, seed = 1): Buffer {
  const content = Buffer.alloc(bytes)
  let state = seed
  for (let at = 0; at + 4 <= bytes; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    content.writeUInt32LE(state, at)
  }
  return content
}

export const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

/** Content in chunks of one size. */
export async function* inChunks(content: Uint8Array, chunk = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += chunk) yield content.subarray(at, at + chunk)
}

/** Chunks that come again and again, `bytes` in all: content that nobody holds in memory. */
export async function* endless(bytes: number, chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length))
}

/** Content that breaks off with an error of its own. */
export async function* breaking(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* inChunks(content)
  throw new Error('The client hung up.')
}

/** Content that stops without an end; `reached` is called there. */
export async function* hanging(content: Uint8Array, reached: () => void): AsyncGenerator<Uint8Array> {
  yield* inChunks(content)
  reached()
  await new Promise(() => {})
}

/** The keys that a storage lists, in order. */
export async function keysOf(storage: Storage): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of storage.list()) keys.push(key)
  return keys.sort()
}

/** The most memory that the process had above what it has now, looked at while work runs. */
export async function peakDuring(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss()
  let peak = before
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return peak - before
}
