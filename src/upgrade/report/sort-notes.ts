import type { Note } from '../notes.ts'
import type { Decision, DecisionKind, ReportModel, ReportModule } from './model.ts'

type Sorted = Pick<
  ReportModel,
  'decisions' | 'legacy' | 'retained' | 'neutralised' | 'required' | 'notes'
> & {
  /** Old name → what became of it, as the hops noted it. */
  moved: Map<string, ReportModule>
}

/** Puts each note where the report shows it. A topic that has no place of its own stays a note: nothing is dropped. */
export function sortNotes(notes: readonly Note[]): Sorted {
  const sorted: Sorted = {
    decisions: [],
    legacy: [],
    retained: [],
    neutralised: [],
    required: [],
    notes: [],
    moved: new Map(),
  }
  for (const note of notes) {
    const { topic, subject, outcome, detail } = note
    const kind = decisionKind(note)
    if (kind) sorted.decisions.push(decisionOf(kind, note))
    else if (topic === 'legacy')
      sorted.legacy.push({
        subject,
        table: `legacy.${asText(detail.table) || subject}`,
        columns: Array.isArray(detail.columns) ? detail.columns.map(asText) : [],
        rows: Number(detail.rows ?? 0),
        why: asText(detail.because) || 'the target has no place for it',
      })
    else if (isRetained(note)) sorted.retained.push({ model: subject, records: Number(detail.records) })
    else if (topic === 'neutralised')
      sorted.neutralised.push({ table: subject, rows: Number(detail.rows ?? 0) })
    else if (topic === 'required value')
      sorted.required.push({
        column: subject,
        rows: Number(detail.rows ?? 0),
        because: asText(detail.because),
      })
    else if (topic === 'module' && (outcome === 'renamed' || outcome === 'merged'))
      sorted.moved.set(subject, { name: subject, outcome, into: asText(detail.into) })
    else sorted.notes.push(note)
  }
  return sorted
}

/** A number of business records, as opposed to one record that is named. */
function isRetained({ topic, detail }: Note): boolean {
  return topic === 'kept against the target' && typeof detail.records === 'number' && detail.id === undefined
}

function decisionKind(note: Note): DecisionKind | null {
  const { stage, topic, outcome } = note
  switch (topic) {
    case 'missing transform':
      return 'missing transform'
    case 'view':
      return /switched off|deactivated/.test(outcome) ? 'view switched off' : 'view replaced'
    case 'kept against the target':
      return isRetained(note) ? null : 'kept record'
    case 'your own':
    case 'not adapted':
      return 'not adapted'
    // What moved as a whole changed its place, not its meaning.
    case 'module':
    case 'model':
      return null
    default:
      return stage === 'hop' ? 'converted' : null
  }
}

function decisionOf(kind: DecisionKind, { subject, outcome, detail }: Note): Decision {
  const { arch, body, definition, ...rest } = detail
  const facts = Object.entries(rest).flatMap(([name, value]) => {
    const text = asText(value)
    return text === '' ? [] : [[name, text] as const]
  })
  return {
    kind,
    subject,
    outcome,
    facts: Object.fromEntries(facts),
    body: bodyOf(arch ?? body ?? definition),
  }
}

/** A translated arch is a JSON object from 16.0 on; its first language is the one it was written in. */
function bodyOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'object') {
    const texts = [...new Set(Object.values(value).map(asText))]
    return texts.length === 1 ? (texts[0] ?? null) : JSON.stringify(value, null, 2)
  }
  return asText(value)
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(asText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
