import type { ItemOptions } from '../archive/items.ts'
import type { ByteSource } from '../bytes/file.ts'
import { countNewlines } from '../bytes/newlines.ts'
import { PulledReadable } from '../bytes/pulled.ts'
import type { DumpItem, TocEntry } from '../dump.ts'
import { corrupt, truncated, unsupported } from '../failures.ts'
import { type Decode, decoder } from '../text.ts'
import { CopyEnd } from './copy-end.ts'
import { type CopyStatement, parseCopyStatement } from './copy-statement.ts'
import { StatementScanner } from './scanner.ts'
import { Settings } from './settings.ts'
import { Window } from './window.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
const BACKSLASH = 0x5c
const MINUS = 0x2d
const SLASH = 0x2f
const STAR = 0x2a
const BLANK = new Set([0x20, 0x09, NEWLINE, RETURN, 0x0c, 0x0b])

/** What pg_dump writes as the first and the last line of a plain dump, and pg_dumpall of a whole cluster. */
const FIRST_LINE = /^-- PostgreSQL database (cluster )?dump\s*$/
const LAST_LINE = /^-- PostgreSQL database (cluster )?dump complete\s*$/

export interface SplitOptions extends ItemOptions {
  encoding: string | null
  standardConformingStrings: boolean
  /** The entry of an archive whose data this is; null for a plain dump. */
  entry: TocEntry | null
}

/**
 * Splits SQL text into statements, psql meta-commands and COPY data, in one pass and in pieces. Nothing is run.
 * DUMP:TRUNCATED when the text ends within a statement, within COPY data, or without the line that pg_dump ends with.
 */
export async function* splitSql(source: ByteSource, options: SplitOptions): AsyncGenerator<DumpItem> {
  const splitter = new Splitter(source, options)
  try {
    yield* splitter.items()
  } finally {
    await splitter.close()
  }
}

class Splitter {
  readonly #window: Window
  readonly #options: SplitOptions
  readonly #scanner: StatementScanner
  readonly #settings: Settings
  #decode: Decode
  /** Line of the first byte of the window. */
  #line = 1
  /** Dumps by pg_dump that were begun and not completed. */
  #unfinished = 0

  constructor(source: ByteSource, options: SplitOptions) {
    this.#window = new Window(source)
    this.#options = options
    this.#settings = new Settings(options.encoding, options.standardConformingStrings)
    this.#scanner = new StatementScanner(options.standardConformingStrings)
    this.#decode = decoder(options.encoding)
  }

  close(): Promise<void> {
    return this.#window.close()
  }

