import type { RuleStmt } from 'libpg-query'
import { qualified } from '../../postgres/sql.ts'
import type { ParsedStatement } from './parse.ts'
import { judgeView } from './query.ts'
import type { Scope } from './scope.ts'
import type { Verdict } from './verdict.ts'

/**
 * A rule is put aside. Until 9.6 pg_dump wrote a view that others need before its time as a table that the rule
 * "_RETURN" makes a view later: then the table is no table, and the rule is the view.
 */
export function judgeRule(
  stmt: RuleStmt,
  text: string,
  scope: Scope,
  parse: (sql: string) => ParsedStatement[],
): Verdict[] {
  const table = scope.target(stmt.relation)
  const name = stmt.rulename ?? ''
  if (name === '_RETURN' && stmt.event === 'CMD_SELECT') {
    const query = /\bDO\s+INSTEAD\s+([\s\S]+)$/i.exec(text)?.[1] ?? ''
    // Read again as a whole: the words could stand within a name.
    const [view, ...more] = parse(`CREATE VIEW ${qualified(table.schema, table.name)} AS ${query}`)
    if (view && more.length === 0 && 'ViewStmt' in view.node)
      return [...judgeView(view.node.ViewStmt, view.text, scope), { act: 'view', table }]
  }
  const object = { kind: 'rule' as const, schema: table.schema, table: table.name, name }
  return [{ act: 'defer', object: { ...object, definition: text, sql: null, columns: [] } }]
}
