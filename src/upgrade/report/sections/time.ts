import { type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import { bars, pairs } from '../chart.ts'
import type { ReportModel } from '../model.ts'
import { section } from '../parts.ts'
import type { Reader } from '../reader.ts'
import { stageTitle } from '../stage-titles.ts'

const texts = catalogue<{
  title: string
  byStage: string
  inAll: (time: string) => string
  sizes: string
  sizesLead: (bytes: string) => string
  before: string
  after: string
  none: string
}>({
  en: {
    title: 'Time and size',
    byStage: 'Time by stage',
    inAll: (time) => `${time} in all.`,
    sizes: 'Largest tables before and after',
    sizesLead: (bytes) => `Bytes of their rows as text; ${bytes} in the whole source.`,
    before: 'before',
    after: 'after',
    none: 'no such table',
  },
  fr: {
    title: 'Temps et taille',
    byStage: 'Temps par étape',
    inAll: (time) => `${time} en tout.`,
    sizes: 'Les plus grandes tables avant et après',
    sizesLead: (bytes) => `Octets de leurs lignes en texte ; ${bytes} dans toute la source.`,
    before: 'avant',
    after: 'après',
    none: 'pas de table de ce nom',
  },
})

export function time({ stages, sizes, seconds, totals }: ReportModel, reader: Reader): Html {
  const t = texts(reader.language)
  const bytes = (value: number | null) => (value === null ? t.none : reader.bytes(value))
  return section('time', t.title, null, [
    html`<div class="pair"><div class="card"><h3>${t.byStage}</h3><p>${t.inAll(reader.seconds(seconds))}</p>${bars(stages.map(({ name, seconds: value }) => ({ label: stageTitle(name, reader.language), value, text: reader.seconds(value) })))}</div>`,
    html`<div class="card"><h3>${t.sizes}</h3><p>${t.sizesLead(reader.bytes(totals.bytes))}</p>${pairs(
      sizes.map(({ name, before, after }) => ({
        label: name,
        before: { value: before ?? 0, text: `${bytes(before)} ${t.before}` },
        after: { value: after ?? 0, text: `${bytes(after)} ${t.after}` },
      })),
    )}</div></div>`,
  ])
}
