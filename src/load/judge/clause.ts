/** Parts of SQL in which a comma or bracket means nothing: strings, quoted names, dollar quotes, comments. */
const QUIET =
  /'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//y

/**
 * The text of one constraint, from its first word to the comma or bracket that ends it, without "CONSTRAINT name".
 * The text is told to people and compared; what runs is written from the parse tree.
 */
export function clause(text: string): string {
  let depth = 0
  let at = 0
  while (at < text.length) {
    QUIET.lastIndex = at
    const quiet = QUIET.exec(text)
    if (quiet) {
      at += quiet[0].length
      continue
    }
    const char = text[at]!
    if (char === '(' || char === '[') depth++
    if (char === ')' || char === ']') depth--
    if (depth < 0 || (depth === 0 && (char === ',' || char === ';'))) break
    at++
  }
  return text
    .slice(0, at)
    .trim()
    .replace(/^CONSTRAINT\s+("(?:[^"]|"")+"|[^\s"]+)\s+/i, '')
}
