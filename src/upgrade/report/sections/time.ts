import { type Html, html } from '../../../words/html.ts'
import { bytesInWords, countInWords, secondsInWords } from '../../../words/quantities.ts'
import { bars } from '../chart.ts'
import type { ReportModel } from '../model.ts'
import { section } from '../parts.ts'

export function time({ stages, tables, seconds, totals }: ReportModel): Html {
  return section('time', 'Time and size', null, [
    html`<div class="pair"><div class="card"><h3>Time by stage</h3><p>${secondsInWords(seconds)} in all.</p>${bars(stages.map(({ name, seconds: value }) => ({ label: name, value, text: secondsInWords(value) })))}</div>`,
    html`<div class="card"><h3>Largest tables of the source</h3><p>${bytesInWords(totals.bytes)} of rows in all.</p>${bars(
      tables.map(({ name, bytes, rows }) => ({
        label: name,
        value: bytes,
        text: `${bytesInWords(bytes)}, ${countInWords(rows)} rows`,
      })),
    )}</div></div>`,
  ])
}
