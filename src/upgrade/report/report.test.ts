import { expect, test } from 'vitest'
import { reportParts } from '../../../test/cli/report-parts.ts'
import { buildReport } from './build.ts'
import { renderReport } from './render.ts'

const model = () => buildReport(reportParts())

test('every note finds its place, and those of an unknown topic are told too', () => {
  const parts = reportParts()
  const notes = [
    ...parts.notes,
    { stage: 'hops', topic: 'never heard of', subject: 'x', outcome: 'y', detail: { rows: 7 } },
  ]
  const report = buildReport({ ...parts, notes })
  const { decisions, legacy, retained, neutralised, required, notes: others, modules } = report
  const moved = modules.filter(({ into }) => into !== undefined)
  const noted = decisions.filter(({ kind }) => kind !== 'custom module')
  const places = [noted, legacy, retained, neutralised, required, others, moved]
  expect(places.reduce((sum, { length }) => sum + length, 0)).toBe(notes.length)
  expect(renderReport(report)).toContain('never heard of')
})

test('modules: each of the source and each new one once, with what became of it', () => {
  const outcomes = Object.fromEntries(model().modules.map(({ name, outcome }) => [name, outcome]))
  expect(outcomes).toMatchObject({
    account: 'kept',
    acme_pricing: 'custom',
    base_calendar: 'merged',
    stock_location: 'renamed',
    process: 'gone',
    report: 'new',
  })
  // The module that took another over is not new besides.
  expect(outcomes).not.toHaveProperty('calendar')
})

test('the verdict is green only when the verification ran and found nothing', () => {
  const verdict = (page: string) => /<div class="verdict (\w+)">/.exec(page)?.[1]
  expect(verdict(renderReport(model()))).toBe('good')
  expect(verdict(renderReport(buildReport(reportParts({ verification: null }))))).toBe('bad')
  const { verification } = reportParts()
  const [first, ...rest] = verification!.checks
  const problem = { subject: 'sale_order.warehouse_id', problem: '14 rows point to no row' }
  const broken = { ...first!, ok: false, violations: { total: 14, first: [problem] } }
  const page = renderReport(
    buildReport(reportParts({ verification: { ...verification!, ok: false, checks: [broken, ...rest] } })),
  )
  expect(verdict(page)).toBe('bad')
  expect(page).toContain('14 violations')
  expect(page).toContain('14 rows point to no row')
})

test('the page needs nothing from outside and runs nothing', () => {
  const page = renderReport(model())
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:/i)
  expect(page).toContain(`default-src 'none'`)
  expect(page).not.toMatch(/(?:src|href)="(?!#)/)
})

test('a report says what was switched off for a test, and that nothing was for production', () => {
  const test = renderReport(model())
  expect(test).toContain('Switched off for testing')
  expect(test).toContain('2 rows of <code>ir_mail_server</code>')
  const parts = reportParts()
  const page = renderReport(
    buildReport({
      ...parts,
      plan: { ...parts.plan, aim: 'production' },
      notes: parts.notes.filter(({ topic }) => topic !== 'neutralised'),
    }),
  )
  expect(page).toContain('Nothing was switched off')
  expect(page).not.toContain('Switched off for testing')
})

