const WITH_OIDS = /\)\s*WITH\s+OIDS\s*;?\s*$/i

/** Comments, quoted names, dollar quotes, and strings with what stands before them. */
const PARTS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|(\b[EeBbXxNn]|\bU&)?'(?:[^'\\]|''|\\[\s\S])*'/g

/**
 * Old text in the grammar of today: WITH OIDS went with PostgreSQL 12; where standard_conforming_strings is off, a
 * backslash in a plain string escapes, which today needs the letter E before it.
 */
export function modern(sql: string, standardConformingStrings: boolean): string {
  const text = sql.replace(WITH_OIDS, ');')
  if (standardConformingStrings || !text.includes('\\')) return text
  return text.replaceAll(PARTS, (part: string, _tag: string | undefined, prefix: string | undefined) =>
    part.startsWith("'") && prefix === undefined && part.includes('\\') ? ` E${part}` : part,
  )
}
