/** A value of a row: text, SQL null, or for a column that is only measured the bytes of its content. */
export type FieldValue = string | null
export type Row = (name: string) => FieldValue
export type Size = (name: string) => number | null

/** What someone wants of a table's rows, however the dump writes them. */
export interface RowSink {
  /** Columns whose text is wanted. */
  texts: readonly string[]
  /** Columns of bytea of which only the size is wanted. */
  sizes: readonly string[]
  row(text: Row, size: Size): void
}

/** Texts beyond this are cut: nothing that is asked for is longer. */
export const MAX_TEXT_BYTES = 64 * 1024
