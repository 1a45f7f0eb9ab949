import type { Renames } from '../renames.ts'
import { type Check, Findings } from '../verification.ts'
import type { Orphans, References } from './orphans.ts'

/**
 * References that lead nowhere and did not before. Where the ids are kept they are compared one by one, else by number;
 * `before` is that of the source, with the names of the source. Without it every reference that leads nowhere counts.
 * What names a record of a model that the target does not have is told apart: it cannot lead anywhere there.
 */
export function checkReferences(
  after: References,
  before: References | null,
  renames: Renames,
  goneModels: ReadonlySet<string> = new Set(),
): Check {
  const findings = new Findings('references', 'References: every record that is named exists')
  findings.compared(after.proven + after.followed)
  findings.note(`${after.proven} columns are proven by foreign keys, ${after.followed} were followed.`)
  if (!before)
    findings.note(
      'There is no snapshot of the source: what led nowhere before cannot be told from what does now.',
    )
  const known = before ? underPresentNames(before.orphans, renames) : new Map<string, Orphans>()
  for (const [source, orphans] of Object.entries(after.orphans)) {
    const old = known.get(source)
    const oldKeys = new Set(old?.keys)
    const lost = orphans.keys.filter((key) => !oldKeys.has(key) && goneModels.has(modelOf(key)))
    const fresh = orphans.keys.filter((key) => !oldKeys.has(key) && !goneModels.has(modelOf(key)))
    const counted = !orphans.complete || (old !== undefined && !old.complete)
    if (counted && orphans.rows <= (old?.rows ?? 0)) {
      findings.apart(source, `${orphans.rows} rows name records that do not exist, ${old?.rows} did before`)
    } else if (fresh.length > 0) {
      const sample = fresh.slice(0, 10).join('; ')
      findings.violation(
        source,
        `names records that do not exist${before ? ' but did before' : ''}: ${sample}${fresh.length > 10 ? `; … (${fresh.length})` : ''}`,
      )
    } else if (lost.length > 0)
      findings.apart(
        source,
        `names records of models that are gone: ${[...new Set(lost.map(modelOf))].join(', ')}`,
      )
    else findings.apart(source, `${orphans.rows} rows name records that did not exist before either`)
  }
  return findings.check()
}

/** Columns and models of the source under the names that they have now. */
function underPresentNames(orphans: Record<string, Orphans>, renames: Renames): Map<string, Orphans> {
  const renamed = new Map<string, Orphans>()
  for (const [source, { rows, keys, complete }] of Object.entries(orphans)) {
    const dot = source.indexOf('.')
    const name = renames.column(source.slice(0, dot), source.slice(dot + 1)).join('.')
    const known = renamed.get(name)
    renamed.set(name, {
      rows: rows + (known?.rows ?? 0),
      keys: [...(known?.keys ?? []), ...keys.map((key) => keyAfter(key, renames))],
      complete: complete && (known?.complete ?? true),
    })
  }
  return renamed
}

/** The model of "sale.shop,1"; of a bare id, none. */
function modelOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(',')))
}

function keyAfter(key: string, renames: Renames): string {
  const comma = key.indexOf(',')
  return comma < 0 ? key : `${renames.model(key.slice(0, comma))}${key.slice(comma)}`
}
