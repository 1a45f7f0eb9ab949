import { open } from 'node:fs/promises'

/** What is uploaded: the path of a file, a Blob, or bytes as they come (those can be sent only once). */
export type UploadSource = string | Blob | AsyncIterable<Uint8Array>

export interface OpenSource {
  /** Null where the whole is not known beforehand. */
  bytes: number | null
  /** Whether `chunks` can be called again and gives the same bytes. */
  repeatable: boolean
  chunks(): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** Large enough that system calls do not count, small enough for flat memory. */
const CHUNK = 256 * 1024

/** Opens what is to be sent. @throws the system's error where a file cannot be read */
export async function openSource(source: UploadSource): Promise<OpenSource> {
  if (typeof source === 'string') return openFile(source)
  if (source instanceof Blob)
    return {
      bytes: source.size,
      repeatable: true,
      chunks: () => source.stream() as unknown as AsyncIterable<Uint8Array>,
      close: async () => {},
    }
  return { bytes: null, repeatable: false, chunks: () => source, close: async () => {} }
}

async function openFile(path: string): Promise<OpenSource> {
  const file = await open(path, 'r')
  const facts = await file.stat()
  if (!facts.isFile()) {
    await file.close()
    throw new TypeError(`${path} is not a file.`)
  }
  const bytes = facts.size
  return {
    bytes,
    repeatable: true,
    async *chunks() {
      // A file that grows meanwhile is sent as it was when it was opened.
      let at = 0
      while (at < bytes) {
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK, bytes - at))
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
        if (bytesRead === 0) throw new Error(`${path} became shorter while it was being sent.`)
        at += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    },
    close: () => file.close(),
  }
}
