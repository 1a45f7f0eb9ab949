import { open } from 'node:fs/promises'
import { isSystemError, UpliftError } from '../errors.ts'
import { openCustomArchive } from './archive/open-custom.ts'
import { fileSource } from './bytes/file.ts'
import type { Dump } from './dump.ts'
import { EXPANSION_LIMIT } from './layers/guard.ts'

export async function openDump(path: string): Promise<Dump> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    if (isSystemError(cause, 'ENOENT'))
      throw new UpliftError('DUMP:MISSING', `There is no file ${path}.`, { cause })
    throw cause
  })
  try {
    const { size } = await handle.stat()
    const body = await openCustomArchive({
      path,
      layers: [],
      open: () => fileSource(handle),
      handle,
      fileBytes: size,
      limit: EXPANSION_LIMIT,
    })
    return { ...body, async *filestore() {}, close: () => handle.close() }
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}
