import { html } from '../../words/html.ts'
import type { ReportModel } from './model.ts'
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

/**
 * The report as one HTML file that needs nothing else: no script, no font, no picture from anywhere. Business people come
 * first, technicians find theirs at the end. The policy in its head keeps a browser from loading or running anything
 * even if a name of the database got past the escaping.
 */
export function renderReport(model: ReportModel): string {
  const title = `${model.database.name ?? model.database.file}: ${model.from} → ${model.to}`
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${style}
</head>
<body>
${headline(model)}
<nav aria-label="Contents">${contents(model).map(([id, label]) => html`<a href="#${id}">${label}</a>`)}</nav>
<main>
${decisions(model)}
${changes(model)}
${verification(model)}
${nextSteps(model)}
${kept(model)}
${required(model)}
${loading(model)}
${time(model)}
${details(model)}
</main>
<footer>Made by Uplift ${model.product}. Figures are measured on the source and on the finished database; what was not measured is not told.</footer>
</body>
</html>`.text
  }\n`
}

function contents(model: ReportModel): [id: string, label: string][] {
  const list: [string, string, boolean][] = [
    ['decisions', 'Needs your eye', true],
    ['changes', 'What changed', true],
    ['verification', 'Verification', true],
    ['next', 'What to do next', true],
    ['kept', 'Kept', model.legacy.length + model.retained.length > 0],
    ['required', 'Values filled in', model.required.length > 0],
    ['loading', 'Left out', model.skipped.length > 0],
    ['time', 'Time and size', true],
    ['details', 'Details', true],
  ]
  return list.flatMap(([id, label, there]) => (there ? [[id, label] as [string, string]] : []))
}
