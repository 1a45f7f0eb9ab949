import pino from 'pino'
import type { Settings } from '../config/settings.ts'
import { UpliftError } from '../errors.ts'

/**
 * Structured logs on standard error, one JSON object a line. Keys of requests stand in no URL that is logged; fields that
 * could hold a secret are struck out all the same.
 */
export function makeLog(
  { logLevel, instance }: Pick<Settings, 'logLevel' | 'instance'>,
  part: string,
): pino.Logger {
  return pino(
    {
      level: logLevel,
      base: { part, instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['key', '*.key', 'password', '*.password', 'headers.authorization', 'headers.cookie'],
      serializers: { err: describeError },
    },
    pino.destination({ fd: 2, sync: false }),
  )
}

/** What failed and why, without what a database's error may quote of its rows. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  return {
    type: error.name,
    code,
    message: error.message,
    ...(error instanceof UpliftError ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
