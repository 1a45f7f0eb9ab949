import { createHash } from 'node:crypto'
import { readAnswer } from './answer.ts'
import type { Line } from './call.ts'
import { UnexpectedAnswer } from './errors.ts'
import { networkError } from './network.ts'
import { tryAgain } from './retry.ts'
import { send } from './send.ts'
import { type OpenSource, openSource, type UploadSource } from './source.ts'

export interface TransferProgress {
  /** Bytes that went over; falls back when a transfer begins anew. */
  done: number
  /** Null where the whole is not known beforehand. */
  total: number | null
}

export interface Uploaded {
  bytes: number
  /** Hexadecimal SHA-256 of what was sent. */
  sha256: string
}

/** Sends a dump; a broken transfer begins again from its start, for the API has no means to go on with one. */
export async function upload(
  line: Line,
  access: { request: number; key: string },
  source: UploadSource,
  options: {
    onProgress?: ((progress: TransferProgress) => void) | undefined
    signal: AbortSignal | undefined
  },
): Promise<Uploaded> {
  const url = new URL(`${line.base}/database/v1/upload`)
  url.search = new URLSearchParams({ key: access.key, request: String(access.request) }).toString()
  const opened = await openSource(source)
  try {
    return await tryAgain(line.retry, options.signal, () => sendOnce(line, url, opened, options))
  } finally {
    await opened.close()
  }
}

async function sendOnce(
  line: Line,
  url: URL,
  opened: OpenSource,
  { onProgress, signal }: Parameters<typeof upload>[3],
): Promise<Uploaded> {
  const hash = createHash('sha256')
  let bytes = 0
  let broken: unknown
  async function* watched(): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of opened.chunks()) {
        yield chunk
        hash.update(chunk)
        bytes += chunk.byteLength
        onProgress?.({ done: bytes, total: opened.bytes })
      }
    } catch (thrown) {
      broken = thrown
      throw thrown
    }
  }
  const sent = await send(url, { bytes: opened.bytes, chunks: watched() }, signal).catch(
    (thrown: unknown) => {
      // A disk that does not read is no trouble of the network.
      if (broken !== undefined) throw broken
      throw networkError(thrown, line.origin, opened.repeatable || bytes === 0)
    },
  )
  readAnswer(sent.answer, line.origin)
  if (!sent.whole)
    throw new UnexpectedAnswer(sent.answer.status, `${line.origin} took the dump before it was sent whole.`)
  return { bytes, sha256: hash.digest('hex') }
}
