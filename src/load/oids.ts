const NEWLINE = 0x0a
const TAB = 0x09
const BACKSLASH = 0x5c

/** Whether the rows of a COPY statement begin with the row's OID, as pg_dump --oids wrote them until PostgreSQL 11. */
export function hasOids(copyStatement: string): boolean {
  return /\sWITH\s+OIDS\s+FROM\s+stdin\s*;?\s*$/i.test(copyStatement)
}

/** The rows without their first value: PostgreSQL has no OIDs of rows since 12. */
export async function* withoutOids(data: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let inOid = true
  let escaped = false
  for await (const chunk of data) {
    const out = Buffer.allocUnsafe(chunk.length)
    let length = 0
    for (const byte of chunk) {
      if (inOid) {
        if (byte === TAB) inOid = false
        else if (byte === NEWLINE) out[length++] = byte
        continue
      }
      out[length++] = byte
      if (byte === NEWLINE && !escaped) inOid = true
      escaped = byte === BACKSLASH && !escaped
    }
    if (length > 0) yield out.subarray(0, length)
  }
}
