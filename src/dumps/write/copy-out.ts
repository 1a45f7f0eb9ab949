import type pg from 'pg'

const COPY_OUT_RESPONSE = 0x48
const COPY_DATA = 0x64
const COPY_DONE = 0x63
const COMMAND_COMPLETE = 0x43
const ERROR_RESPONSE = 0x45
const NOTHING = Buffer.alloc(0)

/**
 * Runs a COPY … TO STDOUT and gives its bytes to `take` as they arrive; what `take` promises holds the server back.
 * Resolves to the number of rows. The server sends one message a row (PostgreSQL's protocol, "COPY Operations");
 * their heads are cut out in place, because an object a row would cost more than the compression.
 */
export function copyOut(
  client: pg.Client,
  sql: string,
  take: (piece: Buffer) => Promise<void> | undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyOut(sql, take, resolve, reject))
  })
}

type DataHandler = (chunk: Buffer) => void

class CopyOut {
  readonly #sql: string
  readonly #take: (piece: Buffer) => Promise<void> | undefined
  readonly #resolve: (rows: number) => void
  readonly #reject: (reason: unknown) => void
  #connection: pg.Connection | null = null
  #handler: DataHandler | null = null
  /** Head of a message, or a message that is none of COPY's, that has not arrived whole. */
  #held: Buffer = NOTHING
  /** Bytes still to come of the row under way. */
  #left = 0
  #rows = 0
  #taken: Promise<void> = Promise.resolve()
  #failure: unknown = null

  constructor(
    sql: string,
    take: (piece: Buffer) => Promise<void> | undefined,
    resolve: (rows: number) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#sql = sql
    this.#take = take
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection
    const handlers = connection.stream.listeners('data') as DataHandler[]
    if (handlers.length !== 1) throw new Error('the connection is read by someone else')
    this.#handler = handlers[0]!
    connection.stream.removeListener('data', this.#handler)
    connection.stream.on('data', this.#onData)
    connection.query(this.#sql)
  }

  readonly #onData = (chunk: Buffer): void => {
    const { data, rest } = this.#strip(this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk)
    this.#held = NOTHING
    if (rest !== null && !rest.handOver) this.#held = rest.bytes
    this.#give(data)
    if (rest?.handOver) this.#detach(rest.bytes)
  }

  /** Moves the rows within `chunk` together; `rest` is what is not understood or not complete. */
  #strip(chunk: Buffer): { data: Buffer; rest: { bytes: Buffer; handOver: boolean } | null } {
    const end = chunk.length
    let read = 0
    let write = 0
    for (;;) {
      if (this.#left > 0) {
        const count = Math.min(this.#left, end - read)
        if (read !== write) chunk.copyWithin(write, read, read + count)
        read += count
        write += count
        this.#left -= count
      }
      if (read === end) return { data: chunk.subarray(0, write), rest: null }
      const rest = (handOver: boolean) => ({
        data: chunk.subarray(0, write),
        rest: { bytes: Buffer.from(chunk.subarray(read)), handOver },
      })
      const code = chunk[read]!
      if (code === COPY_DONE || code === ERROR_RESPONSE || code === COMMAND_COMPLETE) return rest(true)
      if (read + 5 > end) return rest(false)
      const length = chunk.readUInt32BE(read + 1)
      if (code === COPY_DATA) {
        read += 5
        this.#left = length - 4
      } else if (read + 1 + length > end) return rest(false)
      else {
        // A notice or a changed parameter may stand between two rows.
        if (code !== COPY_OUT_RESPONSE) this.#handler!(Buffer.from(chunk.subarray(read, read + 1 + length)))
        read += 1 + length
      }
    }
  }

  #give(data: Buffer): void {
    if (data.length === 0 || this.#failure !== null) return
    try {
      const wait = this.#take(data)
      if (wait === undefined) return
      const stream = this.#connection!.stream
      stream.pause()
      this.#taken = wait.then(
        () => void stream.resume(),
        (reason: unknown) => this.#abandon(reason),
      )
    } catch (reason) {
      this.#abandon(reason)
    }
  }

  /** The rows have nowhere to go: the rest of the answer is of no use, nor is the connection. */
  #abandon(reason: unknown): void {
    this.#failure = reason
    this.#connection!.stream.destroy()
    this.#reject(reason)
  }

  #detach(rest: Buffer): void {
    const stream = this.#connection!.stream
    stream.removeListener('data', this.#onData)
    stream.on('data', this.#handler!)
    this.#handler!(rest)
  }

  handleCommandComplete(message: { text: string }): void {
    this.#rows = Number(/^COPY (\d+)/.exec(message.text)?.[1] ?? 0)
  }

  handleReadyForQuery(): void {
    this.#taken.then(() => {
      if (this.#failure === null) this.#resolve(this.#rows)
    })
  }

  handleError(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = error
    this.#reject(error)
  }

  // pg calls these for messages that pass through its own parser.
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCopyData(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}
