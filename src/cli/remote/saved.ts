import { chmod, mkdir, open, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FileStamp } from './dump-file.ts'

/** A request that was made from this machine, with the key that gives access to it. */
export interface SavedRequest {
  /** The platform, as the client names it. */
  url: string
  request: number
  key: string
  contract: string
  email: string
  target: string
  aim: string
  /** The dump that it is for; null where none was named yet. */
  file: FileStamp | null
  /** SHA-256 of the upload that arrived whole; null before. */
  sha256: string | null
  /** Whether its end was told, so that the same dump begins a new request. */
  over: boolean
}

/**
 * The requests made from this machine, in a file that only its owner can read. It is only ever added to, one line of JSON
 * a change, so that two commands at the same time lose nothing; of several lines about a request the last one holds.
 */
export class SavedRequests {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  get path(): string {
    return this.#path
  }

  async save(saved: SavedRequest): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const file = await open(this.#path, 'a', 0o600)
    try {
      // It may have been made by hand, or copied, with looser rights.
      if (((await file.stat()).mode & 0o077) !== 0) await chmod(this.#path, 0o600)
      // The feed before it ends a line that a full disk may have cut off.
      await file.appendFile(`\n${JSON.stringify(saved)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  /** Those of one platform, the one that was saved last at the end. */
  async of(url: string): Promise<SavedRequest[]> {
    const text = await readFile(this.#path, 'utf8').catch(() => '')
    const byId = new Map<number, SavedRequest>()
    for (const line of text.split('\n')) {
      const saved = parse(line)
      if (saved?.url !== url) continue
      byId.delete(saved.request)
      byId.set(saved.request, saved)
    }
    return [...byId.values()]
  }
}

/** `UPLIFT_REMOTE_STATE`, else below `XDG_STATE_HOME`, else in the home folder. */
export function savedRequests(env: NodeJS.ProcessEnv): SavedRequests {
  if (env.UPLIFT_REMOTE_STATE) return new SavedRequests(env.UPLIFT_REMOTE_STATE)
  const folder = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.config')
  return new SavedRequests(join(folder, 'uplift', 'requests.jsonl'))
}

/** A line that was cut off by a full disk, or is of another version, is passed over. */
function parse(line: string): SavedRequest | null {
  try {
    const value = JSON.parse(line) as Partial<SavedRequest> | null
    return typeof value?.url === 'string' &&
      typeof value.request === 'number' &&
      typeof value.key === 'string' &&
      typeof value.over === 'boolean'
      ? (value as SavedRequest)
      : null
  } catch {
    return null
  }
}
