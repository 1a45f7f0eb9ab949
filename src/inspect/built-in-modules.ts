import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createZstdDecompress } from 'node:zlib'
import { isSystemError } from '../errors.ts'
import type { IsOdooModule } from './odoo-tables.ts'

const folder = join(import.meta.dirname, '../../catalogues')

/**
 * Tells Odoo's own modules by the built-in catalogues, for the series that have one. Modules of the Enterprise edition
 * are in none of them: they count as not known to be Odoo's own unless their licence says so.
 */
export function builtInModules(): IsOdooModule {
  const known = new Map<string, Promise<ReadonlySet<string> | null>>()
  return async (series, module) => {
    let modules = known.get(series)
    if (modules === undefined) {
      modules = catalogueModules(series)
      known.set(series, modules)
    }
    return (await modules)?.has(module) ?? null
  }
}

/**
 * Names of the modules of a catalogue; null when there is none of the series. Read from the head of the file only:
 * the whole of a catalogue takes more memory than all the rest of an inspection.
 */
export async function catalogueModules(series: string): Promise<ReadonlySet<string> | null> {
  if (!/^\d+\.\d$/.test(series)) return null
  try {
    return await readModules(join(folder, `${series}.json.zst`))
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) return null
    throw thrown
  }
}

async function readModules(path: string): Promise<ReadonlySet<string>> {
  const file = createReadStream(path)
  const text = createZstdDecompress()
  file.on('error', (thrown) => text.destroy(thrown))
  file.pipe(text.setEncoding('utf8'))
  let held = ''
  try {
    for await (const piece of text) {
      held += piece
      const modules = topLevelObject(held, 'modules')
      if (modules !== null) return new Set(Object.keys(modules))
    }
  } finally {
    file.destroy()
    text.destroy()
  }
  throw new TypeError(`the catalogue ${path} names no modules`)
}

/** The value of a key of the outermost object in a beginning of JSON text; null while it is not whole. */
function topLevelObject(text: string, key: string): object | null {
  let depth = 0
  let start = -1
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    const [mark] = token
    if (mark === '{' || mark === '[') depth++
    else if (mark === '}' || mark === ']') {
      depth--
      if (start !== -1 && depth === 1) return JSON.parse(text.slice(start, token.index + 1))
    } else if (depth === 1 && start === -1 && token[1] !== undefined && mark.startsWith(`"${key}"`))
      start = token.index + mark.length
  }
  return null
}
