import type { DatabaseAddress } from '../../postgres/server.ts'
import type { FilestoreFile } from '../dump.ts'

/** What can be written; 'zip' is Odoo's own backup: dump.sql, filestore/ and manifest.json. */
export type OutputFormat = 'custom' | 'directory' | 'tar' | 'plain' | 'zip'

/** A folder holding ab/abcdef…, or the files one after the other. */
export type FilestoreSource = string | AsyncIterable<FilestoreFile>

export interface WriteOptions {
  /** The database to write; nothing else may change it meanwhile, though a consistent snapshot is taken all the same. */
  connection: DatabaseAddress
  /** File (format 'directory': folder) to make. It appears under this name only when it is complete. */
  out: string
  format: OutputFormat
  /** Major version that has to restore it: '9.0' … '9.6', '10' … '18'. */
  postgresql: string
  /** Name the dump gives its database (for pg_restore --create and the manifest); default: the connection's. */
  databaseName?: string
  /** Schemas that are left out, such as scratch ones. */
  excludeSchemas?: string[]
  /** Replace an existing regular file at `out`. A folder is never replaced. */
  force?: boolean
  /** Files of the filestore, for format 'zip': the source's, and those of attachments that were moved there. */
  filestore?: FilestoreSource | FilestoreSource[]
  /** Connections that read at the same time; default 2. */
  jobs?: number
  /** zlib's level 0–9; default 6, as pg_dump's. */
  compression?: number
  /** Called with the bytes of table data read so far and the estimated total. */
  onProgress?: (bytes: number, total: number) => void
  signal?: AbortSignal
  /** Folder of the programs of PostgreSQL (pg_dump); default: found as the scratch cluster's. */
  programs?: string
}

/** A table as it was written. */
export interface TableSize {
  schema: string
  name: string
  rows: number
  /** Bytes of its rows in COPY text format. */
  bytes: number
}

export interface WrittenDump {
  path: string
  format: OutputFormat
  /** "1.12" for archives, null for plain SQL and zip. */
  archiveVersion: string | null
  /** Size of the file, or of all files of the folder. */
  bytes: number
  /** SHA-256 of the file in hex; null for a folder. */
  sha256: string | null
  tables: number
  rows: number
  /** Each table with rows of its own. */
  sizes: TableSize[]
  /** Files of the filestore in the zip. */
  files: number
  /** What was left out or said in another way because the wanted PostgreSQL has no word for it. */
  notes: string[]
  /** The exact commands that restore it, one a line; the name of the new database stands as `NEW_DATABASE`. */
  restoreCommands: string[]
}

/** What a writer of one format tells. */
export interface Written {
  bytes: number
  sha256: string | null
  files: number
}
