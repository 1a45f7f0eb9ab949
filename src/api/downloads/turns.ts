/**
 * Lets so many work at the same time and has the others wait in their order; one owner alone never takes all the places.
 */
export class Turns {
  readonly #most: number
  readonly #mostOfOne: number
  readonly #taken = new Map<number, number>()
  readonly #waiting: { owner: number; start: () => void }[] = []
  #total = 0

  constructor(most: number, mostOfOne: number) {
    this.#most = most
    this.#mostOfOne = mostOfOne
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Waits for a place. What is given back frees it; calling that again does nothing. */
  async take(owner: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (!this.#hasRoom(owner) || this.#waiting.some((other) => this.#hasRoom(other.owner)))
      await this.#wait(owner, signal)
    else this.#occupy(owner)
    let freed = false
    return () => {
      if (freed) return
      freed = true
      this.#free(owner)
    }
  }

  #wait(owner: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = {
        owner,
        start: () => {
          signal.removeEventListener('abort', leave)
          this.#occupy(owner)
          resolve()
        },
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(turn)
    })
  }

  #hasRoom(owner: number): boolean {
    return this.#total < this.#most && (this.#taken.get(owner) ?? 0) < this.#mostOfOne
  }

  #occupy(owner: number): void {
    this.#total++
    this.#taken.set(owner, (this.#taken.get(owner) ?? 0) + 1)
  }

  #free(owner: number): void {
    this.#total--
    const left = this.#taken.get(owner)! - 1
    if (left === 0) this.#taken.delete(owner)
    else this.#taken.set(owner, left)
    const next = this.#waiting.findIndex((turn) => this.#hasRoom(turn.owner))
    if (next !== -1) this.#waiting.splice(next, 1)[0]!.start()
  }
}
