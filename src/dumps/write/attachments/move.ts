import { mkdir } from 'node:fs/promises'
import type pg from 'pg'
import { connect, type DatabaseAddress } from '../../../postgres/server.ts'
import { copyOut } from '../copy-out.ts'
import { Base64Decoder } from './base64.ts'
import { BinaryRows, type RowTaker } from './binary-copy.ts'
import { IncomingFile, type StoredFile } from './store.ts'

/** Rows that one UPDATE tells where their content went. */
const BATCH = 1000

export interface MovedAttachments {
  /** Attachments whose content is in files now. */
  moved: number
  /** Bytes of these contents; the same content of several attachments is one file but counts for each. */
  bytes: number
  /** Attachments (ids) that stay in the database because their content is not what it should be. */
  kept: number[]
  /** Why nothing was moved at all; null when the database wants its attachments in files. */
  reason: 'version' | 'location' | null
}

/**
 * Moves the attachments that are kept in the database to files below `folder`, under the names that Odoo uses, when
 * the version of the database does so: from 8.0 on, unless the parameter ir_attachment.location is 'db'. (In 7.0
 * the database is the default place; its 'file:///filestore' means files to the later versions as well.)
 * `content` says how ir_attachment.db_datas holds them: as base64 text up to 13.0, as they are from 14.0 on.
 * One attachment after the other streams from the server; the rows are updated in batches.
 */
export async function moveAttachments(options: {
  address: DatabaseAddress
  folder: string
  /** Version of the upgraded database: "8.0". */
  version: string
  content: 'base64' | 'raw'
  signal?: AbortSignal
}): Promise<MovedAttachments> {
  const nothing = { moved: 0, bytes: 0, kept: [] }
  if (Number(options.version.split('.')[0]) < 8) return { ...nothing, reason: 'version' }
  await mkdir(options.folder, { recursive: true })
  const [reader, writer] = [await connect(options.address), await connect(options.address)]
  const abort = () => {
    reader.connection.stream.destroy()
    writer.connection.stream.destroy()
  }
  options.signal?.addEventListener('abort', abort, { once: true })
  try {
    options.signal?.throwIfAborted()
    if ((await location(reader)) === 'db') return { ...nothing, reason: 'location' }
    const mover = new Mover(writer, options.folder, options.content, await hasChecksum(reader))
    const rows = new BinaryRows(mover)
    try {
      await copyOut(
        reader,
        `COPY (SELECT id::int4, db_datas FROM public.ir_attachment
                WHERE type = 'binary' AND length(db_datas) > 0 AND coalesce(store_fname, '') = '' ORDER BY id)
           TO STDOUT (FORMAT binary)`,
        (piece) => rows.write(piece),
      )
      await mover.flush()
    } catch (thrown) {
      await mover.discard()
      options.signal?.throwIfAborted()
      throw thrown
    }
    return { moved: mover.moved, bytes: mover.bytes, kept: mover.kept, reason: null }
  } finally {
    options.signal?.removeEventListener('abort', abort)
    await Promise.all([reader.end().catch(() => {}), writer.end().catch(() => {})])
  }
}

class Mover implements RowTaker {
  moved = 0
  bytes = 0
  readonly kept: number[] = []
  readonly #writer: pg.Client
  readonly #folder: string
  readonly #content: 'base64' | 'raw'
  readonly #hasChecksum: boolean
  #id = 0
  #file: IncomingFile | null = null
  #decoder: Base64Decoder | null = null
  #batch: { id: number; file: StoredFile }[] = []

  constructor(writer: pg.Client, folder: string, content: 'base64' | 'raw', withChecksum: boolean) {
    this.#writer = writer
    this.#folder = folder
    this.#content = content
    this.#hasChecksum = withChecksum
  }

  async begin(id: number): Promise<void> {
    this.#id = id
    this.#decoder = this.#content === 'base64' ? new Base64Decoder() : null
    this.#file = await IncomingFile.create(this.#folder)
  }

  async piece(bytes: Buffer): Promise<void> {
    const content = this.#decoder === null ? bytes : this.#decoder.write(bytes)
    if (content.length > 0) await this.#file!.write(content)
  }

  async end(): Promise<void> {
    this.#decoder?.end()
    if (this.#decoder?.valid === false) {
      await this.discard()
      this.kept.push(this.#id)
      return
    }
    const stored = await this.#file!.keep()
    this.#file = null
    this.moved++
    this.bytes += stored.bytes
    this.#batch.push({ id: this.#id, file: stored })
    if (this.#batch.length >= BATCH) await this.flush()
  }

  async flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = []
    if (batch.length === 0) return
    await this.#writer.query(
      `UPDATE public.ir_attachment AS a
          SET store_fname = v.name, file_size = v.bytes, db_datas = NULL${this.#hasChecksum ? ', checksum = v.sha1' : ''}
         FROM unnest($1::int[], $2::text[], $3::int[], $4::text[]) AS v (id, name, bytes, sha1)
        WHERE a.id = v.id`,
      [
        batch.map(({ id }) => id),
        batch.map(({ file }) => file.name),
        batch.map(({ file }) => file.bytes),
        batch.map(({ file }) => file.sha1),
      ],
    )
  }

  async discard(): Promise<void> {
    await this.#file?.discard()
    this.#file = null
  }
}

async function location(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ value: string | null }>(
    `SELECT value FROM public.ir_config_parameter WHERE key = 'ir_attachment.location'`,
  )
  return rows[0]?.value ?? null
}

/** ir_attachment.checksum came with 9.0. */
async function hasChecksum(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_catalog.pg_attribute
      WHERE attrelid = 'public.ir_attachment'::regclass AND attname = 'checksum' AND NOT attisdropped`,
  )
  return rows.length > 0
}
