import type { ReportModel } from './model.ts'

/** "OpenERP 7.0", "Odoo 8.0": the product changed its name between the two. */
export function productName(series: string): string {
  return `${Number(series) < 8 ? 'OpenERP' : 'Odoo'} ${series}`
}

/** 1 → "1 view", 3 → "3 views". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/** "22 November 2026, 22:31 UTC". */
export function momentInWords(iso: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return `${format.format(new Date(iso)).replace(' at ', ', ')} UTC`
}

export function violationsOf(model: ReportModel): number {
  return model.counts.violations ?? 0
}

export interface Verdict {
  tone: 'good' | 'bad'
  headline: string
  sentence: string
}

/** The whole upgrade in one sentence. */
export function verdictOf(model: ReportModel): Verdict {
  const violations = violationsOf(model)
  if (!model.verification)
    return {
      tone: 'bad',
      headline: 'Not verified',
      sentence: 'The result was not verified: do not work with it before it is.',
    }
  if (violations > 0)
    return {
      tone: 'bad',
      headline: `Upgraded, with ${counted(violations, 'violation')}`,
      sentence:
        model.aim === 'production'
          ? 'The result breaks rules of the new version and must not go live before they are settled.'
          : 'The result can be tried out; the violations below have to be settled before it goes live.',
    }
  const checks = model.verification.checks.filter(({ compared }) => compared > 0).length
  const open = model.decisions.length
  return {
    tone: 'good',
    headline: 'Upgraded and verified',
    sentence: `All ${counted(checks, 'check')} of the result passed. ${
      open === 0
        ? 'Nothing is left for you to decide.'
        : `${counted(open, 'point')} below ${open === 1 ? 'needs' : 'need'} your eye.`
    }`,
  }
}
