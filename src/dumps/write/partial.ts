import { lstat, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { asUpliftError, isSystemError, UpliftError } from '../../errors.ts'

/**
 * Lets `work` write to a name beside `out` and gives the result its right name at the end; when anything fails
 * nothing is left there. What `work` returns is returned.
 */
export async function intoPlace<T>(
  out: string,
  options: { force: boolean; signal: AbortSignal },
  work: (partial: string, path: string) => Promise<T>,
): Promise<T> {
  const path = resolve(out)
  const partial = `${path}.partial-${process.pid}`
  await refuseExisting(path, options.force)
  try {
    await rm(partial, { recursive: true, force: true })
    const result = await work(partial, path)
    options.signal.throwIfAborted()
    await refuseExisting(path, options.force)
    await rename(partial, path)
    return result
  } catch (thrown) {
    await rm(partial, { recursive: true, force: true })
    options.signal.throwIfAborted()
    throw unwritable(thrown, path)
  }
}

async function refuseExisting(path: string, force: boolean): Promise<void> {
  const found = await lstat(path).catch((thrown: unknown) => {
    if (isSystemError(thrown, 'ENOENT')) return null
    throw unwritable(thrown, path)
  })
  if (found === null || (force && found.isFile())) return
  throw new UpliftError(
    'OUTPUT:EXISTS',
    found.isFile()
      ? `There is a file ${path} already: name another, or say that it may be replaced.`
      : `There is something at ${path} already that is no file: name another place.`,
    { detail: { path } },
  )
}

function unwritable(thrown: unknown, path: string): UpliftError {
  for (const code of ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENAMETOOLONG'])
    if (isSystemError(thrown, code))
      return new UpliftError('OUTPUT:EXISTS', `${path} cannot be written: check the folder and its rights.`, {
        cause: thrown,
        detail: { path },
      })
  for (const code of ['EDQUOT', 'EFBIG'])
    if (isSystemError(thrown, code))
      return new UpliftError('DISK:FULL', `There is no room for ${path}: free some and start again.`, {
        cause: thrown,
      })
  return asUpliftError(thrown)
}
