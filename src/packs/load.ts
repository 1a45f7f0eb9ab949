import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UpliftError } from '../errors.ts'
import type { Pack, PackFacts } from './pack.ts'

/** Folders named "7.0-8.0" beside this file; adding one is all that a new hop needs. */
export async function availableHops(root = import.meta.dirname): Promise<{ from: string; to: string }[]> {
  const entries = await readdir(root, { withFileTypes: true })
  return entries.flatMap((entry) => {
    const hop = /^(\d+\.\d)-(\d+\.\d)$/.exec(entry.name)
    return entry.isDirectory() && hop ? [{ from: hop[1]!, to: hop[2]! }] : []
  })
}

/** Reads the pack of one hop. Throws VERSION:UNSUPPORTED when there is none. */
export async function loadPack(from: string, to: string, root = import.meta.dirname): Promise<Pack> {
  const folder = join(root, `${from}-${to}`)
  let facts: PackFacts
  try {
    facts = JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8')) as PackFacts
  } catch (cause) {
    throw new UpliftError('VERSION:UNSUPPORTED', `There is no pack for the hop from ${from} to ${to}.`, {
      cause,
      detail: { from, to },
    })
  }
  return { facts, folder, transforms: await readTransforms(join(folder, 'modules')) }
}

async function readTransforms(folder: string): Promise<Pack['transforms']> {
  const files = await readdir(folder).catch(() => [])
  return Promise.all(
    files
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .map(async (file) => ({
        module: file.slice(0, -'.sql'.length),
        file: join(folder, file),
        sql: await readFile(join(folder, file), 'utf8'),
      })),
  )
}
