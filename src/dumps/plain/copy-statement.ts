import type { TableName } from '../dump.ts'

export interface CopyStatement {
  table: TableName
  columns: string[] | null
  /** What stands after FROM stdin, such as options; empty in every dump of pg_dump. */
  rest: string
}

const WORD = /^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/

/**
 * Reads "COPY public.t (a, "b c") FROM stdin"; null when the statement is none of this form. A name without a
 * schema gets the schema given, which is what the dump's search_path says.
 */
export function parseCopyStatement(sql: string, defaultSchema: string): CopyStatement | null {
  const scan = new Scanner(sql)
  if (!scan.word('copy')) return null
  const first = scan.name()
  if (first === null) return null
  const second = scan.symbol('.') ? scan.name() : undefined
  if (second === null) return null
  const columns = scan.symbol('(') ? scan.names() : undefined
  if (columns === null) return null
  if (scan.word('with') && !scan.word('oids')) return null
  if (!scan.word('from') || !scan.word('stdin')) return null
  return {
    table: second === undefined ? { schema: defaultSchema, name: first } : { schema: first, name: second },
    columns: columns ?? null,
    rest: scan.rest(),
  }
}

class Scanner {
  #text: string

  constructor(text: string) {
    this.#text = text.trimStart()
  }

  #advance(length: number): void {
    this.#text = this.#text.slice(length).trimStart()
  }

  word(word: string): boolean {
    const found = WORD.exec(this.#text)?.[0]
    if (found?.toLowerCase() !== word) return false
    this.#advance(found.length)
    return true
  }

  symbol(symbol: string): boolean {
    if (!this.#text.startsWith(symbol)) return false
    this.#advance(symbol.length)
    return true
  }

  /** A name, folded as PostgreSQL folds it when it is not quoted. */
  name(): string | null {
    const quoted = /^"((?:[^"]|"")+)"/.exec(this.#text)
    if (quoted !== null) {
      this.#advance(quoted[0].length)
      return quoted[1]!.replaceAll('""', '"')
    }
    const bare = WORD.exec(this.#text)?.[0]
    if (bare === undefined) return null
    this.#advance(bare.length)
    return bare.toLowerCase()
  }

  names(): string[] | null {
    const names: string[] = []
    if (this.symbol(')')) return names
    for (;;) {
      const name = this.name()
      if (name === null) return null
      names.push(name)
      if (this.symbol(')')) return names
      if (!this.symbol(',')) return null
    }
  }

  rest(): string {
    return this.#text.replace(/;\s*$/, '').trim()
  }
}
