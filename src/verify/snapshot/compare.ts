import { technicalTables } from '../../odoo/technical.ts'
import { neutralisedTables } from '../../upgrade/neutralise.ts'
import type { VerifyInput } from '../input.ts'
import { Renames } from '../renames.ts'
import { type Check, Findings } from '../verification.ts'
import { type BeforeAfter, beforeAndAfter } from './before-after.ts'
import { bookKeeping } from './book-keeping.ts'
import { addDecimals, type Dimension, type Figure, type Invariant, negated, sameDecimal } from './figure.ts'
import { invariants } from './invariants/all.ts'
import type { RecordCount } from './records.ts'
import type { Figures, Snapshot } from './snapshot.ts'

/** Holds the figures of the result against those of the source, one check for the records and one for each invariant. */
export function compareSnapshots(
  before: Snapshot,
  after: Snapshot,
  facts: VerifyInput['facts'] = [],
): { checks: Check[]; records: BeforeAfter[] } {
  const renames = new Renames(facts)
  const switchedOff = after.neutralised && !before.neutralised ? neutralisedTables : {}
  const { check, findings } = compareRecords(before.records, after.records, renames)
  const figures = invariants.map((invariant) =>
    compareFigures(
      invariant,
      before.figures[invariant.id] ?? NOTHING,
      after.figures[invariant.id] ?? NOTHING,
      renames,
      switchedOff[invariant.id],
      goneModels(before.records, after.records, renames),
      new Set(invariant.id === 'active' ? after.stopped : []),
    ),
  )
  return {
    checks: [check, ...figures],
    records: beforeAndAfter(before.records, after.records, renames, findings),
  }
}

/** Models of the source that keep no records in the target: what hung on their records is not held against anything. */
export function goneModels(
  before: Snapshot['records'],
  after: Snapshot['records'],
  renames: Renames,
): ReadonlySet<string> {
  const present = new Set(Object.values(after).flatMap(({ models }) => models))
  const all = Object.values(before).flatMap(({ models }) => models.map((model) => renames.model(model)))
  return new Set(all.filter((model) => !present.has(model)))
}

const NOTHING: Figures = { scopes: [], figures: [] }

/**
 * Rows by table. Ids are kept, so every row of the source still has to be there; rows that moved to another table got new
 * ids there and are counted. What modules bring is another check's, but records that people made among it count here.
 */
export function compareRecords(
  before: Record<string, RecordCount>,
  after: Record<string, RecordCount>,
  renames: Renames,
): { check: Check; findings: Map<string, Pick<BeforeAfter, 'finding' | 'lost'>> } {
  const findings = new Findings('records', 'Records per model: none is lost')
  const byTable = new Map<string, Pick<BeforeAfter, 'finding' | 'lost'>>()
  const together = new Map<
    string,
    { from: string[]; rows: number; movedRows: number; own: number | null; models: string[] }
  >()
  for (const [table, count] of Object.entries(before)) {
    const now = renames.table(table)
    const entry = together.get(now) ?? { from: [], rows: 0, movedRows: 0, own: null, models: [] }
    entry.from.push(table)
    entry.models.push(...count.models)
    if (renames.moved(table)) entry.movedRows += count.rows
    else {
      entry.rows += count.rows
      if (count.own !== null) entry.own = (entry.own ?? 0) + count.own
    }
    together.set(now, entry)
  }
  for (const [table, { from, rows, movedRows, own, models }] of together) {
    const found = after[table]
    const subject = `${found?.models.join(', ') || models.join(', ')} (${from.join(' + ')}${from.length > 1 || from[0] !== table ? ` → ${table}` : ''})`
    const tell = (kind: 'violation' | 'apart', finding: string) => {
      findings[kind](subject, finding)
      byTable.set(table, { finding, lost: kind === 'violation' })
    }
    if (technicalTables.has(table)) {
      if (own === null || own === 0) continue
      findings.compared(own)
      if ((found?.own ?? 0) < own)
        findings.violation(subject, `${own - (found?.own ?? 0)} of ${own} records that people made are gone`)
      continue
    }
    findings.compared(rows + movedRows)
    if (rows + movedRows === 0) continue
    const gone = rows - (found?.old ?? 0)
    const other = renames.split(table)
    if (found && gone > 0 && isBookkeeping(table, renames))
      tell('apart', `${rows} before, ${found.rows} after: modules own them`)
    else if (found && other && gone > 0 && (after[other]?.rows ?? 0) - (before[other]?.rows ?? 0) >= gone)
      tell('apart', `${gone} of ${rows} records are in ${other} now`)
    else if (found?.taken && found.old + found.taken.rows >= rows && gone > 0)
      tell('apart', `${gone} of ${rows} records became something else: ${found.taken.into}`)
    else if (!found) tell('apart', `not proven: the target has no such model for ${rows + movedRows} records`)
    else if (found.old < rows && bookKeeping.has(table))
      tell('apart', `${rows - found.old} of ${rows} records are gone, which the program keeps for itself`)
    else if (found.old < rows) tell('violation', `${rows - found.old} of ${rows} records are gone`)
    else if (found.rows + (found.merged ?? 0) < rows + movedRows)
      tell('violation', `${rows + movedRows - found.rows} of ${movedRows} records did not arrive`)
    else if (found.rows > rows + movedRows)
      tell('apart', `${rows + movedRows} before, ${found.rows - rows - movedRows} new`)
  }
  return { check: findings.check(), findings: byTable }
}

