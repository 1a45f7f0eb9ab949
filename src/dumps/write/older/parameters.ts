import { type Statement, tokenAt } from './adapt.ts'
import type { Edit } from './tokens.ts'
import { isNode, list, location, type Node, text, walk } from './tree.ts'

/** Storage parameters (WITH (…) of tables, indexes, constraints) by the version that brought them. */
const PARAMETERS: Readonly<Record<string, number>> = {
  buffering: 9.02,
  user_catalog_table: 9.04,
  autovacuum_multixact_freeze_max_age: 9.05,
  autovacuum_multixact_freeze_min_age: 9.05,
  autovacuum_multixact_freeze_table_age: 9.05,
  gin_pending_list_limit: 9.05,
  log_autovacuum_min_duration: 9.05,
  pages_per_range: 9.05,
  parallel_workers: 9.06,
  autosummarize: 10,
  toast_tuple_target: 11,
  vacuum_cleanup_index_scale_factor: 11,
  vacuum_index_cleanup: 12,
  vacuum_truncate: 12,
  autovacuum_vacuum_insert_scale_factor: 13,
  autovacuum_vacuum_insert_threshold: 13,
  deduplicate_items: 13,
  autovacuum_vacuum_max_threshold: 18,
  vacuum_max_eager_freeze_failure_rate: 18,
}

/** Cuts out the storage parameters that the wanted version does not know; they concern speed and upkeep only. */
export function withoutNewerParameters(statement: Statement, target: number, notes: string[]): Edit[] {
  const edits: Edit[] = []
  for (const options of parameterLists(statement)) {
    const isNewer = (option: Node) => (PARAMETERS[text(option, 'defname')] ?? 0) > target
    if (!options.some(isNewer)) continue
    const first = tokenAt(statement, location(options[0]!))
    const open = statement.tokens.findLastIndex((token, i) => i < first && token.text === '(')
    const close = statement.tokens.findIndex((token, i) => i > first && token.text === ')')
    const kept = options
      .map((option, i) => {
        const from = location(option)
        const next = options[i + 1]
        const end =
          next === undefined
            ? statement.tokens[close]!.start
            : statement.tokens[tokenAt(statement, location(next)) - 1]!.start
        return isNewer(option) ? '' : statement.sql.slice(from, end).trim()
      })
      .filter((part) => part !== '')
    const left = options.filter(isNewer).map((option) => text(option, 'defname'))
    notes.push(`The storage parameters ${left.join(', ')} are left out.`)
    edits.push(
      kept.length > 0
        ? { start: statement.tokens[open]!.end, end: statement.tokens[close]!.start, text: kept.join(', ') }
        : { start: statement.tokens[open - 2]!.end, end: statement.tokens[close]!.end, text: '' },
    )
  }
  return edits
}

function parameterLists(statement: Statement): Node[][] {
  const found: Node[][] = []
  const add = (holder: Node) => {
    const options = list(holder, 'options').map(({ node }) => node)
    if (options.length > 0) found.push(options)
  }
  if (statement.kind === 'CreateStmt' || statement.kind === 'IndexStmt') add(statement.node)
  walk(statement.node, (key, value) => {
    if (key === 'Constraint' && isNode(value) && value.contype !== 'CONSTR_IDENTITY') add(value)
  })
  return found
}
