import { UpliftError } from '../../errors.ts'

/** Majors that a dump can be written for: the first that can be served by set_config and hex bytea to the newest. */
const MAJORS = [
  '9.0',
  '9.1',
  '9.2',
  '9.3',
  '9.4',
  '9.5',
  '9.6',
  '10',
  '11',
  '12',
  '13',
  '14',
  '15',
  '16',
  '17',
  '18',
]

/**
 * A major version as a number that compares: '9.6' → 9.06, '15' → 15. Takes a full version ('9.6.24', '15.20') too.
 */
export function majorNumber(version: string): number {
  const [, first, second] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? []
  const major = Number(first) < 10 ? `${first}.${second ?? 0}` : first
  if (major === undefined || !MAJORS.includes(major))
    throw new UpliftError(
      'OUTPUT:UNSUPPORTED',
      `A dump cannot be written for PostgreSQL "${version}": the known versions are ${MAJORS.join(', ')}.`,
      { detail: { version } },
    )
  return Number(first) < 10 ? Number(first) + Number(second) / 100 : Number(first)
}
