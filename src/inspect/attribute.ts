import { holds } from '../catalogue/condition.ts'
import type { TableIndex } from '../catalogue/table-index.ts'

/** So many tables more than any other series has to know of those that were seen. */
const MARGIN = 3

/**
 * The series whose catalogue knows the most of some tables of a database; null while several know about as many, or it is
 * none of Odoo's.
 */
export function seriesByTables(index: TableIndex, tables: ReadonlySet<string>): string | null {
  const known = [...index].map(([series, all]) => ({
    series,
    count: [...tables].filter((table) => all.has(table)).length,
  }))
  known.sort((a, b) => b.count - a.count)
  const [best, next] = known
  if (best === undefined || next === undefined || best.count < tables.size / 2) return null
  return best.count - next.count >= MARGIN ? best.series : null
}

/**
 * The modules that must be installed for these tables to be there, by name. Modules that bring no table of their own are
 * not among them.
 */
export function modulesByTables(index: TableIndex, series: string, tables: ReadonlySet<string>): string[] {
  const all = index.get(series)
  const found = new Set<string>()
  const open: (readonly (readonly string[])[])[] = []
  for (const table of tables) {
    const by = all?.get(table)
    if (by?.length === 1) for (const module of by[0]!) found.add(module)
    else if (by !== undefined) open.push(by)
  }
  // Of several that could have brought a table, one that nothing else tells of is named by its first.
  for (const by of open) if (!holds(by, found)) for (const module of by[0]!) found.add(module)
  return [...found].sort()
}
