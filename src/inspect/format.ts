import type { Inspection, OdooFacts, TableFacts } from './inspection.ts'

/** Tables that are listed one by one; the others are summed up. */
const LARGEST_TABLES = 15
const WIDTH = 100

/** An inspection as text for people; every figure of it is in the JSON form too. */
export function formatInspection(inspection: Inspection): string {
  const { odoo } = inspection
  const sections = [
    fileLines(inspection),
    odoo === null
      ? ['This is no database of Odoo or OpenERP: it has no table ir_module_module.']
      : odooLines(odoo),
    odoo === null ? [] : moduleLines(odoo),
    tableLines(inspection),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function fileLines(inspection: Inspection): string[] {
  const { postgresql } = inspection
  return table([
    ['File', `${inspection.path} (${formatBytes(inspection.fileBytes)})`],
    ['Layers', inspection.layers.join(' › ')],
    [
      'Archive',
      inspection.archiveVersion &&
        `version ${inspection.archiveVersion}, data compressed: ${inspection.compression}`,
    ],
    ['Database', inspection.databaseName],
    ['Dumped', inspection.createdAt?.replace('T', ' ') ?? null],
    ['PostgreSQL', postgresql.server ?? (postgresql.guess && `${postgresql.guess} or newer (guessed)`)],
    ['pg_dump', postgresql.pgDump],
    ['Encoding', inspection.encoding],
  ])
}

function odooLines(odoo: OdooFacts): string[] {
  const { attachments, users } = odoo
  const active = odoo.languages.filter((language) => language.active)
  return table([
    ['Odoo', `${odoo.version ?? 'unknown version'}${odoo.enterprise ? ', Enterprise' : ''}`],
    ['', odoo.enterprise ? `because of ${some(odoo.enterpriseSigns, 5)}` : null],
    ['UUID', odoo.databaseUuid],
    [
      'Languages',
      some(
        active.map((language) => language.code),
        12,
      ),
    ],
    [
      'Companies',
      `${odoo.companies.length}: ${some(
        odoo.companies.map((company) => company.name ?? '?'),
        6,
      )}`,
    ],
    [
      'Users',
      `${users.active} active of ${users.total}${users.internal === null ? '' : `, ${users.internal} of them internal`}`,
    ],
    ['Attachments', `${formatCount(attachments.total)}`],
    [
      '  in database',
      `${formatCount(attachments.inDatabase.count)}, ${formatBytes(attachments.inDatabase.bytes)}`,
    ],
    [
      '  in filestore',
      `${formatCount(attachments.outside.count)}, ${formatBytes(attachments.outside.bytes)}`,
    ],
    [
      '  files here',
      attachments.filestore.files === 0 && attachments.outside.count > 0
        ? 'none: the filestore did not come with the dump'
        : `${formatCount(attachments.filestore.files)}, ${formatBytes(attachments.filestore.bytes)}`,
    ],
  ])
}

function moduleLines(odoo: OdooFacts): string[] {
  const pending = odoo.modules.filter((module) => module.state !== 'installed')
  const lines = [`Modules: ${odoo.modules.length} installed`]
  lines.push(...wrapped(odoo.modules.map((module) => module.name)))
  if (odoo.foreignModules === null) lines.push('Which of them are Odoo’s own is not known for this version.')
  else if (odoo.foreignModules.length === 0) lines.push('All of them are Odoo’s own.')
  else lines.push(`Not Odoo’s own: ${odoo.foreignModules.length}`, ...wrapped(odoo.foreignModules))
  if (pending.length > 0)
    lines.push('Not at rest:', ...wrapped(pending.map((module) => `${module.name} (${module.state})`)))
  return lines
}

function tableLines({ tables, totals }: Inspection): string[] {
  const largest = [...tables].sort((a, b) => b.bytes - a.bytes || b.rows - a.rows).slice(0, LARGEST_TABLES)
  const lines = [
    `Tables: ${formatCount(totals.tables)} with ${formatCount(totals.rows)} rows, ${formatBytes(totals.bytes)} of text` +
      (totals.largeObjects === 0
        ? ''
        : `; ${formatCount(totals.largeObjects)} large objects, ${formatBytes(totals.largeObjectBytes)}`),
  ]
  if (largest.length === 0) return lines
  const name = (facts: TableFacts) =>
    facts.schema === 'public' ? facts.name : `${facts.schema}.${facts.name}`
  const width = Math.max(...largest.map((facts) => name(facts).length))
  for (const facts of largest)
    lines.push(
      `  ${name(facts).padEnd(width)}  ${formatCount(facts.rows).padStart(13)} rows  ${formatBytes(facts.bytes).padStart(10)}`,
    )
  if (tables.length > largest.length)
    lines.push(`  … and ${formatCount(tables.length - largest.length)} smaller ones`)
  return lines
}

function table(rows: (readonly [string, string | null])[]): string[] {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== null && row[1] !== '')
  const width = Math.max(...shown.map(([label]) => label.length))
  return shown.map(([label, value]) => `${label.padEnd(width)}  ${value}`)
}

function wrapped(words: string[]): string[] {
  const lines: string[] = []
  let line = ' '
  for (const word of words) {
    if (line.length + word.length + 2 > WIDTH) {
      lines.push(line)
      line = ' '
    }
    line += ` ${word}`
  }
  lines.push(line)
  return lines
}

function some(words: string[], most: number): string {
  const more = words.length - most
  return words.length === 0 ? 'none' : words.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** 1234567 → "1.2 MB", in steps of 1,024. */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
