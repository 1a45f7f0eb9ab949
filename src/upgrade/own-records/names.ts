import type { PackFacts } from '../../packs/pack.ts'
import type { Fields } from '../../verify/views/fields.ts'

/** How the fields of models are called now: by model, each old name with its new one. */
export type NewNames = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Under the names that the models have at the end of the way. A name that changed twice leads to the last one. */
export function newNames(packs: readonly PackFacts[]): NewNames {
  const all = new Map<string, Map<string, string>>()
  for (const { fields, models } of packs) {
    for (const [old, now] of Object.entries({ ...models.merged, ...models.renamed })) {
      const known = all.get(old)
      if (known) all.set(now, new Map([...(all.get(now) ?? []), ...known]))
    }
    for (const [model, old, now] of fields) {
      const ofModel = all.get(model) ?? new Map<string, string>()
      for (const [first, last] of ofModel) if (last === old) ofModel.set(first, now)
      ofModel.set(old, now)
      all.set(model, ofModel)
    }
  }
  return all
}

export interface Examined {
  /** With new names where fields have one. */
  text: string
  /** "state on stock.picking": what is there no more. */
  missing: string[]
}

const TERM =
  /([([]\s*)(['"])([A-Za-z_]\w*(?:\.\w+)*)\2(?=\s*,\s*(['"])(?:=|!=|<>|<=|>=|<|>|=\?|==|(?:not )?(?:in|like|ilike)|=i?like|child_of|parent_of)\4)/g
const GROUP = /(['"]group_by['"]\s*:\s*)(\[[^\]]*\]|\([^)]*\)|(['"])[\w.:]*\3)/g
const NAME = /(['"])(\w+)((?:[.:]\w+)*)\1/g

/** The fields that a domain compares, as far as they are written out. */
export function examineDomain(text: string, model: string, fields: Fields, names: NewNames): Examined {
  const missing = new Set<string>()
  const changed = text.replace(TERM, (whole, open: string, quote: string, path: string) => {
    const found = follow(path, model, fields, names)
    if (typeof found === 'string') return `${open}${quote}${found}${quote}`
    missing.add(found.missing)
    return whole
  })
  return { text: changed, missing: [...missing] }
}

/** The fields that a context groups by. */
export function examineGrouping(text: string, model: string, fields: Fields, names: NewNames): Examined {
  const missing = new Set<string>()
  const changed = text.replace(
    GROUP,
    (_, key: string, list: string) =>
      key +
      list.replace(NAME, (whole, quote: string, name: string, rest: string) => {
        const found = follow(name, model, fields, names)
        if (typeof found === 'string') return `${quote}${found}${rest}${quote}`
        missing.add(found.missing)
        return whole
      }),
  )
  return { text: changed, missing: [...missing] }
}

/** A path of fields under its names of today; the first field that is not there where it has none. */
function follow(path: string, model: string, fields: Fields, names: NewNames): string | { missing: string } {
  const now: string[] = []
  let current: string | null = model
  for (const name of path.split('.')) {
    if (current === null || !fields.hasModel(current)) now.push(name)
    else {
      const found: string | undefined = fields.has(current, name) ? name : names.get(current)?.get(name)
      if (found === undefined || !fields.has(current, found)) return { missing: `${name} on ${current}` }
      now.push(found)
      current = fields.relation(current, found)
    }
  }
  return now.join('.')
}
