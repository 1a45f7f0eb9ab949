import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import type { Catalogue } from './catalogue.ts'
import type { Condition } from './condition.ts'

/** The tables of each series with what brings each: what of all catalogues is needed to tell one series from another. */
export type TableIndex = ReadonlyMap<string, ReadonlyMap<string, Condition>>

/** In the file: series → condition as "sale+hr|crm" → tables. */
type Written = Record<string, Record<string, string[]>>

export const tableIndexPath = join(import.meta.dirname, '../../catalogues/tables.zst')
let loaded: Promise<TableIndex> | null = null

/** That of all built-in catalogues, read once in a process: 0.1 s, where the catalogues themselves take half a minute. */
export function loadTableIndex(): Promise<TableIndex> {
  loaded ??= readFile(tableIndexPath)
    .then(decodeTableIndex)
    .catch((thrown: unknown) => {
      loaded = null
      throw thrown
    })
  return loaded
}

export async function encodeTableIndex(catalogues: readonly Catalogue[]): Promise<Buffer> {
  const written: Written = {}
  for (const { series, tables } of catalogues) {
    const conditions: Written[string] = {}
    for (const [table, { by }] of Object.entries(tables).sort()) {
      const condition = by.map((all) => all.join('+')).join('|')
      conditions[condition] = [...(conditions[condition] ?? []), table]
    }
    written[series] = conditions
  }
  return promisify(zstdCompress)(JSON.stringify(written), {
    params: { [constants.ZSTD_c_compressionLevel]: 19 },
  })
}

export async function decodeTableIndex(bytes: Uint8Array): Promise<TableIndex> {
  const written = JSON.parse((await promisify(zstdDecompress)(bytes)).toString()) as Written
  return new Map(
    Object.entries(written).map(([series, conditions]) => [
      series,
      new Map(
        Object.entries(conditions).flatMap(([text, tables]) => {
          const by = text === '' ? [] : text.split('|').map((all) => all.split('+'))
          return tables.map((table) => [table, by] as const)
        }),
      ),
    ]),
  )
}
