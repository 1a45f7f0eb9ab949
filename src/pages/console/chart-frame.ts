import { type Html, html } from '../../words/html.ts'

/** Size of a drawing in its own units; the page stretches it to its width. */
export const WIDTH = 350
export const HEIGHT = 190
export const LEFT = 98
export const BOTTOM = 26
export const TOP = 12
export const RIGHT = 26

export interface Axis {
  /** What stands at the bars or points, from left to right. */
  labels: readonly string[]
  /** A figure of the scale as text. */
  say(value: number): string
}

export function openChart(title: string): Html {
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`
}

/** An open drawing with its scale. */
export function frame(title: string, top: number, say: (value: number) => string): Html {
  return html`${openChart(title)}${[0, 0.5, 1].map((part) => {
    const y = round(height(part * top, top))
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${say(part * top)}</text>`
  })}`
}

/** Room that each label has. */
export function stepOf(labels: readonly string[]): number {
  return (WIDTH - LEFT - RIGHT) / Math.max(1, labels.length)
}

/** As many names as there is room for, the last one always. */
export function names(labels: readonly string[]): Html {
  const step = stepOf(labels)
  const every = Math.max(1, Math.ceil(70 / step))
  return html`${labels.map(
    (label, i) =>
      (labels.length - 1 - i) % every === 0 &&
      html`<text x="${round(LEFT + (i + 0.5) * step)}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>`,
  )}`
}

/** What each colour means. */
export function legend(series: readonly { name: string; kind: string }[], shape: 'bar' | 'curve'): Html {
  return html`<ul class="legend">${series.map(
    ({ name, kind }) =>
      html`<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true">${
        shape === 'bar'
          ? html`<rect class="bar ${kind}" x="3" width="12" height="12" rx="3"/>`
          : html`<line class="curve ${kind}" x1="0" x2="18" y1="6" y2="6"/>`
      }</svg> ${name}</li>`,
  )}</ul>`
}

export function height(value: number, top: number): number {
  return HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)
}

/** The next of 2, 4, 10, 20, 40, 100 …: its half is a whole number too. */
export function niceTop(most: number): number {
  if (most <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(most))
  return ([1, 2, 4, 10].find((factor) => factor * power >= most) ?? 10) * power
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}
