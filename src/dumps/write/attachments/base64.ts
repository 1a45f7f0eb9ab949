const NOTHING = Buffer.alloc(0)

/**
 * Base64 in pieces that break anywhere, with or without line breaks. What is no base64 is not guessed at: from there
 * on `valid` is false.
 */
export class Base64Decoder {
  valid = true
  /** Characters of a group of four that is not complete. */
  #rest = ''
  #padded = false

  write(piece: Buffer): Buffer {
    if (!this.valid) return NOTHING
    const text = this.#rest + piece.toString('latin1').replaceAll(/[\r\n\t ]+/g, '')
    if (text !== '' && this.#padded) return this.#refuse()
    const whole = text.length - (text.length % 4)
    this.#rest = text.slice(whole)
    const groups = text.slice(0, whole)
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(groups)) return this.#refuse()
    this.#padded = groups.endsWith('=')
    return Buffer.from(groups, 'base64')
  }

  /** Has to be called at the end: a group that stayed incomplete makes the whole invalid. */
  end(): void {
    if (this.#rest !== '') this.valid = false
  }

  #refuse(): Buffer {
    this.valid = false
    return NOTHING
  }
}
