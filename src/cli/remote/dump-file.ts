import { realpath, stat } from 'node:fs/promises'
import { UpliftError } from '../../errors.ts'

/** By which a file is taken for the same one when a command is called again. */
export interface FileStamp {
  path: string
  bytes: number
  /** Milliseconds since 1970. */
  modified: number
}

/**
 * Looks at the file that is to be sent.
 * @throws UpliftError DUMP:MISSING, DUMP:UNSUPPORTED for a folder, DUMP:EMPTY
 */
export async function stampOf(file: string): Promise<FileStamp> {
  const facts = await stat(file).catch((cause: unknown) => {
    throw new UpliftError('DUMP:MISSING', `There is no file ${file}: check the path.`, { cause })
  })
  if (!facts.isFile())
    throw new UpliftError(
      'DUMP:UNSUPPORTED',
      `${file} is a folder: pack it into one file first, such as with tar.`,
    )
  if (facts.size === 0) throw new UpliftError('DUMP:EMPTY', `${file} has no bytes: make the dump again.`)
  return { path: await realpath(file), bytes: facts.size, modified: Math.floor(facts.mtimeMs) }
}

export function isSameFile(one: FileStamp, other: FileStamp | null): boolean {
  return one.path === other?.path && one.bytes === other.bytes && one.modified === other.modified
}
