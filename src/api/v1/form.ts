import querystring from 'node:querystring'

/** Parameters whose values never hold a blank: a "+" in them is one, although forms write blanks so. */
const WITHOUT_BLANKS = new Set(['contract', 'email', 'key', 'timezone'])

/** Pairs of a form or query string, in their order; "=" after the first one belongs to the value. */
export function formPairs(text: string): [name: string, value: string][] {
  return text.split('&').flatMap((pair): [string, string][] => {
    if (pair === '') return []
    const at = pair.indexOf('=')
    const name = decoded(at === -1 ? pair : pair.slice(0, at), false)
    return [[name, at === -1 ? '' : decoded(pair.slice(at + 1), WITHOUT_BLANKS.has(name))]]
  })
}

/** Broken escapes stay as they stand: old clients send names of files as they are. */
function decoded(text: string, keepPlus: boolean): string {
  return querystring.unescape(keepPlus ? text : text.replaceAll('+', ' '))
}
