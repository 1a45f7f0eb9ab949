import type { TocEntry } from '../dump.ts'
import type { Source } from './source.ts'

/** Bytes that one query fetches. */
const PIECE = 1024 * 1024

/** OID of the catalogue pg_largeobject, under which archives list large objects. */
const CATALOGUE = '2613'

/**
 * The entries of the large objects in the form of archives 1.12 to 1.15: one that creates each of them, and one
 * for the data of all. Empty when there are none.
 */
export function largeObjectEntries(oids: readonly string[], firstId: number): TocEntry[] {
  if (oids.length === 0) return []
  const objects = oids.map((oid, i) => ({
    ...entry(firstId + i, oid),
    tableOid: CATALOGUE,
    oid,
    description: 'BLOB',
    section: 'pre-data' as const,
    definition: `SELECT pg_catalog.lo_create('${oid}');\n`,
    dropStatement: `SELECT pg_catalog.lo_unlink('${oid}');\n`,
  }))
  const data = { ...entry(firstId + oids.length, 'BLOBS'), description: 'BLOBS', section: 'data' as const }
  return [...objects, { ...data, hadDumper: true }]
}

function entry(dumpId: number, tag: string): TocEntry {
  return {
    dumpId,
    tableOid: '0',
    oid: '0',
    tag,
    description: '',
    section: 'none',
    definition: '',
    dropStatement: '',
    copyStatement: '',
    namespace: '',
    tablespace: '',
    tableAccessMethod: '',
    owner: '',
    relkind: null,
    withOids: false,
    dependencies: [],
    hadDumper: false,
    dataOffset: null,
    fileName: null,
  }
}

export async function largeObjectOids(source: Source): Promise<string[]> {
  const rows = await source.query<{ oid: string }>(
    'SELECT oid::text FROM pg_catalog.pg_largeobject_metadata ORDER BY pg_largeobject_metadata.oid',
  )
  return rows.map(({ oid }) => oid)
}

/** The content of a large object, piece by piece. */
export async function* readLargeObject(source: Source, oid: string): AsyncGenerator<Buffer> {
  for (let at = 0; ; at += PIECE) {
    const [row] = await source.query<{ piece: Buffer }>(
      'SELECT pg_catalog.lo_get($1::oid, $2::bigint, $3::int) AS piece',
      [oid, at, PIECE],
    )
    if (row!.piece.length > 0) yield row!.piece
    if (row!.piece.length < PIECE) return
  }
}
