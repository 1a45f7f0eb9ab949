import { corrupt, unsupported } from '../failures.ts'

/** A longer statement is refused, so that memory has a bound: rows in COPY form have no such bound. */
export const MAX_STATEMENT_BYTES = 64 * 1024 * 1024

/** No name or dollar tag of a dump is longer; PostgreSQL's own limit is 63 bytes. */
const MAX_WORD_BYTES = 64 * 1024

const NEWLINE = 0x0a
const DOUBLE_QUOTE = 0x22
const DOLLAR = 0x24
const QUOTE = 0x27
const OPEN = 0x28
const CLOSE = 0x29
const STAR = 0x2a
const MINUS = 0x2d
const SLASH = 0x2f
const SEMICOLON = 0x3b
const BACKSLASH = 0x5c

/** What a byte may mean outside of quotes; 0 is passed over. */
const WORD_START = 1
const WORD_PART = 2
const SPECIAL = 4
const KINDS = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) {
  const letter =
    (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f || byte >= 0x80
  if (letter) KINDS[byte] = WORD_START | WORD_PART
  else if ((byte >= 0x30 && byte <= 0x39) || byte === DOLLAR) KINDS[byte] = WORD_PART
}
for (const byte of [DOUBLE_QUOTE, DOLLAR, QUOTE, OPEN, CLOSE, MINUS, SLASH, SEMICOLON])
  KINDS[byte]! |= SPECIAL

type State = 'sql' | 'quote' | 'escapeQuote' | 'name' | 'dollar' | 'lineComment' | 'blockComment'
type Outcome = 'go on' | 'more' | 'end'

/**
 * Finds the end of one SQL statement in bytes that arrive in pieces, by the rules that psql splits statements by:
 * quotes, dollar quotes, nested comments, parentheses, and BEGIN ATOMIC … END bodies of CREATE FUNCTION.
 */
export class StatementScanner {
  standardConformingStrings: boolean
  #state: State = 'sql'
  /** Bytes of the statement that need no second look. */
  #done = 0
  #parentheses = 0
  #commentDepth = 0
  #dollarTag: Buffer = Buffer.alloc(0)
  /** The first words, lower case: they say whether this is CREATE FUNCTION. */
  #words: string[] = []
  #bodies = 0

  #bytes: Buffer = this.#dollarTag
  #at = 0
  #end = 0

  constructor(standardConformingStrings: boolean) {
    this.standardConformingStrings = standardConformingStrings
  }

  /** Begins a new statement. */
  reset(): void {
    this.#state = 'sql'
    this.#done = 0
    this.#parentheses = 0
    this.#words = []
    this.#bodies = 0
  }

  /**
   * Looks at the statement that begins at `start`, going on where the last look ended.
   * @returns the length of the statement with its semicolon, null when more bytes are needed
   */
  scan(bytes: Buffer, start: number, end: number): number | null {
    this.#bytes = bytes
    this.#at = start + this.#done
    this.#end = end
    for (;;) {
      const outcome = this.#step()
      if (outcome === 'go on') continue
      this.#done = this.#at - start
      if (outcome === 'end') return this.#done
      if (end - start > MAX_STATEMENT_BYTES)
        throw unsupported(
          `One statement of the dump is longer than ${MAX_STATEMENT_BYTES} bytes: make the dump without --inserts.`,
          { most: MAX_STATEMENT_BYTES },
        )
      return null
    }
  }

  #step(): Outcome {
    switch (this.#state) {
      case 'sql':
        return this.#sql()
      case 'quote':
        return this.#past(this.#find(QUOTE), 1)
      case 'name':
        return this.#past(this.#find(DOUBLE_QUOTE), 1)
      case 'lineComment':
        return this.#past(this.#find(NEWLINE), 1)
      case 'dollar':
        return this.#dollarQuote()
      case 'escapeQuote':
        return this.#escapeQuote()
      case 'blockComment':
        return this.#blockComment()
    }
  }

  #find(byte: number): number {
    const found = this.#bytes.indexOf(byte, this.#at)
    return found < this.#end ? found : -1
  }

  /** Goes on with SQL behind what was found; everything up to the end is looked at when nothing was. */
  #past(found: number, length: number): Outcome {
    this.#at = found === -1 ? this.#end : found + length
    if (found === -1) return 'more'
    this.#state = 'sql'
    return 'go on'
  }

  #sql(): Outcome {
    const bytes = this.#bytes
    const end = this.#end
    for (let at = this.#at; at < end; at++) {
      const kind = KINDS[bytes[at]!]!
      if ((kind & (WORD_START | SPECIAL)) === 0) continue
      this.#at = at
      const outcome = (kind & WORD_START) !== 0 ? this.#word() : this.#special(bytes[at]!)
      if (outcome !== 'go on' || this.#state !== 'sql') return outcome
      at = this.#at - 1
    }
    this.#at = end
    return 'more'
  }

  #special(byte: number): Outcome {
    const at = this.#at++
    switch (byte) {
      case QUOTE:
        this.#state = this.standardConformingStrings ? 'quote' : 'escapeQuote'
        return 'go on'
      case DOUBLE_QUOTE:
        this.#state = 'name'
        return 'go on'
      case OPEN:
        this.#parentheses++
        return 'go on'
      case CLOSE:
        if (this.#parentheses > 0) this.#parentheses--
        return 'go on'
      case SEMICOLON:
        return this.#parentheses === 0 && this.#bodies === 0 ? 'end' : 'go on'
      case DOLLAR:
        return this.#openDollar(at)
      default:
        return this.#openComment(at, byte)
    }
  }

  #openComment(at: number, byte: number): Outcome {
    if (at + 1 >= this.#end) return this.#again(at)
    const following = this.#bytes[at + 1]
    if (byte === MINUS && following === MINUS) {
      this.#state = 'lineComment'
      this.#at = at + 2
    } else if (byte === SLASH && following === STAR) {
      this.#state = 'blockComment'
      this.#commentDepth = 1
      this.#at = at + 2
    }
    return 'go on'
  }

  /** A dollar begins a quote when a tag (or none) and another dollar follow; else it is an operator's or parameter's. */
  #openDollar(at: number): Outcome {
    let to = at + 1
    if (to < this.#end && KINDS[this.#bytes[to]!]! & WORD_START) to = this.#wordEnd(to, DOLLAR)
    if (to >= this.#end) return this.#again(at)
    if (this.#bytes[to] !== DOLLAR) return 'go on'
    this.#dollarTag = Buffer.from(this.#bytes.subarray(at, to + 1))
    this.#state = 'dollar'
    this.#at = to + 1
    return 'go on'
  }

  #dollarQuote(): Outcome {
    const found = this.#bytes.subarray(0, this.#end).indexOf(this.#dollarTag, this.#at)
    if (found !== -1) return this.#past(found, this.#dollarTag.length)
    this.#at = Math.max(this.#at, this.#end - this.#dollarTag.length + 1)
    return 'more'
  }

  #escapeQuote(): Outcome {
    const bytes = this.#bytes
    for (let at = this.#at; at < this.#end; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) return this.#past(at, 1)
      if (byte !== BACKSLASH) continue
      if (at + 1 >= this.#end) return this.#again(at)
      at++
    }
    this.#at = this.#end
    return 'more'
  }

  #blockComment(): Outcome {
    const bytes = this.#bytes
    for (let at = this.#at; at < this.#end; at++) {
      const byte = bytes[at]
      if (byte !== SLASH && byte !== STAR) continue
      if (at + 1 >= this.#end) return this.#again(at)
      const following = bytes[at + 1]
      if (byte === SLASH && following === STAR) {
        this.#commentDepth++
        at++
      } else if (byte === STAR && following === SLASH) {
        this.#commentDepth--
        if (this.#commentDepth === 0) return this.#past(at, 2)
        at++
      }
    }
    this.#at = this.#end
    return 'more'
  }

  #word(): Outcome {
    const at = this.#at
    const to = this.#wordEnd(at)
    if (to >= this.#end) return this.#again(at)
    this.#at = to
    if (to - at === 1 && this.#bytes[to] === QUOTE && (this.#bytes[at]! | 0x20) === 0x65) {
      this.#state = 'escapeQuote'
      this.#at = to + 1
      return 'go on'
    }
    if (this.#words.length < 5) this.#words.push(this.#text(at, to))
    else if (!this.#definesFunction()) return 'go on'
    if (this.#parentheses === 0 && this.#definesFunction()) this.#body(this.#text(at, to))
    return 'go on'
  }

  /** psql counts BEGIN, CASE and END in CREATE FUNCTION, so that the semicolons of a body do not end it. */
  #body(word: string): void {
    if (word === 'begin') this.#bodies++
    else if (word === 'case' && this.#bodies > 0) this.#bodies++
    else if (word === 'end' && this.#bodies > 0) this.#bodies--
  }

  #definesFunction(): boolean {
    const [first, second, third, fourth] = this.#words
    if (first !== 'create') return false
    const kind = second === 'or' && third === 'replace' ? fourth : second
    return kind === 'function' || kind === 'procedure'
  }

  #wordEnd(from: number, stop = -1): number {
    let to = from
    while (to < this.#end && (KINDS[this.#bytes[to]!]! & WORD_PART) !== 0 && this.#bytes[to] !== stop) to++
    return to
  }

  #text(from: number, to: number): string {
    return this.#bytes.toString('latin1', from, to).toLowerCase()
  }

  /** Stops before something that can only be judged with the bytes behind it. */
  #again(at: number): Outcome {
    if (this.#end - at > MAX_WORD_BYTES) throw corrupt('a name in the SQL has no end')
    this.#at = at
    return 'more'
  }
}