test('figures and records before and after: red is what was lost, not what has a reason', () => {
  const rowOf = (page: string, name: string) =>
    page
      .split('<tr>')
      .slice(1)
      .find((row) => row.includes(`>${name}</`))
      ?.replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
  const page = renderReport(model())
  expect(rowOf(page, 'debit')).toContain('debit 1,204,377.5 1,204,377.5 equal')
  expect(rowOf(page, 'crm.meeting')).toContain('9 0 −9 9 of 9 records became something else: calendar.event')
  expect(page).not.toMatch(/pill bad">[−+\d]/)
  const { verification } = reportParts()
  const records = [
    { model: 'res.partner', before: 9, after: 8, finding: '1 of 9 records are gone', lost: true },
    { model: 'sale.order', before: 3, after: 3, finding: null, lost: false },
  ]
  const lost = renderReport(buildReport(reportParts({ verification: { ...verification!, records } })))
  expect(lost).toContain('<span class="pill bad">−1</span>')
  expect(rowOf(lost, 'res.partner')).toContain('9 8 −1 1 of 9 records are gone')
})

test('what is delivered by another name is restored by that name', () => {
  const parts = reportParts()
  const packed = buildReport({
    ...parts,
    written: { ...parts.written!, path: '/data/work/uplift_1/result', format: 'plain' },
    delivered: { name: 'upgraded_db.sql.gz', wrapping: 'gzip' },
  })
  expect(packed.result).toMatchObject({ file: 'upgraded_db.sql.gz', sha256: null })
  expect(packed.result?.restoreCommands.at(-1)).toMatch(/^gunzip --stdout upgraded_db\.sql\.gz \| psql /)
  expect(renderReport(packed)).not.toContain('/data/work')
})

test('hostile names stay text wherever they come from', () => {
  const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
  const parts = reportParts()
  // Every text of the model that comes from the dump is replaced; what the product itself chose stays, sums are numbers.
  const chosen = new Set([
    ...['kind', 'outcome', 'severity', 'format', 'id', 'aim', 'target', 'topic', 'stage'],
    ...['before', 'after'],
  ])
  const poison = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return chosen.has(key) ? value : evil
    if (Array.isArray(value)) return value.map((entry) => poison(entry, key))
    if (value !== null && typeof value === 'object' && !(value instanceof Date))
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, poison(entry, name)]))
    return value
  }
  const poisoned = poison(buildReport(parts)) as ReturnType<typeof model>
  const page = renderReport({ ...poisoned, from: '7.0', to: '8.0', startedAt: model().startedAt })
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toMatch(/<script|<img/i)
})

test('a long list is cut with a line that says so', () => {
  const skipped = Array.from({ length: 1000 }, (_, index) => ({
    what: 'function',
    name: `f${index}`,
    reason: 'written in C',
    severity: 'warning' as const,
  }))
  const parts = reportParts()
  const page = renderReport(buildReport({ ...parts, load: { ...parts.load!, skipped } }))
  expect(page).toContain('f299')
  expect(page).not.toContain('f300<')
  expect(page).toContain('and 700 more')
})

test('notes.json is the model itself: it survives JSON unchanged', () => {
  expect(JSON.parse(JSON.stringify(model()))).toEqual(model())
})

test('in French, what was noted in English is marked as such, and nothing else is English', () => {
  const report = model()
  const page = renderReport(
    {
      ...report,
      stages: [
        { name: 'snapshot', seconds: 1 },
        { name: 'hop 7.0-8.0', seconds: 2 },
        { name: 'never heard of', seconds: 3 },
      ],
      modules: (['kept', 'kept', 'renamed', 'gone', 'gone', 'new', 'new'] as const).map((outcome, i) => ({
        ...{ name: `m${i}`, outcome },
      })),
      notes: [{ stage: 'align', topic: 'module data', subject: 's', outcome: 'was kept', detail: {} }],
      decisions: [{ kind: 'converted', subject: 's', outcome: 'became one', facts: { id: '4' }, body: null }],
    },
    'fr',
  )
  const labels = [...page.matchAll(/<span class="label">([^<]*)/g)].map(([, label]) => label)
  expect(labels.slice(0, 3)).toEqual(['Comptage avant', 'Mise à niveau 7.0 → 8.0', 'never heard of'])
  expect(page).toContain('Modules d’OpenERP 7.0 à Odoo 8.0 : 2 conservés, 1 renommé, 2 disparus, 2 nouveaux.')
  expect(page).toContain('Alignement sur la cible\u00a0: données des modules')
  expect(page).toContain('<span lang="en">was kept</span>')
  expect(page).toContain('<span class="outcome" lang="en">became one</span>')
  expect(page).not.toMatch(/>(kept|gone|new|renamed)</)
  expect(page).not.toMatch(/[^\s]: <(b|span)/)
})
