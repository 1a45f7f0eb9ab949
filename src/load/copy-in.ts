import type { Duplex } from 'node:stream'
import type pg from 'pg'

/** Messages of PostgreSQL's protocol (its manual, "Message Formats"). */
const COPY_DATA = 0x64
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])
const COPY_FAIL = 0x66

/**
 * One COPY … FROM STDIN on a connection. When the server refuses a row in the middle, what is still on its way is
 * dropped on both sides and `done` fails; nothing is thrown elsewhere, whatever the moment.
 */
export class CopyIn implements pg.Submittable {
  /** Rows that the server took; fails with what it says. */
  readonly done: Promise<number>
  readonly #sql: string
  readonly #result = Promise.withResolvers<number>()
  #socket: Duplex | null = null
  readonly #start = Promise.withResolvers<void>()
  #started = false
  /** Messages that wait until the server is ready for rows. */
  #early: Buffer[] = []
  #settled = false
  #rows = 0

  constructor(sql: string) {
    this.#sql = sql
    this.done = this.#result.promise
    // Whoever waits for `done` later than it fails must not end the process.
    this.done.catch(() => {})
  }

  /** Gives rows on, without waiting. */
  write(chunk: Buffer): void {
    const head = Buffer.allocUnsafe(5)
    head[0] = COPY_DATA
    head.writeUInt32BE(chunk.length + 4, 1)
    this.#send(head, chunk)
  }

  /** Resolves when the connection has room for more, or the COPY is over. */
  async room(): Promise<void> {
    const over = this.done.catch(() => {})
    if (!this.#started) await Promise.race([this.#start.promise, over])
    const socket = this.#socket
    if (!socket?.writableNeedDrain) return
    const { promise: drained, resolve: go } = Promise.withResolvers<void>()
    socket.once('drain', go)
    await Promise.race([drained, over])
    socket.off('drain', go)
  }

  /** All rows were given. */
  end(): void {
    this.#send(COPY_DONE)
  }

  /** Makes the server forget all rows of this COPY. */
  abort(reason: string): void {
    const text = Buffer.from(`${reason}\0`)
    const head = Buffer.allocUnsafe(5)
    head[0] = COPY_FAIL
    head.writeUInt32BE(text.length + 4, 1)
    this.#send(head, text)
  }

  #send(...messages: Buffer[]): void {
    if (this.#settled) return
    if (!this.#started) {
      this.#early.push(...messages)
      return
    }
    this.#socket?.cork()
    for (const message of messages) this.#socket?.write(message)
    this.#socket?.uncork()
  }

  submit(connection: pg.Connection): void {
    this.#socket = connection.stream
    connection.query(this.#sql)
  }

  handleCopyInResponse(): void {
    this.#started = true
    this.#send(...this.#early)
    this.#early = []
    this.#start.resolve()
  }

  handleCommandComplete(message: { text?: string }): void {
    this.#rows = Number(/^COPY (\d+)/.exec(message.text ?? '')?.[1] ?? 0)
  }

  handleReadyForQuery(): void {
    this.#settle()
    this.#result.resolve(this.#rows)
  }

  handleError(error: Error): void {
    this.#settle()
    this.#result.reject(error)
  }

  #settle(): void {
    this.#settled = true
    this.#early = []
    this.#socket = null
  }
}
