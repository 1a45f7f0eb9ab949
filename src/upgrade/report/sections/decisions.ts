import { type Fragment, type Html, html } from '../../../words/html.ts'
import { catalogue } from '../../../words/language.ts'
import type { Decision, DecisionKind, ReportModel } from '../model.ts'
import { foldable, limited, section } from '../parts.ts'
import type { Reader } from '../reader.ts'

/** In the order in which they matter. */
const kinds: readonly DecisionKind[] = [
  'missing transform',
  'converted',
  'custom module',
  'view switched off',
  'view replaced',
  'not adapted',
  'kept record',
]

/** Each kind with what a person can do about it. */
const texts = catalogue<{
  title: string
  nothing: string
  lead: (points: string) => string
  point: string
  more: string
  kinds: Readonly<Record<DecisionKind, readonly [title: string, advice: string]>>
}>({
  en: {
    title: 'What needs your eye',
    nothing: 'Nothing: no view was switched off and all that the database had found its place.',
    lead: (points) => `${points} that the upgrade could not or should not decide for you.`,
    point: 'point',
    more: 'more',
    kinds: {
      'missing transform': [
        'Not converted yet',
        'These data are kept as they were; the new version expects them in another form. Check them by hand before you go live.',
      ],
      converted: [
        'Decided by a rule',
        'The new version takes these data in another form, and there was more than one way: this is what was done.',
      ],
      'custom module': [
        'Your own modules',
        'Their data is all there. Their code has to be ported to the new version before it is installed on the result.',
      ],
      'view switched off': [
        'Views that were switched off',
        'What they changed does not exist any more, or not in this place. Rebuild what you still need; the XML is below.',
      ],
      'view replaced': [
        'Standard views that had been edited',
        'The new version’s view took their place, so that all screens work. Bring over the edits that you still need; your version is below.',
      ],
      'not adapted': [
        'Yours to adapt',
        'They name something that the new version does not have, or has in another form.',
      ],
      'kept record': [
        'Records kept that the new version does not bring',
        'Your data uses them, so they stay. Remove them when nothing needs them any more.',
      ],
    },
  },
  fr: {
    title: 'Ce qui demande votre attention',
    nothing: 'Rien : aucune vue n’a été désactivée et tout ce que contenait la base a trouvé sa place.',
    lead: (points) =>
      `${points} que la mise à niveau ne pouvait ou ne devait pas décider pour vous. Les détails sont en anglais.`,
    point: 'point',
    more: 'de plus',
    kinds: {
      'missing transform': [
        'Pas encore converties',
        'Ces données sont conservées telles quelles ; la nouvelle version les attend sous une autre forme. Contrôlez-les à la main avant la mise en service.',
      ],
      converted: [
        'Décidées par une règle',
        'La nouvelle version prend ces données sous une autre forme, et il y avait plusieurs façons de faire : voici celle qui a été suivie.',
      ],
      'custom module': [
        'Vos propres modules',
        'Leurs données sont toutes là. Leur code est à porter vers la nouvelle version avant de les installer sur le résultat.',
      ],
      'view switched off': [
        'Vues désactivées',
        'Ce qu’elles modifiaient n’existe plus, ou plus à cet endroit. Refaites ce dont vous avez encore besoin ; leur XML est ci-dessous.',
      ],
      'view replaced': [
        'Vues standard qui avaient été modifiées',
        'La vue de la nouvelle version a pris leur place, pour que tous les écrans fonctionnent. Reportez les modifications encore utiles ; votre version est ci-dessous.',
      ],
      'not adapted': [
        'À adapter par vous',
        'Ils nomment quelque chose que la nouvelle version n’a pas, ou a sous une autre forme.',
      ],
      'kept record': [
        'Enregistrements conservés que la nouvelle version n’apporte plus',
        'Vos données les utilisent, donc ils restent. Supprimez-les quand rien n’en a plus besoin.',
      ],
    },
  },
})

export function decisions(model: ReportModel, reader: Reader): Html {
  const t = texts(reader.language)
  const body =
    model.decisions.length === 0
      ? html`<p class="empty">${t.nothing}</p>`
      : kinds.map((kind) => {
          const found = model.decisions.filter((decision) => decision.kind === kind)
          const [title, advice] = t.kinds[kind]
          return (
            found.length > 0 &&
            html`<div class="card"><h3>${title}<span class="count">${found.length}</span></h3><p>${advice}</p>${list(found, reader)}</div>`
          )
        })
  return section(
    'decisions',
    t.title,
    model.decisions.length > 0 && t.lead(reader.counted(model.decisions.length, t.point)),
    body,
  )
}

/** Entries that stand open; of a longer list the rest is folded away. */
const OPEN = 6

function list(found: readonly Decision[], reader: Reader): Fragment {
  const entries = (some: readonly Decision[]) =>
    html`<ul class="entries">${some.map((decision) => entry(decision, reader))}</ul>`
  if (found.length <= OPEN + 2) return entries(found)
  const rest = found.slice(OPEN)
  return [
    entries(found.slice(0, OPEN)),
    foldable(`${reader.count(rest.length)} ${texts(reader.language).more}`, limited(rest, entries, reader)),
  ]
}

function entry({ subject, outcome, facts, body }: Decision, reader: Reader): Html {
  const line = Object.entries(facts).map(([name, value]) => html`<span><i>${name}</i> ${value}</span>`)
  const lang = reader.language !== 'en' && html` lang="en"`
  const text = html`<b>${subject}</b> <span class="outcome"${lang}>${outcome}</span>${line.length > 0 && html`<div class="factline"${lang}>${line}</div>`}`
  return html`<li>${body === null ? text : foldable(text, html`<pre>${body}</pre>`)}</li>`
}
