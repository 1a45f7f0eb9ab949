import { randomBytes } from 'node:crypto'
import { link, rm, writeFile } from 'node:fs/promises'
import { isSystemError } from '../errors.ts'

/**
 * Writes a file, readable by its owner alone, unless it is there already. Whoever reads it reads it whole, and of two
 * that write it at once both find the same.
 */
export async function writeOnce(path: string, content: string | Buffer): Promise<void> {
  const own = `${path}-${randomBytes(6).toString('hex')}`
  try {
    await writeFile(own, content, { mode: 0o600, flag: 'wx', flush: true })
    await link(own, path).catch((thrown: unknown) => {
      if (!isSystemError(thrown, 'EEXIST')) throw thrown
    })
  } finally {
    await rm(own, { force: true })
  }
}
