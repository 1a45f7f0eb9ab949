import type { TocEntry } from '../../dump.ts'

/** The views of which EXTRACT gives another type before 14: numeric from then on, double precision before. */
const EXTRACT = /\bEXTRACT\(/

/** What may come after the rows without harm. */
const MOVABLE = new Set(['VIEW', 'RULE', 'COMMENT', 'TRIGGER', 'DEFAULT', 'FUNCTION'])

/**
 * A view that groups by a primary key can be made only after the key. pg_dump makes it twice: first with columns of
 * the right types and no query, then by CREATE OR REPLACE. Where a column has EXTRACT, its type in an older version
 * is another and the second step fails; so such a view is made once, in the place of the second step, and what
 * depends on it after it. Returns the entries as they came when there is no such view or it cannot be moved.
 */
export function withoutTwoSteps(entries: readonly TocEntry[], target: number): readonly TocEntry[] {
  if (target >= 14) return entries
  return entries
    .filter((entry) => entry.description === 'RULE' && isSecondStep(entry) && EXTRACT.test(entry.definition))
    .reduce((all, rule) => inOneStep(all, rule), entries)
}

function isSecondStep(entry: TocEntry): boolean {
  return entry.definition.startsWith('CREATE OR REPLACE VIEW ')
}

function inOneStep(entries: readonly TocEntry[], rule: TocEntry): readonly TocEntry[] {
  const view = entries.find(
    (entry) => entry.description === 'VIEW' && rule.dependencies.includes(entry.dumpId),
  )
  if (view === undefined) return entries
  const moved = new Set([view.dumpId])
  for (const entry of entries)
    if (entry !== rule && entry.dependencies.some((id) => moved.has(id))) moved.add(entry.dumpId)
  const dependents = entries.filter((entry) => entry !== view && moved.has(entry.dumpId))
  if (!dependents.every((entry) => MOVABLE.has(entry.description))) return entries
  const whole: TocEntry = {
    ...view,
    section: 'post-data',
    definition: rule.definition.replace('CREATE OR REPLACE VIEW', 'CREATE VIEW'),
    dependencies: [...new Set([...view.dependencies, ...rule.dependencies])].filter(
      (id) => id !== view.dumpId,
    ),
  }
  const after = dependents.map((entry) =>
    entry.section === 'pre-data' ? { ...entry, section: 'post-data' as const } : entry,
  )
  return entries.flatMap((entry) => {
    if (entry === rule) return [whole, ...after.filter((moving) => !comesAfter(entries, rule, moving))]
    if (entry === view) return []
    if (moved.has(entry.dumpId) && !comesAfter(entries, rule, entry)) return []
    return [entry]
  })
}

function comesAfter(entries: readonly TocEntry[], rule: TocEntry, other: TocEntry): boolean {
  return (
    entries.findIndex((entry) => entry.dumpId === other.dumpId) >
    entries.findIndex((entry) => entry.dumpId === rule.dumpId)
  )
}
