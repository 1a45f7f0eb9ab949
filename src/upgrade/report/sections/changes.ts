import type { BeforeAfter } from '../../../verify/snapshot/before-after.ts'
import { type Fragment, type Html, html } from '../../../words/html.ts'
import { countInWords } from '../../../words/quantities.ts'
import { applicationOf, otherApplication } from '../applications.ts'
import type { ReportModel, ReportModule } from '../model.ts'
import { pill, section, type Tone } from '../parts.ts'
import { counted, productName } from '../words.ts'

const tones: Record<ReportModule['outcome'], Tone> = {
  kept: 'plain',
  renamed: 'warn',
  merged: 'warn',
  gone: 'bad',
  new: 'new',
  custom: 'plain',
}

export function changes(model: ReportModel): Html {
  const modules = Map.groupBy(model.modules, ({ name }) => applicationOf(name))
  const records = Map.groupBy(model.records, (count) => applicationOf(count.model))
  const names = [...new Set([...modules.keys(), ...records.keys()])].sort(
    (a, b) => Number(a === otherApplication) - Number(b === otherApplication) || (a < b ? -1 : 1),
  )
  const lead = `Modules from ${productName(model.from)} to ${productName(model.to)}: ${[
    ...(['kept', 'renamed', 'merged', 'gone', 'new', 'custom'] as const).flatMap((outcome) => {
      const count = model.modules.filter((module) => module.outcome === outcome).length
      return count > 0 ? [`${count} ${outcome === 'custom' ? 'of your own' : outcome}`] : []
    }),
  ].join(', ')}.`
  return section(
    'changes',
    'What changed, by application',
    lead,
    html`<div class="applications">${names.map((name) => card(name, modules.get(name) ?? [], records.get(name) ?? []))}</div>`,
  )
}

function card(name: string, modules: readonly ReportModule[], records: readonly BeforeAfter[]): Html {
  const unchanged = modules.filter(({ outcome }) => outcome === 'kept').length
  const changed = modules.filter(({ outcome }) => outcome !== 'kept')
  const before = records.reduce((sum, count) => sum + count.before, 0)
  const after = records.reduce((sum, count) => sum + count.after, 0)
  const facts: Fragment[] = [
    unchanged > 0 && html`<span>${counted(unchanged, 'module')} kept</span>`,
    before > 0 &&
      html`<span>${records.every((count) => count.before === count.after) ? html`all ${countInWords(before)} records kept` : html`${countInWords(before)} → ${countInWords(after)} records`}</span>`,
  ]
  return html`<div class="card application"><h3>${name}</h3><p class="factline">${facts}</p>${
    changed.length > 0 &&
    html`<ul class="modules">${changed.map((module) => html`<li>${pill(tones[module.outcome], module.outcome === 'custom' ? 'your own' : module.outcome)} <code>${module.name}</code>${module.into && html` → <code>${module.into}</code>`}</li>`)}</ul>`
  }</div>`
}
