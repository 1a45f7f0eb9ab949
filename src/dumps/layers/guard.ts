import { UpliftError } from '../../errors.ts'

/**
 * How far a file may unpack: an honest dump shrinks to a fifth or a twentieth under gzip, seldom to a hundredth;
 * a bomb reaches a thousandth per layer. Small files may hold anything that is quickly read.
 */
export interface ExpansionLimit {
  /** Bytes that are let through whatever the ratio. */
  freeBytes: number
  /** Most bytes out for each byte of the file on disk. */
  ratio: number
}

export const EXPANSION_LIMIT: ExpansionLimit = { freeBytes: 256 * 1024 * 1024, ratio: 200 }

/** Counts what one pass over a file unpacks to and stops it beyond the limit, however many layers there are. */
export class ExpansionGuard {
  readonly #most: number
  #bytes = 0

  constructor(fileBytes: number, limit: ExpansionLimit) {
    this.#most = Math.max(limit.freeBytes, fileBytes * limit.ratio)
  }

  count(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#most)
      throw new UpliftError(
        'DUMP:BOMB',
        `The file unpacks to more than ${this.#most} bytes, far more than a dump of its size holds; it is not read further.`,
        { detail: { bytes: this.#bytes, most: this.#most } },
      )
  }
}
