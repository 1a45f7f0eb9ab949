/** Names of PostgreSQL's objects have 63 bytes at most. */
const LONGEST = 63

/**
 * The name that PostgreSQL gives to an object that was made without one, "res_partner_name_key": when it gets too long the
 * longer of the two first parts is shortened (makeObjectName in PostgreSQL's indexcmds.c). Takes plain ASCII names.
 */
export function objectName(table: string, column: string, label: string): string {
  const room = LONGEST - label.length - 1 - (column ? 1 : 0)
  let [first, second] = [table.length, column.length]
  while (first + second > room) {
    if (first > second) first--
    else second--
  }
  return [table.slice(0, first), ...(column ? [column.slice(0, second)] : []), label].join('_')
}

// Key words that PostgreSQL 15 does not take unquoted everywhere (pg_get_keywords(), all but the unreserved).
const keywords = new Set(
  `
  all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean
  both case cast char character check coalesce collate collation column concurrently constraint create
  cross current_catalog current_date current_role current_schema current_time current_timestamp
  current_user dec decimal default deferrable desc distinct do else end except exists extract false
  fetch float for foreign freeze from full grant greatest group grouping having ilike in initially
  inner inout int integer intersect interval into is isnull join lateral leading least left like limit
  localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric
  offset on only or order out outer overlaps overlay placing position precision primary real
  references returning right row select session_user setof similar smallint some substring symmetric
  table tablesample then time timestamp to trailing treat trim true union unique user using values
  varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists
  xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
  `
    .trim()
    .split(/\s+/),
)

/** A name as PostgreSQL writes it in a definition: quoted only where it has to be. */
export function deparsed(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}
