import type { PackFacts } from '../../packs/pack.ts'
import type { Fields } from '../../verify/views/fields.ts'
import type { NewNames } from './names.ts'

/** What selections say now: by "table.column", each old value with its new one. */
export type NewValues = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Under the names that tables and columns have at the end of the way. A value that changed twice leads to the last one. */
export function newValues(packs: readonly PackFacts[]): NewValues {
  let all = new Map<string, Map<string, string>>()
  for (const { tables, columns, values } of packs) {
    const renamed = new Map(columns.map(([table, old, now]) => [`${table}.${old}`, `${table}.${now}`]))
    all = new Map(
      [...all].map(([key, map]) => {
        const [table = '', column] = key.split('.')
        const moved = `${tables[table] ?? table}.${column}`
        return [renamed.get(moved) ?? moved, map]
      }),
    )
    for (const { table, column, values: map } of values) {
      const known = all.get(`${table}.${column}`) ?? new Map<string, string>()
      const through = [...known].map(([old, now]) => [old, map[now] ?? now] as const)
      all.set(`${table}.${column}`, new Map([...Object.entries(map), ...through]))
    }
  }
  return all
}

const COMPARED =
  /([([]\s*(['"])([A-Za-z_]\w*(?:\.\w+)*)\2\s*,\s*(['"])(?:=|!=|<>|==|(?:not )?in)\4\s*,\s*)((['"])[^'"\\]*\6|\[[^[\]]*\]|\([^()]*\))/g
const QUOTED = /(['"])([^'"\\]*)\1/g
const DEFAULT = /(['"])default_(\w+)\1(\s*:\s*)((['"])[^'"\\]*\5)?/g
const ENTRY = /(['"])(\w+)\1(\s*:\s*)((['"])[^'"\\]*\5)?/g

/** A domain, whose fields have their names of today, with the values that it compares them with as they are called now. */
export function valuesOfDomain(text: string, model: string, fields: Fields, values: NewValues): string {
  return text.replace(COMPARED, (_, before: string, _quote, path: string, _operator, compared: string) => {
    const map = mapOf(path, model, fields, values)
    return before + (map ? compared.replace(QUOTED, translated(map)) : compared)
  })
}

/** A context with the fields of its defaults, and their values, as they are called now. */
export function defaultsOfContext(
  text: string,
  model: string,
  fields: Fields,
  names: NewNames,
  values: NewValues,
): string {
  return text.replace(DEFAULT, entryOf('default_', model, fields, names, values))
}

/** What a dictionary gives to the fields of a record, with both as they are called now. */
export function dictionaryOfFields(
  text: string,
  model: string,
  fields: Fields,
  names: NewNames,
  values: NewValues,
): string {
  return text.replace(ENTRY, entryOf('', model, fields, names, values))
}

function entryOf(prefix: string, model: string, fields: Fields, names: NewNames, values: NewValues) {
  return (_: string, quote: string, field: string, colon: string, value = '') => {
    const now = fields.has(model, field) ? field : (names.get(model)?.get(field) ?? field)
    const map = mapOf(now, model, fields, values)
    return `${quote}${prefix}${now}${quote}${colon}${map ? value.replace(QUOTED, translated(map)) : value}`
  }
}

const translated = (map: ReadonlyMap<string, string>) => (whole: string, quote: string, value: string) =>
  map.has(value) ? `${quote}${map.get(value)}${quote}` : whole

/** The new values of the field that a path ends at. A stored field stands in the table that is named as its model. */
function mapOf(
  path: string,
  model: string,
  fields: Fields,
  values: NewValues,
): ReadonlyMap<string, string> | undefined {
  const steps = path.split('.')
  const last = steps.pop()!
  let current: string | null = model
  for (const step of steps) current = current === null ? null : fields.relation(current, step)
  return current === null ? undefined : values.get(`${current.replaceAll('.', '_')}.${last}`)
}
