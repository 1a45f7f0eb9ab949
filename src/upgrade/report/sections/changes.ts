import type { BeforeAfter } from '../../../verify/snapshot/before-after.ts'
import { type Fragment, type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import { applicationIn, applicationOf, otherApplication } from '../applications.ts'
import type { ReportModel, ReportModule } from '../model.ts'
import { countedOutcome, outcomeIn } from '../outcomes.ts'
import { pill, section, type Tone } from '../parts.ts'
import type { Reader } from '../reader.ts'
import { productName } from '../words.ts'

const tones: Record<ReportModule['outcome'], Tone> = {
  kept: 'plain',
  renamed: 'warn',
  merged: 'warn',
  gone: 'bad',
  new: 'new',
  custom: 'plain',
}

const texts = catalogue<{
  title: string
  lead: (from: string, to: string, counts: string) => string
  module: string
  kept: (modules: string, one: boolean) => string
  allKept: (records: string) => string
  records: (before: string, after: string) => string
}>({
  en: {
    title: 'What changed, by application',
    lead: (from, to, counts) => `Modules from ${from} to ${to}: ${counts}.`,
    module: 'module',
    kept: (modules) => `${modules} kept`,
    allKept: (records) => `all ${records} records kept`,
    records: (before, after) => `${before} → ${after} records`,
  },
  fr: {
    title: 'Ce qui a changé, par application',
    lead: (from, to, counts) => `Modules d’${from} à ${to} : ${counts}.`,
    module: 'module',
    kept: (modules, one) => `${modules} ${one ? 'conservé' : 'conservés'}`,
    allKept: (records) => `tous les ${records} enregistrements conservés`,
    records: (before, after) => `${before} → ${after} enregistrements`,
  },
})

export function changes(model: ReportModel, reader: Reader): Html {
  const t = texts(reader.language)
  const modules = Map.groupBy(model.modules, ({ name }) => applicationOf(name))
  const records = Map.groupBy(model.records, (count) => applicationOf(count.model))
  const names = [...new Set([...modules.keys(), ...records.keys()])].sort(
    (a, b) => Number(a === otherApplication) - Number(b === otherApplication) || (a < b ? -1 : 1),
  )
  const counts = (['kept', 'renamed', 'merged', 'gone', 'new', 'custom'] as const).flatMap((outcome) => {
    const count = model.modules.filter((module) => module.outcome === outcome).length
    return count > 0 ? [countedOutcome(reader, count, outcome)] : []
  })
  return section(
    'changes',
    t.title,
    t.lead(productName(model.from), productName(model.to), counts.join(', ')),
    html`<div class="applications">${names.map((name) => card(name, modules.get(name) ?? [], records.get(name) ?? [], reader))}</div>`,
  )
}

function card(
  name: string,
  modules: readonly ReportModule[],
  records: readonly BeforeAfter[],
  reader: Reader,
): Html {
  const t = texts(reader.language)
  const unchanged = modules.filter(({ outcome }) => outcome === 'kept').length
  const changed = modules.filter(({ outcome }) => outcome !== 'kept')
  const before = records.reduce((sum, count) => sum + count.before, 0)
  const after = records.reduce((sum, count) => sum + count.after, 0)
  const facts: Fragment[] = [
    unchanged > 0 && html`<span>${t.kept(reader.counted(unchanged, t.module), unchanged < 2)}</span>`,
    before > 0 &&
      html`<span>${records.every((count) => count.before === count.after) ? t.allKept(reader.count(before)) : t.records(reader.count(before), reader.count(after))}</span>`,
  ]
  return html`<div class="card application"><h3>${applicationIn(reader.language, name)}</h3><p class="factline">${facts}</p>${
    changed.length > 0 &&
    html`<ul class="modules">${changed.map((module) => html`<li>${pill(tones[module.outcome], outcomeIn(reader.language, module.outcome))} <code>${module.name}</code>${module.into && html` → <code>${module.into}</code>`}</li>`)}</ul>`
  }</div>`
}
