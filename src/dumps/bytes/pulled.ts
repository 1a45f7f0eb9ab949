import { Readable } from 'node:stream'

/**
 * A readable stream over a function that gives the next piece. Unlike a stream made from a generator it can be
 * left at any place: `settle` waits for a read that is under way, and the owner then goes on with the same function.
 */
export class PulledReadable extends Readable {
  readonly #pull: () => Promise<Buffer | null>
  #reading: Promise<void> = Promise.resolve()

  constructor(pull: () => Promise<Buffer | null>) {
    super({ highWaterMark: 512 * 1024 })
    this.#pull = pull
  }

  override _read(): void {
    this.#reading = this.#pull().then(
      (piece) => {
        if (!this.destroyed) this.push(piece)
      },
      (thrown: unknown) => {
        this.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)))
      },
    )
  }

  /** Ends the stream where it is, without an error, and waits for the read that is under way. */
  async settle(): Promise<void> {
    this.destroy()
    await this.#reading
  }
}
