import { technicalTables } from '../../odoo/technical.ts'
import type { Renames } from '../renames.ts'
import type { RecordCount } from './records.ts'

/** How many records a model of the result has, beside those of the models that became it. */
export interface BeforeAfter {
  /** Name in the target; several where models share a table. */
  model: string
  before: number
  after: number
  /** What the verification says of them; null when it has nothing to say. */
  finding: string | null
  /** That it misses some. */
  lost: boolean
}

/**
 * Records of business data before and after, by table of the target; tables that are empty on both sides are left out. What
 * modules own follows the target and is no figure that has to stay.
 *
 * @param findings of the comparison, by table of the target
 */
export function beforeAndAfter(
  before: Record<string, RecordCount>,
  after: Record<string, RecordCount>,
  renames: Renames,
  findings: ReadonlyMap<string, Pick<BeforeAfter, 'finding' | 'lost'>>,
): BeforeAfter[] {
  const counts = new Map<string, BeforeAfter>()
  for (const [table, { models, rows }] of Object.entries(before)) {
    const now = renames.table(table)
    if (technicalTables.has(now)) continue
    const names = after[now]?.models ?? models
    const count = counts.get(now) ?? {
      ...{ model: names.join(', '), before: 0, after: after[now]?.rows ?? 0 },
      ...(findings.get(now) ?? { finding: null, lost: false }),
    }
    count.before += rows
    counts.set(now, count)
  }
  return [...counts.values()]
    .filter((count) => count.before + count.after > 0)
    .sort((a, b) => (a.model < b.model ? -1 : 1))
}
