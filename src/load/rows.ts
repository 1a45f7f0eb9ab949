import pg from 'pg'
import type { TableName } from '../dumps/dump.ts'
import { UpliftError } from '../errors.ts'
import { identList, literal, qualified } from '../postgres/sql.ts'
import type { Connections } from './connections.ts'
import { CopyIn } from './copy-in.ts'

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

/** The COPYs of one table, in the order of its rows. */
interface Pieces {
  done: Promise<number>[]
  failed: boolean
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
    const pieces: Pieces = { done: [], failed: false }
    let bytes = 0
    let copy: CopyIn | null = null
    let inPiece = 0
    try {
      for await (const chunk of data) {
        this.#signal.throwIfAborted()
        if (pieces.failed) break
        bytes += chunk.length
        this.#onBytes(chunk.length)
        let rest = chunk
        while (rest.length > 0) {
          copy ??= await this.#open(target, pieces)
          const cut = inPiece + rest.length < PIECE ? 0 : lastRowEnd(rest)
          const part = cut > 0 ? rest.subarray(0, cut) : rest
          inPiece += part.length
          copy.write(part)
          // A piece is held here whole, so that the next one can go on another connection; more of a row than that is not.
          if (inPiece > PIECE + chunk.length) await copy.room()
          rest = rest.subarray(part.length)
          if (cut > 0) {
            copy.end()
            copy = null
            inPiece = 0
          }
        }
      }
      copy?.end()
    } catch (thrown) {
      copy?.abort('the load was given up')
      const broken = await firstFailure(pieces.done)
      throw broken && !isGivenUp(broken.cause) ? dataError(target.table, broken) : thrown
    }
    const broken = await firstFailure(pieces.done)
    if (broken) throw dataError(target.table, broken)
    const rows = (await Promise.all(pieces.done)).reduce((sum, count) => sum + count, 0)
    return { rows, bytes }
  }

  async #open(target: RowsTarget, pieces: Pieces): Promise<CopyIn> {
    const client = await this.#connections.acquire()
    const { table, columns, encoding } = target
    const list = columns && columns.length > 0 ? ` (${identList(columns)})` : ''
    const copy = client.query(
      new CopyIn(
        `COPY ${qualified(table.schema, table.name)}${list} FROM STDIN WITH (ENCODING ${literal(encoding)})`,
      ),
    )
    const done = copy.done.finally(() => this.#connections.release(client))
    done.catch(() => {
      pieces.failed = true
    })
    pieces.done.push(done)
    return copy
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

/** What the server says to a COPY that was aborted here. */
function isGivenUp(cause: unknown): boolean {
  return cause instanceof pg.DatabaseError && cause.code === '57014'
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
