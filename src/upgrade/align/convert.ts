/**
 * How a column of one type becomes one of another without a change of meaning. A pair that is not named here has no
 * safe rule: the old column is set aside in schema legacy and the new one starts empty, which the notes say.
 */

/** SQL expression over the column `c`, or null when there is no safe conversion. */
export function conversion(from: string, to: string, c: string, languages: readonly string[]): string | null {
  const [source, target] = [kind(from), kind(to)]
  if (source === target) return `${c}::${to}`
  const rule = rules[`${source}>${target}`]
  return rule ? rule(c, to, languages) : null
}

type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'timestamp' | 'jsonb' | 'binary' | 'other'

function kind(type: string): Kind {
  if (/^(character varying|text|character)\b/.test(type)) return 'text'
  if (/^(integer|bigint|smallint)$/.test(type)) return 'integer'
  if (/^(numeric|double precision|real)/.test(type)) return 'number'
  if (type === 'boolean') return 'boolean'
  if (type === 'date') return 'date'
  if (/^timestamp/.test(type)) return 'timestamp'
  if (type === 'jsonb') return 'jsonb'
  if (type === 'bytea') return 'binary'
  return 'other'
}

const rules: Record<string, (c: string, to: string, languages: readonly string[]) => string> = {
  'integer>number': (c, to) => `${c}::${to}`,
  // A float that always held whole numbers is what a field changed to integer had; others would lose their fraction.
  'integer>text': (c) => `${c}::text`,
  'number>text': (c) => `${c}::text`,
  'integer>boolean': (c) => `${c} <> 0`,
  'boolean>integer': (c) => `${c}::integer`,
  'date>timestamp': (c, to) => `${c}::${to}`,
  'timestamp>date': (c) => `${c}::date`,
  'date>text': (c) => `${c}::text`,
  'timestamp>text': (c) => `${c}::text`,
  // A field that becomes translated holds its source text under en_US, as Odoo 16.0 stores it.
  'text>jsonb': (c) => `CASE WHEN ${c} IS NOT NULL THEN jsonb_build_object('en_US', ${c}) END`,
  'jsonb>text': (c, to, languages) =>
    `coalesce(${[...languages, 'en_US'].map((code) => `${c} ->> '${code.replaceAll("'", "''")}'`).join(', ')}, jsonb_path_query_first(${c}, '$.*') #>> '{}')::${to}`,
}
