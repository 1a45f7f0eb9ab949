import { hostile } from '../failures.ts'

/**
 * The path of a member in one form; DUMP:HOSTILE for one that leads elsewhere. Nothing is ever written under these
 * names, but they are compared with names from the table of contents and handed to whoever stores attachments.
 */
export function safeName(name: string): string {
  if (name.includes('\0') || name.includes('\\'))
    throw hostile('a file name holds a character no path has', { name })
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name))
    throw hostile('a file name is an absolute path', { name })
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw hostile('a file name leads outside with ".."', { name })
  if (parts.length === 0) throw hostile('a file has no name', { name })
  return parts.join('/')
}

/** A name from a table of contents: a file of the archive's own folder. */
export function plainFileName(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name))
    throw hostile('the table of contents names a file elsewhere', { name })
  return name
}

/**
 * Finds names that occur twice, also in another case, in about 8 bytes a name: a filestore has millions. Two names
 * may share a fingerprint; whoever asks compares the names themselves for the few that do.
 */
export class DuplicateNames {
  #prints = new Float64Array(1024)
  #count = 0

  add(name: string): void {
    if (this.#count === this.#prints.length) {
      const grown = new Float64Array(this.#prints.length * 2)
      grown.set(this.#prints)
      this.#prints = grown
    }
    this.#prints[this.#count++] = fingerprint(name)
  }

  /** Fingerprints that several names share. */
  suspects(): Set<number> {
    const sorted = this.#prints.subarray(0, this.#count).sort()
    const found = new Set<number>()
    for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) found.add(sorted[i]!)
    return found
  }
}

/** 52 bits over the name in lower case (two lanes of FNV-1a). */
export function fingerprint(name: string): number {
  const folded = name.toLowerCase()
  let low = 0x811c9dc5
  let high = 0x01234567
  for (let i = 0; i < folded.length; i++) {
    const unit = folded.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x01000193) + low
  }
  return (high >>> 12) * 0x1_0000_0000 + (low >>> 0)
}
