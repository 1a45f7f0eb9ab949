import { type Html, html } from '../../words/html.ts'

/** Size of a drawing in its own units; the page stretches it to its width. */
const WIDTH = 350
const HEIGHT = 190
const LEFT = 66
const BOTTOM = 26
const TOP = 12
const RIGHT = 26

/** A series of bars that stand on each other, with the class that gives it its colour. */
export interface Series {
  name: string
  kind: string
  values: readonly number[]
}

export interface Axis {
  /** What stands at the bars or points, from left to right. */
  labels: readonly string[]
  /** A figure of the scale as text. */
  say(value: number): string
}

/** Bars, one for each label, each with the series on top of each other. */
export function barChart(title: string, series: readonly Series[], { labels, say }: Axis): Html {
  const totals = labels.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0))
  const top = niceTop(Math.max(...totals, 0))
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, labels.length)
  const bars = labels.map((_, i) => {
    let below = 0
    return series.map(({ values, kind }) => {
      const value = values[i] ?? 0
      if (value === 0) return null
      const [y1, y0] = [height(below + value, top), height(below, top)]
      below += value
      return html`<rect class="bar ${kind}" x="${round(LEFT + i * step + step * 0.12)}" y="${round(y1)}" width="${round(step * 0.76)}" height="${round(y0 - y1)}"/>`
    })
  })
  return html`${legend(series)}${frame(title, top, say)}${bars}${names(labels, step)}</svg>`
}

/** A line through one value for each label, with the area below it. */
export function lineChart(title: string, values: readonly number[], { labels, say }: Axis): Html {
  const top = niceTop(Math.max(...values, 0))
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, labels.length)
  const points = values.map((value, i) => `${round(LEFT + (i + 0.5) * step)},${round(height(value, top))}`)
  const [first, last] = [round(LEFT + 0.5 * step), round(LEFT + (values.length - 0.5) * step)]
  const floor = HEIGHT - BOTTOM
  return html`${frame(title, top, say)}<polygon class="area" points="${first},${floor} ${points.join(' ')} ${last},${floor}"/><polyline class="curve" points="${points.join(' ')}"/>${names(labels, step)}</svg>`
}

/** Points on two scales that grow by tens. */
export function pointChart(
  title: string,
  points: readonly { x: number; y: number; label: string }[],
  sayX: (value: number) => string,
  sayY: (value: number) => string,
): Html {
  const [x0, x1] = decades(points.map(({ x }) => x))
  const [y0, y1] = decades(points.map(({ y }) => y))
  const left = (x: number) =>
    LEFT + ((Math.log10(Math.max(1e-9, x)) - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT)
  const high = (y: number) =>
    HEIGHT - BOTTOM - ((Math.log10(Math.max(1e-9, y)) - y0) / (y1 - y0)) * (HEIGHT - BOTTOM - TOP)
  return html`${open(title)}${steps(y0, y1).map(
    (power) =>
      html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(high(10 ** power))}" y2="${round(high(10 ** power))}"/><text x="${LEFT - 8}" y="${round(high(10 ** power) + 4)}" text-anchor="end">${sayY(10 ** power)}</text>`,
  )}${steps(x0, x1).map(
    (power) =>
      html`<text x="${round(left(10 ** power))}" y="${HEIGHT - 8}" text-anchor="middle">${sayX(10 ** power)}</text>`,
  )}${points.map(({ x, y, label }) => html`<circle class="point" cx="${round(left(x))}" cy="${round(high(y))}" r="4"><title>${label}</title></circle>`)}</svg>`
}

/** The same figures as a table, for whoever does not see the drawing. */
export function figures(
  label: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Html {
  return html`<details class="figures"><summary>${label}</summary><div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div></details>`
}

function open(title: string): Html {
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`
}

function frame(title: string, top: number, say: (value: number) => string): Html {
  return html`${open(title)}${[0, 0.5, 1].map((part) => {
    const y = round(height(part * top, top))
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${say(part * top)}</text>`
  })}`
}

/** As many names as there is room for, the last one always. */
function names(labels: readonly string[], step: number): Html {
  const every = Math.max(1, Math.ceil(70 / step))
  return html`${labels.map(
    (label, i) =>
      (labels.length - 1 - i) % every === 0 &&
      html`<text x="${round(LEFT + (i + 0.5) * step)}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>`,
  )}`
}

function legend(series: readonly Series[]): Html {
  return html`<ul class="legend">${series.map(({ name, kind }) => html`<li><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect class="bar ${kind}" width="12" height="12" rx="3"/></svg> ${name}</li>`)}</ul>`
}

function height(value: number, top: number): number {
  return HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)
}

/** The next of 2, 4, 10, 20, 40, 100 …: its half is a whole number too. */
function niceTop(most: number): number {
  if (most <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(most))
  return ([1, 2, 4, 10].find((factor) => factor * power >= most) ?? 10) * power
}

/** The powers of ten around all values. */
function decades(values: readonly number[]): [number, number] {
  const logs = values.filter((value) => value > 0).map(Math.log10)
  if (logs.length === 0) return [0, 1]
  const low = Math.floor(Math.min(...logs))
  return [low, Math.max(low + 1, Math.ceil(Math.max(...logs)))]
}

function steps(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
