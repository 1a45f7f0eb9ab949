import { type Html, html } from '../../words/html.ts'
import { table } from '../table.ts'
import {
  type Axis,
  BOTTOM,
  frame,
  HEIGHT,
  height,
  LEFT,
  legend,
  names,
  niceTop,
  openChart,
  RIGHT,
  round,
  stepOf,
  TOP,
  WIDTH,
} from './chart-frame.ts'

/** Values under one name, with the class that gives them their colour; null where there is none. */
export interface Series<Value = number> {
  name: string
  kind: string
  values: readonly Value[]
}

/** Bars, one for each label, each with the series on top of each other. */
export function barChart(title: string, series: readonly Series[], { labels, say }: Axis): Html {
  const totals = labels.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0))
  const top = niceTop(Math.max(...totals, 0))
  const step = stepOf(labels)
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
  return html`${series.length > 1 && legend(series, 'bar')}${frame(title, top, say)}${bars}${names(labels)}</svg>`
}

/** Lines through one value for each label; the only one has the area below it. Where values are missing there is a gap. */
export function lineChart(
  title: string,
  series: readonly Series<number | null>[],
  { labels, say }: Axis,
): Html {
  const top = niceTop(Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), 0))
  const step = stepOf(labels)
  const x = (i: number) => round(LEFT + (i + 0.5) * step)
  const lines = series.map(({ kind, values }) =>
    runs(values).map(({ from, figures: run }) => {
      const points = run.map((value, i) => `${x(from + i)},${round(height(value, top))}`)
      const last = from + run.length - 1
      // A lone point has no length; its line is as short as it can be seen.
      if (run.length === 1) points.push(`${x(last) + 2},${round(height(run[0]!, top))}`)
      return html`${
        series.length === 1 &&
        html`<polygon class="area" points="${x(from)},${HEIGHT - BOTTOM} ${points.join(' ')} ${x(last)},${HEIGHT - BOTTOM}"/>`
      }<polyline class="curve ${kind}" points="${points.join(' ')}"/>`
    }),
  )
  return html`${series.length > 1 && legend(series, 'curve')}${frame(title, top, say)}${lines}${names(labels)}</svg>`
}

/** The stretches without a gap. */
function runs(values: readonly (number | null)[]): { from: number; figures: number[] }[] {
  const found: { from: number; figures: number[] }[] = []
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    const last = found.at(-1)
    if (last && last.from + last.figures.length === i) last.figures.push(value)
    else found.push({ from: i, figures: [value] })
  }
  return found
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
  return html`${openChart(title)}${steps(y0, y1).map(
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
  return html`<details class="figures"><summary>${label}</summary>${table(label, head, rows)}</details>`
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
