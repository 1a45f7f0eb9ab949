import pg from 'pg'
import copyStreams from 'pg-copy-streams'
import type { TableName } from '../dumps/dump.ts'
import { UpliftError } from '../errors.ts'
import { identList, literal, qualified } from '../postgres/sql.ts'
import type { Connections } from './connections.ts'

/**
 * Bytes of rows that one COPY takes. A table's rows are cut at row ends into pieces of about this size, each a COPY of
 * its own on the next free connection, so that one large table keeps all connections busy and memory stays flat.
 */
const PIECE = 4 * 2 ** 20

const NEWLINE = 0x0a
const BACKSLASH = 0x5c

export interface RowsTarget {
  table: TableName
  /** Null for all columns in their order. */
  columns: readonly string[] | null
  /** PostgreSQL's name of the rows' encoding. */
  encoding: string
}

/** Streams rows in COPY text format into the tables of a scratch database. */
export class RowLoader {
  readonly #connections: Connections
  readonly #signal: AbortSignal
  readonly #onBytes: (bytes: number) => void

  constructor(connections: Connections, signal: AbortSignal, onBytes: (bytes: number) => void) {
    this.#connections = connections
    this.#signal = signal
    this.#onBytes = onBytes
  }

  /**
   * Loads the rows of one table; nothing is sent for one without rows.
   * @throws UpliftError LOAD:DATA with the table, the line of its data and what PostgreSQL says
   */
  async load(target: RowsTarget, data: AsyncIterable<Buffer>): Promise<{ rows: number; bytes: number }> {
    const finished: Promise<number>[] = []
    let bytes = 0
    let piece: Piece | null = null
    try {
      for await (const chunk of data) {
        this.#signal.throwIfAborted()
        bytes += chunk.length
        this.#onBytes(chunk.length)
        let rest = chunk
        while (rest.length > 0) {
          piece ??= await this.#open(target, finished)
          const cut = piece.bytes + rest.length < PIECE ? 0 : lastRowEnd(rest)
          await piece.write(cut > 0 ? rest.subarray(0, cut) : rest)
          if (cut > 0) {
            piece.end()
            piece = null
          }
          rest = cut > 0 ? rest.subarray(cut) : rest.subarray(rest.length)
        }
      }
      piece?.end()
    } catch (thrown) {
      piece?.abort()
      const broken = await firstFailure(finished)
      throw broken ? dataError(target.table, broken) : thrown
    }
    const broken = await firstFailure(finished)
    if (broken) throw dataError(target.table, broken)
    const rows = (await Promise.all(finished)).reduce((sum, count) => sum + count, 0)
    return { rows, bytes }
  }

  async #open(target: RowsTarget, finished: Promise<number>[]): Promise<Piece> {
    const client = await this.#connections.acquire()
    const piece = new Piece(client, target)
    const done = piece.done.finally(() => this.#connections.release(client))
    // Awaited at the end of the table; until then a failure must not count as unhandled.
    done.catch(() => {})
    finished.push(done)
    return piece
  }
}

/** One COPY. */
class Piece {
  bytes = 0
  readonly done: Promise<number>
  readonly #stream: copyStreams.CopyStreamQuery

  constructor(client: pg.Client, { table, columns, encoding }: RowsTarget) {
    const list = columns && columns.length > 0 ? ` (${identList(columns)})` : ''
    this.#stream = client.query(
      copyStreams.from(
        `COPY ${qualified(table.schema, table.name)}${list} FROM STDIN WITH (ENCODING ${literal(encoding)})`,
      ),
    )
    this.done = new Promise((resolve, reject) => {
      this.#stream.on('finish', () => resolve(this.#stream.rowCount))
      this.#stream.on('error', reject)
    })
  }

  /** Takes what belongs to a piece at once; of a row longer than a piece as much as the server takes. */
  async write(chunk: Buffer): Promise<void> {
    this.bytes += chunk.length
    const room = this.#stream.write(chunk)
    if (!room && this.bytes > PIECE)
      await new Promise<void>((resolve) => {
        const go = () => {
          this.#stream.off('drain', go).off('error', go).off('close', go)
          resolve()
        }
        this.#stream.on('drain', go).on('error', go).on('close', go)
      })
    if (this.#stream.errored) throw this.#stream.errored
  }

  end(): void {
    this.#stream.end()
  }

  abort(): void {
    this.#stream.destroy(new Error('the load was given up'))
  }
}

/** Position after the last row end of a chunk; a line end after a backslash is part of a value. */
function lastRowEnd(chunk: Buffer): number {
  let at = chunk.lastIndexOf(NEWLINE)
  while (at > 0 && chunk[at - 1] === BACKSLASH) at = chunk.lastIndexOf(NEWLINE, at - 1)
  // At 0 the byte before is in the chunk that went before: it is not known to be a row's end.
  return at <= 0 ? 0 : at + 1
}

interface Failure {
  cause: unknown
  /** Rows of the pieces before the one that failed. */
  rowsBefore: number
}

async function firstFailure(pieces: readonly Promise<number>[]): Promise<Failure | null> {
  let rowsBefore = 0
  for (const result of await Promise.allSettled(pieces)) {
    if (result.status === 'rejected') return { cause: result.reason, rowsBefore }
    rowsBefore += result.value
  }
  return null
}

function dataError(table: TableName, { cause, rowsBefore }: Failure): unknown {
  if (!(cause instanceof pg.DatabaseError)) return cause
  if (cause.code === '53100')
    return new UpliftError(
      'DISK:FULL',
      'The disk of the PostgreSQL server is full: free some room and start again.',
      {
        cause,
      },
    )
  const inPiece = Number(/, line (\d+)/.exec(cause.where ?? '')?.[1] ?? 0)
  const line = inPiece > 0 ? rowsBefore + inPiece : null
  const column = /, column ([^:]+)/.exec(cause.where ?? '')?.[1] ?? null
  return new UpliftError(
    'LOAD:DATA',
    `The rows of table ${table.schema}.${table.name} cannot be loaded: ${cause.message}${line === null ? '' : ` (line ${line} of its data)`}.`,
    { cause, detail: { ...table, line, column, sqlstate: cause.code ?? null } },
  )
}
