import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isSystemError, UpliftError } from '../../errors.ts'
import { missing } from '../outcome.ts'
import type { Storage } from '../storage.ts'

/** Connections of one download. */
const STREAMS = 4
/** Shorter files are not worth a second connection. */
const SMALLEST_SHARE = 16 * 1024 * 1024

/**
 * Brings a file below a folder, in several ranges at the same time, and runs work on it. It is gone afterwards.
 * @throws UpliftError STORAGE:MISSING, STORAGE:UNREACHABLE, DISK:FULL
 */
export async function withDownload<T>(
  storage: Storage,
  key: string,
  folder: string,
  work: (path: string) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  const size = await storage.size(key)
  if (size === null) throw missing(key)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${randomUUID()}-${key.slice(key.lastIndexOf('/') + 1).slice(-100)}`)
  try {
    await download(storage, key, size, path, signal)
    return await work(path)
  } finally {
    await rm(path, { force: true })
  }
}

async function download(
  storage: Storage,
  key: string,
  size: number,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const share = Math.max(SMALLEST_SHARE, Math.ceil(size / STREAMS))
  const starts = Array.from({ length: Math.ceil(size / share) }, (_, index) => index * share)
  const failed = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  const file = await open(path, 'wx', 0o600)
  try {
    const done = await Promise.allSettled(
      starts.map(async (start) => {
        try {
          await copyRange(start, Math.min(start + share, size) - 1)
        } catch (thrown) {
          failed.abort(thrown)
        }
      }),
    )
    if (signal?.aborted) throw signal.reason
    if (failed.signal.aborted) throw failed.signal.reason
    const { size: reached } = await file.stat()
    if (reached !== size || done.length !== starts.length)
      throw new UpliftError('STORAGE:UNREACHABLE', `${key} has ${size} bytes, of which ${reached} came.`)
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOSPC'))
      throw new UpliftError('DISK:FULL', `There is no room for the ${size} bytes of ${key} in ${path}.`, {
        cause: thrown,
      })
    throw thrown
  } finally {
    await file.close()
  }

  async function copyRange(start: number, end: number): Promise<void> {
    stop.throwIfAborted()
    const content = await storage.read(key, { start, end })
    const abort = () => content.destroy(stop.reason)
    stop.addEventListener('abort', abort)
    try {
      let position = start
      for await (const chunk of content)
        for (let at = 0; at < chunk.length; ) {
          const { bytesWritten } = await file.write(chunk, at, chunk.length - at, position)
          at += bytesWritten
          position += bytesWritten
        }
      if (position !== end + 1)
        throw new UpliftError('STORAGE:UNREACHABLE', `${key} ends at byte ${position} instead of ${end + 1}.`)
    } finally {
      stop.removeEventListener('abort', abort)
    }
  }
}
