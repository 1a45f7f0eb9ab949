import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { isSystemError, UpliftError } from '../errors.ts'
import type { Catalogue } from './catalogue.ts'
import { decodeCatalogue } from './file.ts'

const folder = join(import.meta.dirname, '../../catalogues')
const loaded = new Map<string, Promise<Catalogue>>()

/** The built-in catalogue of a series, "8.0"; read once in a process. */
export function loadCatalogue(series: string): Promise<Catalogue> {
  let catalogue = loaded.get(series)
  if (!catalogue) {
    catalogue = read(series)
    loaded.set(series, catalogue)
    catalogue.catch(() => loaded.delete(series))
  }
  return catalogue
}

async function read(series: string): Promise<Catalogue> {
  const path = join(folder, `${series}.json.zst`)
  try {
    if (!/^\d+\.\d$/.test(series)) throw new UpliftError('CATALOGUE:MISSING', 'not a series')
    return decodeCatalogue(await promisify(zstdDecompress)(await readFile(path)))
  } catch (cause) {
    if (!(cause instanceof UpliftError) && !isSystemError(cause, 'ENOENT')) throw cause
    throw new UpliftError(
      'CATALOGUE:MISSING',
      `There is no built-in catalogue of "${series}": the series from 6.0 to 19.0 have one.`,
      { cause },
    )
  }
}
