import { basename } from 'node:path'
import type { DumpHead } from '../../dumps/dump.ts'
import type { TableSize, WrittenDump } from '../../dumps/write/options.ts'
import { restoreCommands, type Wrapping } from '../../dumps/write/restore-commands.ts'
import type { LoadReport } from '../../load/report.ts'
import type { Verification } from '../../verify/verification.ts'
import type { Note } from '../notes.ts'
import type { Plan } from '../plan.ts'
import type { SourceFacts } from '../source-facts.ts'
import type { Decision, ReportModel, ReportModule } from './model.ts'
import { sortNotes } from './sort-notes.ts'

/** Tables that the report names by size. */
const LARGEST = 15

/** What the stages of an upgrade leave behind; null where the upgrade did not get that far. */
export interface ReportParts {
  /** Version of the product. */
  product: string
  /** Path of the dump that was upgraded. */
  file: string
  /** Its size; null when nobody asked. */
  fileBytes: number | null
  head: DumpHead
  source: SourceFacts
  plan: Plan
  /** What the target was read from. */
  target: 'reference' | 'catalogue'
  startedAt: Date
  stages: { name: string; seconds: number }[]
  load: LoadReport | null
  notes: readonly Note[]
  verification: Verification | null
  written: WrittenDump | null
  /** How the result reaches people, where that is not the file that was written. */
  delivered?: { name: string; wrapping: Wrapping }
  /** Major version of PostgreSQL that the result is written for. */
  postgresql: string
}

/** Puts together what the report tells. */
export function buildReport(parts: ReportParts): ReportModel {
  const { plan, head, source, load, written } = parts
  const { moved, ...sorted } = sortNotes(parts.notes)
  const tables = (load?.tables ?? []).map(({ name, rows, bytes }) => ({
    name,
    rows,
    bytes,
  }))
  const custom = plan.customModules.map(
    (name): Decision => ({
      kind: 'custom module',
      subject: name,
      outcome: `its tables, fields and records were kept; its code has to be ported to ${plan.to}`,
      facts: {},
      body: null,
    }),
  )
  const report: Omit<ReportModel, 'counts'> = {
    format: 1,
    product: parts.product,
    database: {
      name: head.databaseName,
      uuid: source.uuid,
      file: basename(parts.file),
      bytes: parts.fileBytes,
      layers: head.layers,
      serverVersion: head.serverVersion,
      version: source.version,
      companies: [...new Set(source.companies)],
      users: source.activeUsers,
    },
    from: plan.from,
    to: plan.to,
    hops: plan.hops,
    aim: plan.aim,
    target: parts.target,
    languages: plan.languages,
    startedAt: parts.startedAt.toISOString(),
    seconds: parts.stages.reduce((sum, { seconds }) => sum + seconds, 0),
    modules: modulesOf(plan, moved),
    records: parts.verification?.records ?? [],
    ...sorted,
    decisions: [...sorted.decisions, ...custom],
    verification: parts.verification,
    skipped: load?.skipped ?? [],
    tables: tables.toSorted((a, b) => b.bytes - a.bytes).slice(0, LARGEST),
    sizes: sizesOf(tables, written?.sizes ?? []),
    totals: {
      tables: tables.length,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    stages: parts.stages,
    result: written && {
      ...resultOf(written),
      ...(parts.delivered ? deliveredAs(parts.delivered, written) : {}),
      postgresql: parts.postgresql,
    },
  }
  return { ...report, counts: countsOf(report) }
}

type Size = { name: string; bytes: number }

/** What Odoo does not see, such as schema legacy, is not compared. */
function sizesOf(before: readonly Size[], written: readonly TableSize[]): ReportModel['sizes'] {
  const after = written.filter(({ schema }) => schema === 'public')
  const largest = (tables: readonly Size[]) =>
    tables.toSorted((a, b) => b.bytes - a.bytes).slice(0, LARGEST - 3)
  const names = new Set([...largest(before), ...largest(after)].map(({ name }) => name))
  const bytesOf = (tables: readonly Size[], name: string) =>
    tables.find((table) => table.name === name)?.bytes ?? null
  return [...names]
    .map((name) => ({ name, before: bytesOf(before, name), after: bytesOf(after, name) }))
    .toSorted((a, b) => Math.max(b.before ?? 0, b.after ?? 0) - Math.max(a.before ?? 0, a.after ?? 0))
}

function resultOf(written: WrittenDump) {
  const { path, sizes: _, ...rest } = written
  return { file: basename(path), ...rest }
}

/** Under the name that people download; the sum of what was wrapped afterwards is not that of the file. */
function deliveredAs(
  { name, wrapping }: NonNullable<ReportParts['delivered']>,
  { format, files, sha256 }: WrittenDump,
) {
  return {
    file: name,
    sha256: wrapping === 'none' ? sha256 : null,
    restoreCommands: restoreCommands(format, name, 'UTF8', files, wrapping),
  }
}

/** Every module of the source with what became of it, then those that are there for the first time. */
function modulesOf(plan: Plan, moved: ReadonlyMap<string, ReportModule>): ReportModule[] {
  const target = new Set(plan.targetModules)
  const custom = new Set(plan.customModules)
  const source = plan.sourceModules.map((name): ReportModule => {
    if (custom.has(name)) return { name, outcome: 'custom' }
    return moved.get(name) ?? { name, outcome: target.has(name) ? 'kept' : 'gone' }
  })
  const known = new Set([...plan.sourceModules, ...[...moved.values()].map(({ into }) => into)])
  const added = plan.targetModules
    .filter((name) => !known.has(name))
    .map((name): ReportModule => ({ name, outcome: 'new' }))
  return [...source, ...added].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function countsOf(report: Omit<ReportModel, 'counts'>): Record<string, number> {
  const lists = {
    modules: report.modules,
    records: report.records,
    decisions: report.decisions,
    legacy: report.legacy,
    retained: report.retained,
  }
  const others = {
    required: report.required,
    skipped: report.skipped,
    stages: report.stages,
    notes: report.notes,
  }
  return {
    ...Object.fromEntries(Object.entries({ ...lists, ...others }).map(([name, list]) => [name, list.length])),
    violations: report.verification?.checks.reduce((sum, { violations }) => sum + violations.total, 0) ?? 0,
  }
}
