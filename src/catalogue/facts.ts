import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What the published sources of one series declare: names and attributes, read without running them. */
export interface SeriesFacts {
  modules: Record<
    string,
    { depends: string[]; auto_install: boolean | string[]; installable: boolean; version: string | null }
  >
  models: Record<string, ModelFacts>
  /** "module.name" → model and noupdate. */
  xmlids: Record<string, [model: string, noupdate: 0 | 1]>
}

export interface ModelFacts {
  defined_in: string
  /** All that extend it, the first one too. */
  modules: string[]
  abstract?: boolean
  transient?: boolean
  /** False when the series makes no table of it: a report on an SQL view. */
  auto?: boolean
  table?: string
  inherit: string[]
  inherits?: Record<string, string>
  /** Field → module that declares or extends it → what it says there. */
  fields: Record<string, Record<string, FieldFacts>>
}

export interface FieldFacts {
  type: string
  required?: boolean
  stored?: boolean
  function?: boolean
  related?: string
  relation?: string
  inverse?: string
  m2m?: [string | null, string | null, string | null]
  /** Values, or "dynamic" where code makes them. */
  selection?: string[] | string
  selection_add?: string[] | string
  size?: number
  digits?: boolean
  translate?: boolean
  company_dependent?: boolean
  attachment?: boolean
  new_api?: boolean
}

/** Reads `series/<series>.json` or `.json.xz` of a folder of facts; the latter with the system's xz. */
export async function readFacts(folder: string, series: string): Promise<SeriesFacts> {
  const path = join(folder, 'series', `${series}.json`)
  const plain = await readFile(path, 'utf8').catch(() => null)
  const text =
    plain ??
    (
      await promisify(execFile)('xz', ['--decompress', '--stdout', '--', `${path}.xz`], {
        maxBuffer: 2 ** 28,
      })
    ).stdout
  return JSON.parse(text) as SeriesFacts
}
