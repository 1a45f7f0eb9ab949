import { stat } from 'node:fs/promises'
import { openDump } from '../../dumps/open.ts'
import type { OutputFormat } from '../../dumps/write/options.ts'
import { UpliftError } from '../../errors.ts'
import { buildReport } from '../../upgrade/report/build.ts'
import type { ReportModel } from '../../upgrade/report/model.ts'
import { renderReport } from '../../upgrade/report/render.ts'
import { runUpgrade } from '../../upgrade/upgrade.ts'
import { bytesInWords, secondsInWords } from '../../words/quantities.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { checkOutput, writeWhole } from '../output.ts'
import { productVersion } from '../product.ts'
import { withServer } from '../server.ts'
import { asSeries } from './catalogue-show.ts'

export interface UpgradeFlags {
  to: string
  out: string
  reference?: string
  catalogueOnly?: boolean
  format?: OutputFormat
  postgresql?: string
  report?: string
  notes?: string
  aim: 'test' | 'production'
  filestore?: string
  jobs?: number
  force?: boolean
}

export async function upgradeCommand(context: Context, file: string, flags: UpgradeFlags): Promise<ExitCode> {
  const { report: reportFile, notes: notesFile, ...rest } = flags
  const startedAt = new Date()
  const settled = { ...rest, to: asSeries(flags.to), format: flags.format ?? formatOf(flags.out) }
  await checkBeforehand(file, flags, settled.format)
  const fileBytes = await bytesOf(file)
  const result = await withServer(context, (server, dataFolder) =>
    runUpgrade({
      server,
      dataFolder,
      source: file,
      ...settled,
      events: context.show,
      signal: context.signal,
    }),
  )
  const { timings, reference, ...parts } = result
  const model = buildReport({
    ...parts,
    product: await productVersion(),
    file,
    fileBytes,
    target: reference ? 'reference' : 'catalogue',
    startedAt,
    stages: timings.map(({ stage, seconds }) => ({ name: stage, seconds })),
  })
  if (reportFile) await writeWhole(reportFile, renderReport(model))
  if (notesFile) await writeWhole(notesFile, `${JSON.stringify(model, null, 2)}\n`)
  tell(context, model, flags)
  return 0
}

/** Whatever can be known to fail is told before hours of work, not after. */
async function checkBeforehand(file: string, flags: UpgradeFlags, format: OutputFormat): Promise<void> {
  if (flags.reference && flags.catalogueOnly)
    throw new UpliftError(
      'USAGE:INVALID',
      '--reference and --catalogue-only exclude each other: give one of them.',
    )
  if (flags.filestore && format !== 'zip')
    throw new UpliftError(
      'USAGE:INVALID',
      'Only a backup zip holds a filestore: add --format zip, or leave --filestore out.',
    )
  const force = flags.force ?? false
  for (const path of [flags.out, flags.report, flags.notes]) if (path) await checkOutput(path, force)
  for (const path of [file, ...(flags.reference ? [flags.reference] : [])])
    await (await openDump(path)).close()
}

/** By the name's ending; what says nothing is a custom archive, the form that restores in parallel. */
function formatOf(out: string): OutputFormat {
  if (/\.sql$/i.test(out)) return 'plain'
  if (/\.zip$/i.test(out)) return 'zip'
  if (/\.tar$/i.test(out)) return 'tar'
  return out.endsWith('/') ? 'directory' : 'custom'
}

async function bytesOf(file: string): Promise<number | null> {
  const facts = await stat(file)
  return facts.isFile() ? facts.size : null
}

function tell(context: Context, model: ReportModel, { out, report, notes }: UpgradeFlags): void {
  const { from, to, seconds, result, verification, decisions, counts } = model
  const violations = counts.violations ?? 0
  if (context.json) {
    const checks = verification?.checks.map(({ id, ok, compared, violations: found }) => ({
      id,
      ok,
      compared,
      violations: found.total,
    }))
    context.print({
      event: 'result',
      from,
      to,
      seconds,
      verified: violations === 0,
      checks,
      counts,
      result,
      out,
      report,
      notes,
    })
    return
  }
  context.say(`Upgraded from ${from} to ${to} in ${secondsInWords(seconds)}.`)
  if (violations > 0)
    context.warn(
      `WARNING: the verification found ${violations} violations${report ? `: see ${report}` : '; --report writes a report that names them'}. A production upgrade would fail.`,
    )
  else context.say('Verified: no violation.')
  if (decisions.length > 0)
    context.say(
      `${decisions.length} points need your eye${report ? ', see the report' : '; --report writes them down'}.`,
    )
  context.say(`  result   ${out} (${bytesInWords(result?.bytes ?? 0)}, for PostgreSQL ${result?.postgresql})`)
  if (report) context.say(`  report   ${report}`)
  if (notes) context.say(`  notes    ${notes}`)
  for (const [index, command] of (result?.restoreCommands ?? []).entries())
    context.say(`  ${index === 0 ? 'restore ' : '        '} ${command}`)
}
