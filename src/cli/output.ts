import { access, constants, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isSystemError, UpliftError } from '../errors.ts'

/**
 * Finds out before hours of work whether a file can be written in the end.
 * @throws UpliftError OUTPUT:EXISTS when it is there already and `force` is not given, or its folder is missing or locked
 */
export async function checkOutput(path: string, force: boolean): Promise<void> {
  const there = await stat(path).catch(() => null)
  if (there?.isDirectory())
    throw new UpliftError('OUTPUT:EXISTS', `${path} is a folder that exists already: name another place.`)
  if (there && !force)
    throw new UpliftError(
      'OUTPUT:EXISTS',
      `${path} exists already: name another file, or add --force to replace it.`,
    )
  const folder = dirname(resolve(path))
  await access(folder, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    const why = isSystemError(cause, 'ENOENT')
      ? 'does not exist: make it'
      : 'cannot be written to: choose another'
    throw new UpliftError('OUTPUT:EXISTS', `The folder ${folder} ${why}, then start again.`, { cause })
  })
}

/** Writes a file that appears only when it is complete. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`
  try {
    await writeFile(partial, content)
    await rename(partial, path)
  } catch (thrown) {
    await rm(partial, { force: true })
    throw thrown
  }
}