  async *items(): AsyncGenerator<DumpItem> {
    let items = 0
    while (await this.#toStatement()) {
      items++
      this.#options.signal?.throwIfAborted()
      if (this.#window.bytes[this.#window.start] === BACKSLASH) yield await this.#metaCommand()
      else yield* this.#statement()
    }
    if (items === 0 && this.#options.entry === null) throw truncated('it ends before its first statement')
    if (this.#unfinished > 0)
      throw truncated('the last line that pg_dump writes is missing', { line: this.#line })
  }

  /** Goes past blanks and comments; false at the end of the text. */
  async #toStatement(): Promise<boolean> {
    const window = this.#window
    for (;;) {
      while (window.length > 0 && BLANK.has(window.bytes[window.start]!)) this.#consume(1)
      if (window.length < 2 && (await window.more())) continue
      if (window.length === 0) return false
      const first = window.bytes[window.start]
      const second = window.length > 1 ? window.bytes[window.start + 1] : undefined
      if (first === MINUS && second === MINUS) this.#judgeComment(await this.#takeLine())
      else if (first === SLASH && second === STAR) await this.#blockComment()
      else return true
    }
  }

  #judgeComment(comment: Buffer): void {
    if (comment.length > 80) return
    const text = comment.toString('latin1')
    if (FIRST_LINE.test(text)) this.#unfinished++
    else if (LAST_LINE.test(text) && this.#unfinished > 0) this.#unfinished--
  }

  /** A block comment before a statement; the scanner knows how comments nest, and a semicolon never ends one. */
  async #blockComment(): Promise<void> {
    let depth = 0
    let at = 0
    for (;;) {
      const { bytes, start, length } = this.#window
      while (at + 1 < length) {
        const first = bytes[start + at]
        const second = bytes[start + at + 1]
        if (first === SLASH && second === STAR) depth++
        else if (first === STAR && second === SLASH) depth--
        else {
          at++
          continue
        }
        at += 2
        if (depth === 0) return this.#consume(at)
      }
      // What was looked at is let go, so that a comment without an end costs no memory.
      this.#consume(at)
      at = 0
      if (!(await this.#window.more())) throw truncated('it ends within a comment', { line: this.#line })
    }
  }

  async #metaCommand(): Promise<DumpItem> {
    const line = this.#line
    return { kind: 'meta', command: this.#decode(await this.#takeLine()).trimEnd(), line }
  }

  /** The rest of the line without its break. */
  async #takeLine(): Promise<Buffer> {
    let looked = 0
    for (;;) {
      const { bytes, start, end } = this.#window
      const found = bytes.indexOf(NEWLINE, start + looked)
      if (found !== -1 && found < end) {
        const line = bytes.subarray(start, found)
        this.#consume(found + 1 - start)
        return line
      }
      looked = end - start
      if (looked > 1024 * 1024) throw corrupt('a comment or command has no end', { line: this.#line })
      if (await this.#window.more()) continue
      const line = this.#window.bytes.subarray(this.#window.start, this.#window.end)
      this.#consume(line.length)
      return line
    }
  }

  async *#statement(): AsyncGenerator<DumpItem> {
    const line = this.#line
    this.#scanner.reset()
    let length: number | null
    for (;;) {
      length = this.#scanner.scan(this.#window.bytes, this.#window.start, this.#window.end)
      if (length !== null) break
      if (!(await this.#window.more())) throw truncated('it ends within a statement', { line })
    }
    const bytes = this.#window.bytes.subarray(this.#window.start, this.#window.start + length)
    const sql = this.#decode(bytes)
    this.#consume(length)
    const copy = /^copy\b/i.test(sql) ? parseCopyStatement(sql, this.#settings.schema) : null
    if (copy !== null) return yield* this.#copy(copy, sql, line)
    if (this.#settings.note(sql)) {
      this.#scanner.standardConformingStrings = this.#settings.standardConformingStrings
      this.#decode = decoder(this.#settings.encoding)
    }
    yield {
      kind: 'statement',
      sql,
      entry: this.#options.entry,
      line: this.#options.entry === null ? line : null,
    }
  }

  async *#copy(copy: CopyStatement, copyStatement: string, line: number): AsyncGenerator<DumpItem> {
    const { name } = copy.table
    if (copy.rest !== '')
      throw unsupported(
        `The rows of table ${name} are not in pg_dump's text form (${copy.rest.slice(0, 80)}).`,
        {
          line,
        },
      )
    if ((await this.#takeLine()).toString('latin1').trim() !== '')
      throw corrupt(`something follows the COPY statement of table ${name} on its line`, { line })
    const rows = new CopyRows(this.#window, name)
    if (this.#options.wantData?.(copy.table) !== false) {
      const data = new PulledReadable(() => rows.next())
      yield {
        kind: 'copy',
        table: copy.table,
        columns: copy.columns,
        copyStatement,
        entry: this.#options.entry,
        data,
      }
      await data.settle()
    }
    await rows.leave()
    this.#line += rows.lines
  }

  #consume(count: number): void {
    const { bytes, start } = this.#window
    if (count === 1) this.#line += bytes[start] === NEWLINE ? 1 : 0
    else this.#line += countNewlines(bytes.subarray(start, start + count))
    this.#window.start += count
  }
}

/** The rows of one COPY statement of a plain dump, up to the line "\.". */
class CopyRows {
  /** Lines passed, with the last one. */
  lines = 0
  readonly #window: Window
  readonly #table: string
  readonly #end = new CopyEnd()
  #ended = false
  #failure: { thrown: unknown } | null = null

  constructor(window: Window, table: string) {
    this.#window = window
    this.#table = table
  }

  async next(): Promise<Buffer | null> {
    if (this.#failure !== null) throw this.#failure.thrown
    try {
      while (!this.#ended) {
        const piece = await this.#window.take()
        if (piece === null)
          throw truncated(`it ends within the rows of table ${this.#table}`, { table: this.#table })
        const { rows, rest } = this.#end.push(piece)
        if (rows !== null) this.lines += countNewlines(rows)
        if (rest !== null) {
          this.#ended = true
          this.lines++
          this.#window.putBack(rest)
        }
        if (rows !== null) return rows
      }
      return null
    } catch (thrown) {
      this.#failure = { thrown }
      throw thrown
    }
  }

  async leave(): Promise<void> {
    while ((await this.next()) !== null);
  }
}
