import { type Fragment, Html, html } from '../words/html.ts'

/** How a cell is set: a figure, the name of its row, a text that is not broken or one that keeps its lines. */
type CellKind = 'number' | 'head' | 'nowrap' | 'preline'

export interface Cell {
  kind: CellKind
  content: Fragment
}

export interface Row {
  /** Class of the row. */
  kind?: string
  cells: readonly (Fragment | Cell)[]
}

export interface Column {
  label: string
  number: true
}

/**
 * A table that a keyboard can move where it is wider than the screen. On a phone each row is a block of lines, each with the
 * name of its column before it; the roles keep it a table for who listens to it.
 */
export function table(
  label: string,
  columns: readonly (string | Column)[],
  rows: readonly (Row | Row['cells'])[],
  kind?: string,
): Html {
  const names = columns.map((column) => (typeof column === 'string' ? column : column.label))
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table role="table"${kind && html` class="${kind}"`}>
<thead><tr role="row">${columns.map(
    (column, i) =>
      html`<th scope="col" role="columnheader"${typeof column !== 'string' && html` class="number"`}>${names[i]}</th>`,
  )}</tr></thead>
<tbody>${rows.map((row) => rowOf(names, row))}</tbody></table></div>`
}

export function numberColumn(label: string): Column {
  return { label, number: true }
}

export function numberCell(content: Fragment): Cell {
  return { kind: 'number', content }
}

/** The cell that names its row. */
export function headCell(content: Fragment): Cell {
  return { kind: 'head', content }
}

export function nowrapCell(content: Fragment): Cell {
  return { kind: 'nowrap', content }
}

export function prelineCell(content: Fragment): Cell {
  return { kind: 'preline', content }
}

function rowOf(names: readonly string[], row: Row | Row['cells']): Html {
  const { kind, cells } = 'cells' in row ? row : { kind: undefined, cells: row }
  return html`<tr role="row"${kind && html` class="${kind}"`}>${cells.map((cell, i) => cellOf(names[i] ?? '', cell))}</tr>
`
}

function cellOf(name: string, cell: Fragment | Cell): Html {
  if (!isCell(cell)) return html`<td role="cell" data-column="${name}">${cell}</td>`
  if (cell.kind === 'head') return html`<th scope="row" role="rowheader">${cell.content}</th>`
  return html`<td role="cell" data-column="${name}" class="${cell.kind}">${cell.content}</td>`
}

function isCell(cell: Fragment | Cell): cell is Cell {
  return typeof cell === 'object' && cell !== null && !(cell instanceof Html) && 'kind' in cell
}
