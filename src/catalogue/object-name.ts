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
