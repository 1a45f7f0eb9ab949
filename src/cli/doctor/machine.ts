import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { bytesInWords } from '../../words/quantities.ts'
import { canBeEntered, isWritable } from '../data-folder.ts'
import { type Finding, failed, ok, warning } from './finding.ts'

const LEAST_RUNTIME = 24
const LEAST_MEMORY = 2e9
const LEAST_DISK = 5e9

export function examineRuntime(): Finding {
  const version = process.versions.node
  return Number(version.split('.')[0]) >= LEAST_RUNTIME
    ? ok('Runtime', `Node ${version}`)
    : failed(
        'Runtime',
        `Node ${version} is too old`,
        'Start Uplift by bin/uplift, which brings its own runtime, after "npm ci".',
      )
}

export function examineMemory(): Finding {
  const message = `${bytesInWords(totalmem())}, ${availableParallelism()} cores`
  return totalmem() >= LEAST_MEMORY
    ? ok('Memory', message)
    : warning('Memory', message, 'PostgreSQL works with what there is; below 2 GB large databases take long.')
}

/** Scratch space is needed for the loaded database, its indexes and the result: about four times an uncompressed dump. */
export async function examineDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await existing(folder))
  const free = bavail * bsize
  return free >= LEAST_DISK
    ? ok('Disk', `${bytesInWords(free)} free for ${folder}`)
    : warning(
        'Disk',
        `${bytesInWords(free)} free for ${folder}`,
        'Free some room, or name another folder with --data or UPLIFT_DATA.',
      )
}

/** PostgreSQL runs as another user when Uplift is started as root: he has to get through all folders on the way. */
export async function examineDataFolder(folder: string): Promise<Finding> {
  if (!(await isWritable(folder)))
    return failed(
      'Data folder',
      `${folder} cannot be written to`,
      'Name another folder with --data or UPLIFT_DATA.',
    )
  if (process.getuid?.() === 0 && !(await canBeEntered(folder)))
    return failed(
      'Data folder',
      `${folder} cannot be reached by the user that PostgreSQL runs as`,
      'Let other users enter the folders on the way (chmod o+x), or name another folder with --data or UPLIFT_DATA.',
    )
  return ok('Data folder', folder)
}

/** Decompressors that are called for xz and bzip2; everything else is read by Uplift itself. */
export async function examineTools(): Promise<Finding> {
  const found = await Promise.all(
    ['xz', 'bzip2'].map((name) =>
      promisify(execFile)(name, ['--version'], { timeout: 10_000 }).then(
        () => null,
        () => name,
      ),
    ),
  )
  const missing = found.filter((name) => name !== null)
  return missing.length === 0
    ? ok('Decompressors', 'xz, bzip2')
    : warning(
        'Decompressors',
        `${missing.join(', ')} missing`,
        'Install xz-utils and bzip2 to read dumps that are wrapped in them.',
      )
}

async function existing(folder: string): Promise<string> {
  return statfs(folder).then(
    () => folder,
    () => existing(dirname(folder)),
  )
}
