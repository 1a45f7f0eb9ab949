import { catalogue } from '../../words/language.ts'
import type { ReportModel } from './model.ts'
import type { Reader } from './reader.ts'

/** "OpenERP 7.0", "Odoo 8.0": the product changed its name between the two. */
export function productName(series: string): string {
  return `${Number(series) < 8 ? 'OpenERP' : 'Odoo'} ${series}`
}

/** "22 November 2026, 22:31 UTC". */
export function momentInWords({ language }: Reader, iso: string): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return `${format.format(new Date(iso)).replace(/ (at|à) /, ', ')} UTC`
}

export function violationsOf(model: ReportModel): number {
  return model.counts.violations ?? 0
}

export interface Verdict {
  tone: 'good' | 'bad'
  headline: string
  sentence: string
}

const texts = catalogue<{
  unverified: { headline: string; sentence: string }
  broken: (violations: string) => string
  brokenProduction: string
  brokenTest: string
  verified: string
  passed: (checks: string) => string
  nothing: string
  open: (points: string, one: boolean) => string
  violation: string
  check: string
  point: string
}>({
  en: {
    unverified: {
      headline: 'Not verified',
      sentence: 'The result was not verified: do not work with it before it is.',
    },
    broken: (violations) => `Upgraded, with ${violations}`,
    brokenProduction:
      'The result breaks rules of the new version and must not go live before they are settled.',
    brokenTest: 'The result can be tried out; the violations below have to be settled before it goes live.',
    verified: 'Upgraded and verified',
    passed: (checks) => `All ${checks} of the result passed.`,
    nothing: 'Nothing is left for you to decide.',
    open: (points, one) => `${points} below ${one ? 'needs' : 'need'} your eye.`,
    violation: 'violation',
    check: 'check',
    point: 'point',
  },
  fr: {
    unverified: {
      headline: 'Non vérifiée',
      sentence: 'Le résultat n’a pas été vérifié : ne travaillez pas avec lui avant qu’il le soit.',
    },
    broken: (violations) => `Mise à niveau faite, avec ${violations}`,
    brokenProduction:
      'Le résultat enfreint des règles de la nouvelle version et ne doit pas entrer en service avant qu’elles soient réglées.',
    brokenTest:
      'Le résultat peut être essayé ; les infractions ci-dessous sont à régler avant la mise en service.',
    verified: 'Mise à niveau faite et vérifiée',
    passed: (checks) => `Le résultat a passé tous les contrôles (${checks}).`,
    nothing: 'Il ne vous reste rien à décider.',
    open: (points, one) => `${points} ci-dessous ${one ? 'demande' : 'demandent'} votre attention.`,
    violation: 'infraction',
    check: 'contrôle',
    point: 'point',
  },
})

/** The whole upgrade in one sentence. */
export function verdictOf(model: ReportModel, { language, counted }: Reader): Verdict {
  const t = texts(language)
  const violations = violationsOf(model)
  if (!model.verification) return { tone: 'bad', ...t.unverified }
  if (violations > 0)
    return {
      tone: 'bad',
      headline: t.broken(counted(violations, t.violation)),
      sentence: model.aim === 'production' ? t.brokenProduction : t.brokenTest,
    }
  const checks = model.verification.checks.filter(({ compared }) => compared > 0).length
  const open = model.decisions.length
  return {
    tone: 'good',
    headline: t.verified,
    sentence: `${t.passed(counted(checks, t.check))} ${open === 0 ? t.nothing : t.open(counted(open, t.point), open === 1)}`,
  }
}
