import { type Html, html } from '../../words/html.ts'
import { catalogue, colonIn, type Language } from '../../words/language.ts'
import type { ReportModel } from './model.ts'
import { readerOf } from './reader.ts'
import { changes } from './sections/changes.ts'
import { decisions } from './sections/decisions.ts'
import { details } from './sections/details.ts'
import { headline } from './sections/headline.ts'
import { kept, required } from './sections/kept.ts'
import { loading } from './sections/loading.ts'
import { nextSteps } from './sections/next-steps.ts'
import { time } from './sections/time.ts'
import { verification } from './sections/verification.ts'
import { style } from './style.ts'

const texts = catalogue<{
  contents: string
  search: string
  found: string
  made: (product: string) => string
  parts: Readonly<
    Record<
      | 'decisions'
      | 'changes'
      | 'verification'
      | 'next'
      | 'kept'
      | 'required'
      | 'loading'
      | 'time'
      | 'details',
      string
    >
  >
}>({
  en: {
    contents: 'Contents',
    search: 'Search in this report',
    found: 'entries found',
    made: (product) =>
      `Made by Uplift ${product}. Figures are measured on the source and on the finished database; what was not measured is not told.`,
    parts: {
      decisions: 'Needs your eye',
      changes: 'What changed',
      verification: 'Verification',
      next: 'What to do next',
      kept: 'Kept',
      required: 'Values filled in',
      loading: 'Left out',
      time: 'Time and size',
      details: 'Details',
    },
  },
  fr: {
    contents: 'Sommaire',
    search: 'Chercher dans ce rapport',
    found: 'entrées trouvées',
    made: (product) =>
      `Fait par Uplift ${product}. Les chiffres sont mesurés sur la source et sur la base terminée ; ce qui n’a pas été mesuré n’est pas dit.`,
    parts: {
      decisions: 'À votre attention',
      changes: 'Ce qui a changé',
      verification: 'Vérification',
      next: 'Et maintenant',
      kept: 'Conservé',
      required: 'Valeurs complétées',
      loading: 'Laissé de côté',
      time: 'Temps et taille',
      details: 'Détails',
    },
  },
})

/** Where a report stands on a server: what the file by itself cannot have. */
export interface Served {
  /** Address of the script that searches. */
  script: string
  /** Links at the top. */
  links: readonly { href: string; label: string; language?: Language }[]
}

/**
 * The report as one HTML file that needs nothing else: no script, no font, no picture from anywhere. Business people come
 * first, technicians find theirs at the end. The policy in its head keeps a browser from loading or running anything
 * even if a name of the database got past the escaping. A server says its policy itself, and has a search.
 */
export function renderReport(model: ReportModel, language: Language = 'en', served?: Served): string {
  const t = texts(language)
  const reader = readerOf(language)
  const title = `${model.database.name ?? model.database.file}${colonIn(language)}${model.from} → ${model.to}`
  return `<!doctype html>\n${
    html`<html lang="${language}">
<head>
<meta charset="utf-8">
${!served && policy()}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${style}
${served && html`<script type="module" src="${served.script}"></script>`}</head>
<body>
${headline(model, reader, served?.links)}
<nav aria-label="${t.contents}">${contents(model, language).map(([id, label]) => html`<a href="#${id}">${label}</a>`)}</nav>
<main>
${served && html`<search class="search"><label for="search">${t.search}</label><input type="search" id="search" placeholder="${t.search}" autocomplete="off" hidden><output id="found" for="search" data-found="${t.found}"></output></search>`}
${decisions(model, reader)}
${changes(model, reader)}
${verification(model, reader)}
${nextSteps(model, reader)}
${kept(model, reader)}
${required(model, reader)}
${loading(model, reader)}
${time(model, reader)}
${details(model, reader)}
</main>
<footer>${t.made(model.product)}</footer>
</body>
</html>`.text
  }\n`
}

function policy(): Html {
  return html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`
}

function contents(model: ReportModel, language: Language): [id: string, label: string][] {
  const { parts } = texts(language)
  const there = {
    decisions: true,
    changes: true,
    verification: true,
    next: true,
    kept: model.legacy.length + model.retained.length > 0,
    required: model.required.length > 0,
    loading: model.skipped.length > 0,
    time: true,
    details: true,
  }
  return (Object.keys(there) as (keyof typeof there)[]).flatMap((id) => (there[id] ? [[id, parts[id]]] : []))
}
