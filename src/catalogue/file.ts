import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import type { Catalogue } from './catalogue.ts'

/** Raised when the shape of the file changes, so that an old file is not read as a new one. */
const FORMAT = 1

/**
 * A catalogue as the bytes of its file: JSON compressed with zstd, quickly (0.2 s) or, for those that are built in, as small
 * as it gets (10 s).
 */
export async function encodeCatalogue(
  catalogue: Catalogue,
  how: 'quick' | 'small' = 'quick',
): Promise<Buffer> {
  const text = JSON.stringify({ format: FORMAT, ...catalogue })
  return promisify(zstdCompress)(text, {
    params: { [constants.ZSTD_c_compressionLevel]: how === 'small' ? 19 : 3 },
  })
}

/** The catalogue of a decompressed file. */
export function decodeCatalogue(bytes: Uint8Array): Catalogue {
  const { format, ...catalogue } = JSON.parse(new TextDecoder().decode(bytes)) as Catalogue & {
    format: number
  }
  if (format !== FORMAT)
    throw new TypeError(`a catalogue of format ${format} was read where ${FORMAT} is known`)
  return catalogue
}
