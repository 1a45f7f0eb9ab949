/** Bytes of a large object in one statement, as pg_restore has it: the stream may not depend on how its source was cut. */
const PIECE = 16 * 1024

/** The statements that fill a large object that exists, inside a transaction. */
export async function* largeObjectSql(
  oid: string,
  pieces: AsyncIterable<Buffer>,
  standardConformingStrings: boolean,
): AsyncGenerator<string, void> {
  const prefix = standardConformingStrings ? "'\\x" : "E'\\\\x"
  const write = (piece: Buffer) => `SELECT pg_catalog.lowrite(0, ${prefix}${piece.toString('hex')}');\n`
  // 131072 is INV_WRITE of libpq/libpq-fs.h; the first descriptor of a transaction is 0.
  yield `SELECT pg_catalog.lo_open('${oid}', 131072);\n`
  let held: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    held = held.length === 0 ? piece : Buffer.concat([held, piece])
    let at = 0
    for (; held.length - at >= PIECE; at += PIECE) yield write(held.subarray(at, at + PIECE))
    held = held.subarray(at)
  }
  if (held.length > 0) yield write(held)
  yield 'SELECT pg_catalog.lo_close(0);\n\n'
}
