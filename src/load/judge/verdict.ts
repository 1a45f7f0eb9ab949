import type { TableName } from '../../dumps/dump.ts'
import type { Deferred, Skipped } from '../report.ts'

/** What a statement that runs makes or changes; also how a failure of it is to be taken. */
export type RunKind =
  | 'schema'
  | 'extension'
  | 'type'
  | 'function'
  | 'table'
  | 'column'
  | 'sequence'
  | 'default'
  | 'inheritance'

/**
 * What becomes of a statement. `sql` was put together from the parse tree, so it holds what the rules know and
 * nothing else (`sequence` is what an identity column makes beside); of functions alone the text itself is sent, by itself.
 */
export type Verdict =
  | { act: 'run'; kind: RunKind; sql: string; object: TableName; sequence?: TableName }
  /** A function: the dump's own text of exactly one statement, to be read with the given schema in search_path. */
  | { act: 'runText'; kind: 'function'; sql: string; schema: string; object: TableName }
  | { act: 'sequenceValue'; sequence: TableName; value: string; called: boolean }
  | { act: 'rows'; table: TableName; columns: string[] | null; rows: string; count: number }
  | { act: 'largeObject'; oid: string; bytes: string | null }
  /** What was made as a table is a view. */
  | { act: 'view'; table: TableName }
  | { act: 'defer'; object: Deferred }
  | { act: 'skip'; line: Skipped }

/** A statement that no dump needs: the whole file is refused. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
