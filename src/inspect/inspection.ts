import type { DumpFormat } from '../dumps/dump.ts'

/** What a dump is and holds, known without restoring it. Plain data with keys that stay as they are. */
export interface Inspection {
  /** Path as it was given. */
  path: string
  /** Bytes of the file, or of the files of a folder. */
  fileBytes: number
  layers: string[]
  format: DumpFormat
  archiveVersion: string | null
  /** Compression of an archive's own data. */
  compression: string
  encoding: string | null
  databaseName: string | null
  /** ISO time without zone, the clock of the machine that made the dump. */
  createdAt: string | null
  postgresql: PostgresqlFacts
  /** Null when the database is none of Odoo or OpenERP. */
  odoo: OdooFacts | null
  totals: { tables: number; rows: number; bytes: number; largeObjects: number; largeObjectBytes: number }
  /** All tables by name. */
  tables: TableFacts[]
}

export interface PostgresqlFacts {
  /** Version of the server that was dumped. */
  server: string | null
  /** Version of the pg_dump that wrote it. */
  pgDump: string | null
  /** Oldest major version that writes such a dump, where the dump names none. */
  guess: string | null
}

export interface OdooFacts {
  /** "7.0.1.3", as module base has it. */
  version: string | null
  /** "7.0", "saas~17.2". */
  series: string | null
  databaseUuid: string | null
  enterprise: boolean
  /** Why it is taken for an Enterprise database. */
  enterpriseSigns: string[]
  /** Modules that are neither uninstalled nor uninstallable, by name. */
  modules: ModuleFacts[]
  /** Names of modules that are neither the community's nor the Enterprise edition's; null when nobody could say. */
  foreignModules: string[] | null
  languages: LanguageFacts[]
  users: UserFacts
  companies: { id: number; name: string | null }[]
  attachments: AttachmentFacts
}

export interface ModuleFacts {
  name: string
  version: string | null
  state: string
  license: string | null
  author: string | null
  /** Whether the module is one of Odoo's community edition of this series; null when nobody could say. */
  odoo: boolean | null
}

export interface LanguageFacts {
  code: string
  name: string | null
  active: boolean
}

export interface UserFacts {
  total: number
  active: number
  /** Active users of the company itself, without those of the portal; null before the database told them apart. */
  internal: number | null
}

export interface AttachmentFacts {
  /** Rows of ir_attachment. */
  total: number
  /** Content kept in the database, in bytes as the database holds it (base64 text in OpenERP 6.0 to 7.0). */
  inDatabase: { count: number; bytes: number }
  /** Content kept in the filestore, by what the database says of it. */
  outside: { count: number; bytes: number }
  /** Files of the filestore that came with the dump. */
  filestore: { files: number; bytes: number }
}

export interface TableFacts {
  schema: string
  name: string
  rows: number
  /** Bytes of its rows as COPY text, or of the INSERT statements. */
  bytes: number
}
