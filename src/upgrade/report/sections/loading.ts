import type { Skipped } from '../../../load/report.ts'
import { type Fragment, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import type { ReportModel } from '../model.ts'
import { code, english, foldable, limited, pill, section, type Tone, table } from '../parts.ts'
import type { Reader } from '../reader.ts'

const tones: Record<Skipped['severity'], Tone> = { info: 'plain', warning: 'warn', severe: 'bad' }

const texts = catalogue<{
  title: string
  lead: string
  what: string
  name: string
  why: string
  weight: string
  nothing: string
  statement: string
  usual: (statements: string) => string
  severities: Readonly<Record<Skipped['severity'], string>>
}>({
  en: {
    title: 'Left out while loading',
    lead: 'Statements of the dump that were not carried out: a dump is read, never trusted.',
    what: 'What',
    name: 'Name',
    why: 'Why',
    weight: 'Weight',
    nothing: 'Nothing that you will miss.',
    statement: 'statement',
    usual: (statements) => `${statements} that every dump has and nobody misses`,
    severities: { info: 'info', warning: 'warning', severe: 'severe' },
  },
  fr: {
    title: 'Laissé de côté au chargement',
    lead: 'Instructions de la sauvegarde qui n’ont pas été exécutées : une sauvegarde est lue, jamais crue sur parole.',
    what: 'Quoi',
    name: 'Nom',
    why: 'Pourquoi',
    weight: 'Gravité',
    nothing: 'Rien qui vous manquera.',
    statement: 'instruction',
    usual: (statements) => `${statements} que toute sauvegarde contient et que personne ne regrette`,
    severities: { info: 'info', warning: 'attention', severe: 'grave' },
  },
})

/** What the dump holds and was not loaded; what every genuine dump has is folded away. */
export function loading({ skipped }: ReportModel, reader: Reader): Fragment {
  const t = texts(reader.language)
  if (skipped.length === 0) return null
  const open = skipped.filter(({ severity }) => severity !== 'info')
  const usual = skipped.filter(({ severity }) => severity === 'info')
  const rows = (some: readonly Skipped[]) =>
    table(
      [{ label: t.what }, { label: t.name }, { label: t.why }, { label: t.weight }],
      some.map(({ what, name, reason, severity }) => [
        english(reader, what),
        code(name),
        english(reader, reason),
        pill(tones[severity], t.severities[severity]),
      ]),
    )
  return section(
    'loading',
    t.title,
    t.lead,
    html`<div class="card">${open.length > 0 ? limited(open, rows, reader) : html`<p class="empty">${t.nothing}</p>`}${
      usual.length > 0 &&
      foldable(t.usual(reader.counted(usual.length, t.statement)), limited(usual, rows, reader))
    }</div>`,
  )
}
