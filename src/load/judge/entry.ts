import type { EntryFacts } from './judge.ts'
import type { RunKind, Verdict } from './verdict.ts'

/** What an entry of each description may make. An entry that makes anything else lies about itself. */
const MAKES: ReadonlyMap<string, readonly RunKind[]> = new Map(
  Object.entries({
    SCHEMA: ['schema'],
    EXTENSION: ['extension'],
    TYPE: ['type'],
    DOMAIN: ['type'],
    'SHELL TYPE': ['type'],
    FUNCTION: ['function'],
    PROCEDURE: ['function'],
    TABLE: ['table', 'column'],
    'TABLE ATTACH': ['inheritance'],
    SEQUENCE: ['sequence', 'default'],
    'SEQUENCE OWNED BY': ['sequence'],
    DEFAULT: ['default'],
    // pg_dump writes a view that others need before its time as a table, and makes it a view by a rule (until 9.6).
    VIEW: ['table'],
  } satisfies Record<string, readonly RunKind[]>),
)

export function agrees(verdict: Verdict, entry: EntryFacts): boolean {
  switch (verdict.act) {
    case 'run':
    case 'runText':
      return MAKES.get(entry.description)?.includes(verdict.kind) ?? false
    case 'sequenceValue':
      return entry.description === 'SEQUENCE SET'
    case 'rows':
      return entry.description === 'TABLE DATA'
    default:
      return true
  }
}
