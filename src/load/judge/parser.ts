import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'

type Library = typeof import('libpg-query')

const require = createRequire(import.meta.url)

/**
 * PostgreSQL's parser, compiled to WebAssembly. A text that exhausts the stack leaves its memory damaged: after some
 * forty such texts it reads valid SQL wrongly (measured). So an instance that failed in any way but by a syntax error
 * is thrown away at once, and a second one stands ready to take its place without waiting.
 */
export class Parser {
  static #ready: Promise<Parser> | null = null

  #library: Library
  #spare: Library | null

  private constructor(library: Library, spare: Library) {
    this.#library = library
    this.#spare = spare
  }

  /** The process's parser: its code is compiled while it is used, which takes longer than a load of its own would. */
  static open(): Promise<Parser> {
    Parser.#ready ??= Promise.all([instance(), instance()]).then(
      ([library, spare]) => new Parser(library, spare),
    )
    return Parser.#ready
  }

  parse(sql: string): ReturnType<Library['parseSync']> {
    return this.#library.parseSync(sql)
  }

  /** Whether the parser itself says that the text is no SQL; anything else is a failure of the parser. */
  isSyntaxError(thrown: unknown): thrown is Error {
    return thrown instanceof this.#library.SqlError && !thrown.message.startsWith('memory exhausted')
  }

  /** Takes the second instance; a new second one is made meanwhile. */
  replace(): void {
    if (this.#spare === null) return
    this.#library = this.#spare
    this.#spare = null
    void instance().then((library) => {
      this.#spare = library
    })
  }
}

/**
 * The library keeps one instance in its module: a new one comes with a new copy of the module. The grammar is one huge
 * function, for which V8's optimising compiler takes 560 MB of memory; as the baseline compiler leaves it, a small
 * statement takes 0.04 ms (both measured with Node 24). So while that function is met for the first time, no code is
 * marked to be optimised later; whatever is compiled afterwards is.
 */
async function instance(): Promise<Library> {
  const file = require.resolve('libpg-query')
  setFlagsFromString('--wasm-tier-up-filter=0')
  try {
    delete require.cache[file]
    const library: Library = require(file)
    delete require.cache[file]
    await library.loadModule()
    library.parseSync('CREATE TABLE t (id integer DEFAULT 1)')
    return library
  } finally {
    setFlagsFromString('--wasm-tier-up-filter=-1')
  }
}
