import type { Readable } from 'node:stream'

/**
 * What every reader of a dump gives, whatever the file is wrapped in: facts known from the head of the file,
 * and the dump's items in one pass, in the order of the file. Nothing is restored to learn any of this.
 */

export type DumpFormat = 'custom' | 'tar' | 'directory' | 'plain'

export interface DumpHead {
  /** Layers from the outside in, in the API's words: ["zip","sql"], ["gzip","pgdmp_tar","sql"], ["pgdmp_custom","sql"]. */
  layers: string[]
  format: DumpFormat
  /** "1.14" for archives, null for plain SQL. */
  archiveVersion: string | null
  /** Version of the server that was dumped, "9.6.24"; null when the dump does not say. */
  serverVersion: string | null
  /** Version of the pg_dump that wrote it, "15.18". */
  pgDumpVersion: string | null
  databaseName: string | null
  /** ISO time of the dump, null when the dump does not say. */
  createdAt: string | null
  /** "UTF8", "SQL_ASCII", "LATIN1" … as in the dump's SET client_encoding; null when it does not say. */
  encoding: string | null
  standardConformingStrings: boolean
  /** Compression of the archive's own data blocks: "none", "gzip", "lz4", "zstd". */
  compression: string
  /** Odoo's manifest.json of a backup zip. */
  manifest: Readonly<Record<string, unknown>> | null
}

/** One entry of an archive's table of contents, as pg_dump wrote it. */
export interface TocEntry {
  dumpId: number
  tableOid: string
  oid: string
  tag: string
  /** "TABLE", "TABLE DATA", "INDEX", "FK CONSTRAINT" … */
  description: string
  section: 'none' | 'pre-data' | 'data' | 'post-data'
  definition: string
  dropStatement: string
  copyStatement: string
  namespace: string
  tablespace: string
  tableAccessMethod: string
  owner: string
  /** pg_class.relkind where the archive (1.16) says it. */
  relkind: string | null
  withOids: boolean
  dependencies: number[]
  hadDumper: boolean
  /** Byte offset of its data in a custom archive; null when unknown or without data. */
  dataOffset: bigint | null
  /** File of its data in a tar or directory archive. */
  fileName: string | null
}

export interface TableName {
  schema: string
  name: string
}

export type DumpItem =
  /** SQL of any kind but COPY … FROM stdin; one statement or the several of one TOC entry. `entry` is null in plain SQL. */
  | { kind: 'statement'; sql: string; entry: TocEntry | null; line: number | null }
  /** A psql meta-command of a plain SQL dump, such as \connect or \! — never run, only judged. */
  | { kind: 'meta'; command: string; line: number }
  /** Rows of one table in COPY text format, without the closing "\.". Consume or destroy `data` before the next item. */
  | {
      kind: 'copy'
      table: TableName
      columns: string[] | null
      copyStatement: string
      entry: TocEntry | null
      data: Readable
    }
  /** A large object of an archive. */
  | { kind: 'largeObject'; oid: string; data: Readable }

/** A file of a backup zip's filestore, "ab/abcdef…" as below the folder filestore/. */
export interface FilestoreFile {
  name: string
  bytes: number
  open(): Promise<Readable>
}

export interface Dump {
  readonly path: string
  /** Bytes on disk of the file, or of the dump's files in a folder (without a filestore). */
  readonly fileBytes: number
  readonly head: DumpHead
  /** The table of contents of an archive; null for plain SQL. */
  readonly toc: readonly TocEntry[] | null
  /** The file still grows, and only the beginning of its table of contents is there: no item can be read. */
  readonly tocCut?: true
  /** All items in one pass. A table that `wantData` refuses gives no item; its rows are passed over at the lowest cost. */
  items(options?: {
    wantData?: (table: TableName) => boolean
    signal?: AbortSignal
  }): AsyncGenerator<DumpItem>
  /**
   * Rows of single tables in any order and several at a time, without the closing "\."; for entries TABLE DATA with a
   * COPY statement. Null when the file can only be read in one pass (plain SQL, or a custom or tar archive that is
   * wrapped). The first call for an archive without offsets walks over its blocks once.
   */
  readonly openTableData: ((entry: TocEntry) => Promise<Readable>) | null
  /** The text of plain SQL byte for byte, out of all its wrappings; null for archives. */
  readonly openText: (() => AsyncGenerator<Buffer, void>) | null
  /** Files of the filestore that came with the dump; empty when none did. */
  filestore(): AsyncGenerator<FilestoreFile>
  close(): Promise<void>
}
