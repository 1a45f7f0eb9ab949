import { access, constants, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

const SYSTEM_FOLDER = '/var/lib/uplift'

/**
 * The folder for scratch clusters and references: as given, else UPLIFT_DATA, else ./var. PostgreSQL does not run as root:
 * where root works in a folder that other users cannot enter, such as /root, it is /var/lib/uplift.
 */
export async function dataFolder(
  given: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const chosen = given ?? env.UPLIFT_DATA
  if (chosen) return resolve(chosen)
  const near = resolve('var')
  if (process.getuid?.() === 0 && !(await canBeEntered(near))) return SYSTEM_FOLDER
  return near
}

/** Whether users other than its owner can enter every folder above a path that exists already. */
export async function canBeEntered(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const facts = await stat(folder).catch(() => null)
    if (facts && (facts.mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

export async function isWritable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (await stat(at).catch(() => null))
      return access(at, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      )
    if (at === dirname(at)) return false
  }
}
