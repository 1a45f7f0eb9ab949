import { literal } from '../../postgres/sql.ts'

/**
 * How a column of one type becomes one of another without a change of meaning. A pair that is not named here has no
 * safe rule: the old column is set aside in schema legacy and the new one starts empty, which the notes say.
 */

/** SQL expression over the column `c`, or null when there is no safe conversion. */
export function conversion(from: string, to: string, c: string, languages: readonly string[]): string | null {
  const [source, target] = [kind(from), kind(to)]
  if (source === null || target === null) return null
  if (source === target) return `${c}::${to}`
  const rule = rules[`${source}>${target}`]
  return rule ? rule(c, to, languages) : null
}

/**
 * SQL condition over the column `c`: the values that the new type does not hold whole. Null where every value comes through.
 */
export function lossy(from: string, to: string, c: string): string | null {
  const [source, target] = [kind(from), kind(to)]
  if (source === 'number' && target === 'number' && /^numeric\(/.test(to)) return `${c} <> ${c}::${to}`
  if (source === 'timestamp' && target === 'date') return `${c} <> date_trunc('day', ${c})`
  if (source === 'integer' && target === 'boolean') return `${c} NOT IN (0, 1)`
  if (source === 'jsonb' && target === 'text')
    return `(SELECT count(DISTINCT value) FROM jsonb_each_text(CASE jsonb_typeof(${c}) WHEN 'object' THEN ${c} END)) > 1`
  const size = textSize(to)
  return size !== null && size < (textSize(from) ?? Number.POSITIVE_INFINITY)
    ? `length(${c}::text) > ${size}`
    : null
}

/** How many characters a column takes; null where there is no limit. */
function textSize(type: string): number | null {
  const size = /^character(?: varying)?\((\d+)\)$/.exec(type)?.[1]
  return size === undefined ? null : Number(size)
}

type Kind =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'zoned timestamp'
  | 'jsonb'
  | 'binary'

/** Null for types that have no rule, arrays and those of extensions among them. */
function kind(type: string): Kind | null {
  if (type.endsWith('[]')) return null
  if (/^(character varying|text|character)\b/.test(type)) return 'text'
  if (/^(integer|bigint|smallint)$/.test(type)) return 'integer'
  if (/^(numeric|double precision|real)\b/.test(type)) return 'number'
  if (type === 'boolean') return 'boolean'
  if (type === 'date') return 'date'
  if (/^timestamp\b/.test(type)) return type.endsWith('with time zone') ? 'zoned timestamp' : 'timestamp'
  if (type === 'jsonb') return 'jsonb'
  if (type === 'bytea') return 'binary'
  return null
}

const rules: Record<string, (c: string, to: string, languages: readonly string[]) => string> = {
  // There is no rule back: a number would lose its fraction.
  'integer>number': (c, to) => `${c}::${to}`,
  'integer>text': (c, to) => `${c}::text::${to}`,
  'number>text': (c, to) => `${c}::text::${to}`,
  'integer>boolean': (c) => `${c} <> 0`,
  'boolean>integer': (c, to) => `${c}::integer::${to}`,
  'date>timestamp': (c, to) => `${c}::${to}`,
  'timestamp>date': (c) => `${c}::date`,
  'date>text': (c, to) => `${c}::text::${to}`,
  'timestamp>text': (c, to) => `${c}::text::${to}`,
  // Odoo keeps all times in UTC, whatever the server's own zone is.
  'zoned timestamp>timestamp': (c) => `${c} AT TIME ZONE 'UTC'`,
  'timestamp>zoned timestamp': (c) => `${c} AT TIME ZONE 'UTC'`,
  // A field that becomes translated holds its source text under en_US, as Odoo 16.0 stores it.
  'text>jsonb': (c) => `CASE WHEN ${c} IS NOT NULL THEN jsonb_build_object('en_US', ${c}) END`,
  'jsonb>text': (c, to, languages) =>
    `coalesce(${[...languages, 'en_US'].map((code) => `${c} ->> ${literal(code)}`).join(', ')}, jsonb_path_query_first(${c}, '$.*') #>> '{}')::${to}`,
}
