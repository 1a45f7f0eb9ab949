import type { Progress } from '../../upgrade/events.ts'
import type { Screen, Show } from './show.ts'

/** Least milliseconds between two lines about progress. */
const INTERVAL = 500

/** For programs: each event is one line of JSON. The last line, of the event "result" or "error", is the command's. */
export class JsonShow implements Show {
  readonly #screen: Screen
  #last = Number.NEGATIVE_INFINITY

  constructor(screen: Screen) {
    this.#screen = screen
  }

  onStage(name: string, when: 'start' | 'end', seconds: number): void {
    this.#write({
      event: 'stage',
      name,
      when,
      ...(when === 'end' ? { seconds: Math.round(seconds * 1000) / 1000 } : {}),
    })
  }

  onProgress(progress: Progress): void {
    const now = performance.now()
    if (now - this.#last < INTERVAL) return
    this.#last = now
    this.#write({ event: 'progress', ...progress })
  }

  close(): void {}

  #write(event: Record<string, unknown>): void {
    this.#screen.write(`${JSON.stringify(event)}\n`)
  }
}
