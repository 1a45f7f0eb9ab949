/** XXH32 (its public specification), the checksum of LZ4 frames; taken over bytes that arrive in pieces. */

const PRIME1 = 0x9e3779b1
const PRIME2 = 0x85ebca77
const PRIME3 = 0xc2b2ae3d
const PRIME4 = 0x27d4eb2f
const PRIME5 = 0x165667b1

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, PRIME2)) | 0, 13), PRIME1)
}

export class XxHash32 {
  readonly #lanes = new Int32Array([PRIME1 + PRIME2, PRIME2, 0, -PRIME1])
  readonly #rest = Buffer.alloc(16)
  #restLength = 0
  #total = 0

  update(bytes: Buffer): this {
    this.#total += bytes.length
    let at = 0
    if (this.#restLength > 0) {
      at = bytes.copy(this.#rest, this.#restLength, 0, 16 - this.#restLength)
      this.#restLength += at
      if (this.#restLength < 16) return this
      this.#stripe(this.#rest, 0)
      this.#restLength = 0
    }
    for (; at + 16 <= bytes.length; at += 16) this.#stripe(bytes, at)
    this.#restLength = bytes.copy(this.#rest, 0, at)
    return this
  }

  #stripe(bytes: Buffer, at: number): void {
    for (let lane = 0; lane < 4; lane++)
      this.#lanes[lane] = round(this.#lanes[lane]!, bytes.readInt32LE(at + lane * 4))
  }

  /** The checksum as an unsigned number. */
  digest(): number {
    const [a, b, c, d] = this.#lanes
    let hash = PRIME5
    if (this.#total >= 16) hash = rotate(a!, 1) + rotate(b!, 7) + rotate(c!, 12) + rotate(d!, 18)
    hash = (hash + this.#total) | 0
    let at = 0
    for (; at + 4 <= this.#restLength; at += 4)
      hash = Math.imul(rotate((hash + Math.imul(this.#rest.readInt32LE(at), PRIME3)) | 0, 17), PRIME4)
    for (; at < this.#restLength; at++)
      hash = Math.imul(rotate((hash + Math.imul(this.#rest[at]!, PRIME5)) | 0, 11), PRIME1)
    hash = Math.imul(hash ^ (hash >>> 15), PRIME2)
    hash = Math.imul(hash ^ (hash >>> 13), PRIME3)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}