/** Rows that stand for what modules own: terms (those of people's records are an invariant) and the state of workflows that are gone. */
function isBookkeeping(table: string, renames: Renames): boolean {
  return table === 'ir_translation' || (table.startsWith('wkf_') && renames.removesWorkflows)
}

/**
 * Figures of one invariant, by key; keys follow the renames of the way and figures whose keys fall together are added.
 * What only the source measures is listed as not proven; what only the result measures is new there and nobody's loss.
 */
export function compareFigures(
  invariant: Pick<Invariant, 'id' | 'title' | 'dimensions' | 'values' | 'mayGrow'>,
  before: Figures,
  after: Figures,
  renames: Renames,
  switchedOff: ReadonlySet<string> = new Set(),
  gone: ReadonlySet<string> = new Set(),
  stopped: ReadonlySet<string> = new Set(),
): Check {
  const findings = new Findings(invariant.id, invariant.title)
  const { dimensions, values } = invariant
  const scopeNow = (scope: string): string => (scope === '' ? scope : follow(dimensions, [scope], 0, renames))
  const [measuredBefore, measuredAfter] = [new Set(before.scopes.map(scopeNow)), new Set(after.scopes)]
  const [wanted, found] = [new Map<string, Figure>(), new Map<string, Figure>()]
  const renumbered = new Set<string>()
  const states = dimensions.flatMap((dimension) => (dimension.kind === 'state' ? [dimension.of] : []))
  for (const { key, value } of before.figures) {
    if (states.some((of) => renames.computed(key[of]!, 'state'))) {
      findings.apart(name(invariant, key), 'not compared: the records got a state of the model they moved to')
      continue
    }
    const now = key.map((_, i) => follow(dimensions, key, i, renames))
    if (dimensions.some(({ kind }, i) => kind === 'reference' && renames.renumbers(key[i]!)))
      renumbered.add(textOf(now))
    addFigure(wanted, now, value)
  }
  for (const { key, value } of after.figures)
    addFigure(
      found,
      key.map((part, i) => chosen(dimensions, key, i, part, renames)),
      value,
    )
  const zero = values.map(() => '0')
  const measured = (scopes: ReadonlySet<string>, key: readonly string[]): boolean =>
    scopes.has('') || scopes.has(key[0]!)
  const sums = values.map((name) => ({ name, before: '0', after: '0' }))
  const add = (side: 'before' | 'after', value: readonly string[]) => {
    for (const [i, sum] of sums.entries()) sum[side] = addDecimals(sum[side], value[i]!)
  }
  const isGone = (key: readonly string[]): boolean =>
    key.some((part, i) => dimensions[i]?.kind === 'model' && gone.has(part))
  for (const [text, { key, value }] of wanted) {
    if (switchedOff.has(key[0]!)) {
      findings.apart(name(invariant, key), 'not compared: a test database has these switched off')
      continue
    }
    if (!measured(measuredAfter, key) || isGone(key)) {
      findings.apart(
        name(invariant, key),
        `not proven: the target keeps no such figure (before: ${values.map((n, i) => `${n} ${value[i]}`).join(', ')})`,
      )
      continue
    }
    findings.compared(1)
    const now = found.get(text)?.value ?? zero
    add('before', value)
    add('after', now)
    const compared = renumbered.has(text) ? 1 : values.length
    if (now.slice(0, compared).every((n, i) => sameDecimal(n, value[i]!))) continue
    const other = key.map((part) => renames.split(part)).find((part) => part !== null)
    const grown =
      (invariant.mayGrow || key.some((part) => renames.takes(part))) &&
      now.every((n, i) => !addDecimals(n, negated(value[i]!)).startsWith('-'))
    if (grown) findings.apart(name(invariant, key), difference(values, value, now))
    else if (stopped.has(key[0]!))
      findings.apart(
        name(invariant, key),
        `${difference(values, value, now)}: what would fail is switched off`,
      )
    else if (other)
      findings.apart(name(invariant, key), `${difference(values, value, now)}: a part is in ${other} now`)
    else findings.violation(name(invariant, key), difference(values, value, now))
  }
  for (const [text, { key, value }] of found)
    if (
      !wanted.has(text) &&
      !switchedOff.has(key[0]!) &&
      measured(measuredBefore, key) &&
      !key.some((part) => renames.takes(part)) &&
      value.some((n) => !sameDecimal(n, '0'))
    ) {
      add('after', value)
      findings[invariant.mayGrow || stopped.has(key[0]!) ? 'apart' : 'violation'](
        name(invariant, key),
        difference(values, zero, value),
      )
    }
  findings.sums(sums)
  return findings.check()
}

