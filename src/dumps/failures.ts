import { UpliftError } from '../errors.ts'

/** The input ended while `what` was still expected. */
export function truncated(what: string, detail: Record<string, unknown> = {}, cause?: unknown): UpliftError {
  return new UpliftError(
    'DUMP:TRUNCATED',
    `The dump is cut off: ${what}. Transfer it again, or make a new dump, and compare the sizes.`,
    { detail, cause },
  )
}

/** The bytes contradict the format. */
export function corrupt(what: string, detail: Record<string, unknown> = {}, cause?: unknown): UpliftError {
  return new UpliftError(
    'DUMP:CORRUPT',
    `The dump is damaged: ${what}. Transfer it again, or make a new dump.`,
    {
      detail,
      cause,
    },
  )
}

export function hostile(what: string, detail: Record<string, unknown> = {}): UpliftError {
  return new UpliftError('DUMP:HOSTILE', `The file is refused: ${what}, which no honest dump holds.`, {
    detail,
  })
}

export function foreign(what: string, detail: Record<string, unknown> = {}): UpliftError {
  return new UpliftError(
    'DUMP:FOREIGN',
    `The file is no PostgreSQL dump: ${what}. Send what pg_dump wrote (any of its formats), or Odoo's own backup zip.`,
    { detail },
  )
}

export function unsupported(
  sentence: string,
  detail: Record<string, unknown> = {},
  cause?: unknown,
): UpliftError {
  return new UpliftError('DUMP:UNSUPPORTED', sentence, { detail, cause })
}
