import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { countNewlines } from '../../src/dumps/bytes/newlines.ts'
import type { Dump, DumpHead } from '../../src/dumps/dump.ts'
import { type OpenOptions, openDump } from '../../src/dumps/open.ts'

export interface ReadTable {
  rows: number
  sha256: string
}

export interface ReadDump {
  head: DumpHead
  /** By "schema.name". */
  tables: Record<string, ReadTable>
  statements: string[]
  metaCommands: string[]
  largeObjects: Record<string, string>
  filestore: Record<string, { bytes: number; sha1: string }>
}

/** Reads a dump from end to end into what two readings can be compared by. */
export async function readAll(path: string, options: OpenOptions = {}): Promise<ReadDump> {
  const dump = await openDump(path, options)
  try {
    const read: ReadDump = {
      head: dump.head,
      tables: {},
      statements: [],
      metaCommands: [],
      largeObjects: {},
      filestore: {},
    }
    await readItems(dump, read)
    for await (const file of dump.filestore()) {
      const hash = createHash('sha1')
      for await (const piece of await file.open()) hash.update(piece)
      read.filestore[file.name] = { bytes: file.bytes, sha1: hash.digest('hex') }
    }
    return read
  } finally {
    await dump.close()
  }
}

async function readItems(dump: Dump, read: ReadDump): Promise<void> {
  for await (const item of dump.items()) {
    switch (item.kind) {
      case 'copy':
        read.tables[`${item.table.schema}.${item.table.name}`] = await digest(item.data)
        break
      case 'statement':
        read.statements.push(item.sql)
        break
      case 'meta':
        read.metaCommands.push(item.command)
        break
      case 'largeObject':
        read.largeObjects[item.oid] = (await digest(item.data)).sha256
    }
  }
}

/** Number of lines and checksum of a stream. */
export async function digest(data: Readable): Promise<ReadTable> {
  const hash = createHash('sha256')
  let rows = 0
  for await (const piece of data) {
    hash.update(piece)
    rows += countNewlines(piece)
  }
  return { rows, sha256: hash.digest('hex') }
}