function follow(
  dimensions: readonly Dimension[],
  key: readonly string[],
  i: number,
  renames: Renames,
): string {
  const [dimension, part] = [dimensions[i], key[i]!]
  switch (dimension?.kind) {
    case 'model':
    case 'reference':
      return renames.model(part)
    case 'table':
      return renames.table(part)
    case 'column': {
      const dot = part.indexOf('.')
      return renames.column(part.slice(0, dot), part.slice(dot + 1)).join('.')
    }
    case 'state': {
      const now = key.map((other, of) => (of === dimension.of ? renames.table(other) : other))
      return chosen(dimensions, now, i, renames.value(key[dimension.of]!, 'state', part), renames)
    }
    default:
      return part
  }
}

/** A part of a key of the result; states between which a pack chooses are one. */
function chosen(
  dimensions: readonly Dimension[],
  key: readonly string[],
  i: number,
  part: string,
  renames: Renames,
): string {
  const dimension = dimensions[i]
  return dimension?.kind === 'state' ? renames.together(key[dimension.of]!, 'state', part) : part
}

function textOf(key: readonly string[]): string {
  return key.join('\u0000')
}

function addFigure(figures: Map<string, Figure>, key: string[], value: string[]): void {
  const text = textOf(key)
  const known = figures.get(text)
  if (known) known.value = known.value.map((n, i) => addDecimals(n, value[i]!))
  else figures.set(text, { key, value })
}

function name({ dimensions }: Pick<Invariant, 'dimensions'>, key: readonly string[]): string {
  return key
    .flatMap((part, i) =>
      part === '' && dimensions[i]!.kind === 'reference' ? [] : [`${dimensions[i]!.name} ${part}`],
    )
    .join(' | ')
}

function difference(names: readonly string[], before: readonly string[], after: readonly string[]): string {
  return names
    .flatMap((value, i) =>
      sameDecimal(before[i]!, after[i]!) ? [] : [`${value} ${before[i]} before, ${after[i]} after`],
    )
    .join('; ')
}
