import { UpliftError } from '../../../errors.ts'
import { Parser } from '../../../load/judge/parser.ts'
import type { TocEntry } from '../../dump.ts'
import { adapt, isDispensable } from './adapt.ts'
import type { Newer } from './expressions.ts'
import { withoutTwoSteps } from './two-step-views.ts'

/** So many objects are named in the message itself; `detail.objects` has all. */
const NAMED = 10

/**
 * The entries in the language of an older PostgreSQL. OUTPUT:UNSUPPORTED when it has no form for some of them: then
 * every such object is named, with what it needs and since when that exists.
 */
export async function forOlder(
  entries: readonly TocEntry[],
  target: number,
): Promise<{ entries: TocEntry[]; notes: string[] }> {
  const parser = await Parser.open()
  const adapted: TocEntry[] = []
  const notes: string[] = []
  const refused: { object: string; needs: string[] }[] = []
  for (const entry of withoutTwoSteps(entries, target)) {
    if (isDispensable(entry, target)) {
      notes.push(`Extended statistics ${entry.namespace}.${entry.tag} are left out.`)
      continue
    }
    const result = adapt(entry, target, parser)
    notes.push(...result.notes)
    if (result.missing.length > 0) refused.push({ object: nameOf(entry), needs: needs(result.missing) })
    adapted.push(result.definition === entry.definition ? entry : { ...entry, definition: result.definition })
  }
  if (refused.length > 0) throw unsupported(refused, target)
  return { entries: adapted, notes }
}

function nameOf(entry: TocEntry): string {
  return `${entry.description.toLowerCase()} ${entry.namespace === '' ? '' : `${entry.namespace}.`}${entry.tag}`
}

function needs(missing: readonly Newer[]): string[] {
  return [...new Set(missing.map(({ what, since }) => `${what} (PostgreSQL ${majorName(since)})`))]
}

function unsupported(refused: { object: string; needs: string[] }[], target: number): UpliftError {
  const named = refused
    .slice(0, NAMED)
    .map(({ object, needs: parts }) => `${object} needs ${parts.join(', ')}`)
  const more = refused.length > NAMED ? `; and ${refused.length - NAMED} more` : ''
  return new UpliftError(
    'OUTPUT:UNSUPPORTED',
    `PostgreSQL ${majorName(target)} cannot hold this database: ${named.join('; ')}${more}. Ask for a newer version.`,
    { detail: { objects: refused } },
  )
}

/** 9.06 → "9.6", 15 → "15". */
function majorName(major: number): string {
  return major < 10 ? `9.${Math.round((major - 9) * 100)}` : String(major)
}
