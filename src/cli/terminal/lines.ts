import { printable } from '../../words/printable.ts'
import { secondsInWords } from '../../words/quantities.ts'
import type { Screen, Show } from './show.ts'

/** For a file or a pipe: one line for each stage that ended, and one for the stage in which the work stopped. */
export class LineShow implements Show {
  readonly #screen: Screen
  #stage: { name: string; since: number } | null = null

  constructor(screen: Screen) {
    this.#screen = screen
  }

  onStage(name: string, when: 'start' | 'end', seconds: number): void {
    this.#stage = when === 'start' ? { name, since: performance.now() } : null
    if (when === 'end') this.#screen.write(`${printable(name)}: ${secondsInWords(seconds)}\n`)
  }

  onProgress(): void {}

  close(): void {
    if (!this.#stage) return
    const { name, since } = this.#stage
    this.#screen.write(
      `${printable(name)}: stopped after ${secondsInWords((performance.now() - since) / 1000)}\n`,
    )
    this.#stage = null
  }
}
