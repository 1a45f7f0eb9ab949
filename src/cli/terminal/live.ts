import type { Progress } from '../../upgrade/events.ts'
import { printable } from '../../words/printable.ts'
import { secondsInWords } from '../../words/quantities.ts'
import { describeProgress } from './describe.ts'
import type { Screen, Show } from './show.ts'

const REDRAW = 200
const NAME_WIDTH = 22

/** For a terminal: finished stages stay as lines, the current one is a single line that is drawn anew. */
export class LiveShow implements Show {
  readonly #screen: Screen
  #stage: { name: string; since: number; progress: Progress | null } | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(screen: Screen) {
    this.#screen = screen
  }

  onStage(name: string, when: 'start' | 'end', seconds: number): void {
    if (when === 'end') {
      this.#clear()
      this.#screen.write(
        `  \x1b[32m✓\x1b[0m ${printable(name).padEnd(NAME_WIDTH)} ${secondsInWords(seconds).padStart(12)}\n`,
      )
      this.#stage = null
      return
    }
    this.#stage = { name, since: performance.now(), progress: null }
    this.#timer ??= setInterval(() => this.#draw(), REDRAW).unref()
    this.#draw()
  }

  onProgress(progress: Progress): void {
    if (this.#stage) this.#stage.progress = progress
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    if (!this.#stage) return
    this.#clear()
    const { name, since } = this.#stage
    this.#screen.write(
      `  \x1b[31m✗\x1b[0m ${printable(name).padEnd(NAME_WIDTH)} ${secondsInWords((performance.now() - since) / 1000).padStart(12)}\n`,
    )
    this.#stage = null
  }

  #draw(): void {
    if (!this.#stage) return
    const { name, since, progress } = this.#stage
    const elapsed = (performance.now() - since) / 1000
    const line = [
      `  ▸ ${printable(name).padEnd(NAME_WIDTH)} ${secondsInWords(elapsed).padStart(12)}`,
      progress ? printable(describeProgress(progress, elapsed)) : '',
    ].join('  ')
    // A line that wraps could not be drawn over.
    this.#screen.write(`\r\x1b[2K${line.slice(0, Math.max(20, (this.#screen.columns ?? 80) - 1))}`)
  }

  #clear(): void {
    this.#screen.write('\r\x1b[2K')
  }
}
