import { corrupt } from '../failures.ts'

/** Matches at least this long are copied by the engine, shorter ones byte by byte, which then is quicker. */
const LONG_COPY = 48

/**
 * Unpacks one LZ4 block (the public block format) into `out` from `start`; matches may reach back to the start of
 * `out`, which holds what came before. Returns the place after the last byte.
 */
export function unpackLz4Block(block: Buffer, out: Buffer, start: number): number {
  let from = 0
  let to = start
  while (from < block.length) {
    const token = block[from++]!
    let literals = token >>> 4
    if (literals === 15) {
      let more: number
      do {
        if (from >= block.length) throw damaged()
        more = block[from++]!
        literals += more
      } while (more === 255)
    }
    if (from + literals > block.length || to + literals > out.length) throw damaged()
    if (literals < LONG_COPY) for (const last = to + literals; to < last; ) out[to++] = block[from++]!
    else {
      block.copy(out, to, from, from + literals)
      to += literals
      from += literals
    }
    if (from >= block.length) return to

    if (from + 2 > block.length) throw damaged()
    const distance = block[from]! | (block[from + 1]! << 8)
    from += 2
    let length = (token & 15) + 4
    if (length === 19) {
      let more: number
      do {
        if (from >= block.length) throw damaged()
        more = block[from++]!
        length += more
      } while (more === 255)
    }
    let match = to - distance
    if (distance === 0 || match < 0 || to + length > out.length) throw damaged()
    if (length < LONG_COPY || distance < length)
      for (const last = to + length; to < last; ) out[to++] = out[match++]!
    else {
      out.copyWithin(to, match, match + length)
      to += length
    }
  }
  return to
}

function damaged() {
  return corrupt('an LZ4 block cannot be unpacked')
}
