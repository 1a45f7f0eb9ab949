import type { ApiDeps } from '../../api/deps.ts'
import type { ResumableUploads, UploadState } from '../../api/uploads/resumable.ts'
import { UpliftError } from '../../errors.ts'
import { type EarlyLook, earlyLook, NOT_YET } from '../../inspect/early-look.ts'
import { needsTimezone, reachableTargets } from '../status/draft.ts'

/** What the page shows of a file that is still on its way. */
export interface Contents {
  look: EarlyLook
  /** What can be reached from its version; all there are while it is not known. */
  targets: string[]
  /** Whether the time zone of its server matters. */
  timezone: boolean
}

/** What is known of an upload: nothing yet, its contents, or why it is no dump. */
export type Known = { contents: Contents | null; refused: string | null }

/** Bytes at which it is looked again: each time there is a few times more to be seen. The last is reached in seconds. */
const STEPS = [192 * 1024, 1024 * 1024, 4 * 1024 * 1024, 16 * 1024 * 1024, 64 * 1024 * 1024]
/** Looks at the same time, of all uploads. */
const MOST_AT_ONCE = 2

interface Looked {
  step: number
  running: boolean
  known: Known
}

/** Looks at the beginnings of uploads: at each a few times, one look at a time. */
export class EarlyLooks {
  readonly #uploads: ResumableUploads
  readonly #deps: Pick<ApiDeps, 'targets' | 'versionProblem' | 'log'>
  readonly #looked = new Map<string, Looked>()
  #running = 0

  constructor(uploads: ResumableUploads, deps: Pick<ApiDeps, 'targets' | 'versionProblem' | 'log'>) {
    this.#uploads = uploads
    this.#deps = deps
  }

  /** What is known now; a further look may begin, and is told the next time. */
  at(id: string, state: UploadState): Known {
    const looked = this.#looked.get(id) ?? {
      step: -1,
      running: false,
      known: { contents: null, refused: null },
    }
    if (state.state === 'open') this.#lookOn(id, looked, state)
    return looked.known
  }

  #lookOn(id: string, looked: Looked, { bytes, size }: { bytes: number; size: number }): void {
    const step = STEPS.findLastIndex((least) => bytes >= least)
    const { refused, contents } = looked.known
    if (step <= looked.step || looked.running || this.#running >= MOST_AT_ONCE) return
    if (refused !== null || contents?.look.modulesAre === 'read') return
    if (!this.#looked.has(id)) setTimeout(() => this.#looked.delete(id), 3_600_000).unref()
    this.#looked.set(id, looked)
    looked.running = true
    looked.step = step
    this.#running++
    this.#look(this.#uploads.path(id), size)
      .then((known) => {
        if (known !== null) looked.known = known
      })
      .catch((error: unknown) => {
        this.#deps.log.warn({ err: error }, 'the beginning of an upload was not looked at')
      })
      .finally(() => {
        looked.running = false
        this.#running--
      })
  }

  async #look(path: string, wholeBytes: number): Promise<Known | null> {
    try {
      const look = await earlyLook(path, { wholeBytes })
      if (look === NOT_YET) return null
      return {
        refused: null,
        contents: {
          look,
          targets: await reachableTargets(this.#deps, look.version),
          timezone: needsTimezone({ databaseVersion: look.version }),
        },
      }
    } catch (thrown) {
      if (!(thrown instanceof UpliftError) || !thrown.code.startsWith('DUMP:')) throw thrown
      return { contents: null, refused: thrown.message.replaceAll(path, '') }
    }
  }
}
