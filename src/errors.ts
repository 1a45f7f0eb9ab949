/**
 * Every failure that a person can meet is an UpliftError: a stable code, a sentence that says what to do,
 * and the cause. The codes stand in one table, docs/errors.md; a test holds the two against each other.
 */
export const errorCodes = {
  'DUMP:MISSING': 'There is no file at the path that was given.',
  'DUMP:EMPTY': 'The file has no bytes.',
  'DUMP:TRUNCATED': 'The file ends before the dump does: it was cut off on its way.',
  'DUMP:CORRUPT': 'The bytes contradict the format: the file was damaged.',
  'DUMP:ENCRYPTED': 'The archive is encrypted; it has to be sent without a password.',
  'DUMP:FOREIGN': 'The file is no PostgreSQL dump in a form that is known.',
  'DUMP:UNSUPPORTED': 'The dump is made in a form that this version does not read.',
  'DUMP:HOSTILE': 'The file holds something that a dump never needs, such as a path that leads outside.',
  'DUMP:BOMB': 'The file unpacks to far more than its size can honestly hold.',
  'DUMP:NOT_ODOO': 'The dump is of a database that is not one of Odoo or OpenERP.',
  'LOAD:REFUSED': 'A statement of the dump is not allowed and the rest cannot do without it.',
  'LOAD:DATA': 'PostgreSQL did not take the data of a table.',
  'VERSION:UNKNOWN': 'The version is not one that is known.',
  'VERSION:NOT_NEWER': 'The target is not newer than the database.',
  'VERSION:UNSUPPORTED': 'There is no pack for a hop on the way.',
  'REFERENCE:UNUSABLE': 'The reference is not a fresh database of the version it stands for.',
  'CATALOGUE:MISSING': 'There is no catalogue of this version.',
  'UPGRADE:CONSTRAINT':
    'Rows of the upgraded database break a constraint of the target and no rule of the pack mends them.',
  'UPGRADE:VERIFY': 'The verification of the upgraded database found violations.',
  'CLUSTER:MISSING': 'The programs of a PostgreSQL server were not found on this machine.',
  'CLUSTER:START': 'The scratch PostgreSQL cluster did not start.',
  'CLUSTER:UNREACHABLE': 'The PostgreSQL server named by UPLIFT_PG_URL cannot be reached.',
  'DISK:FULL': 'There is no room left on the disk.',
  'OUTPUT:EXISTS': 'The output cannot be written where it was asked for.',
  'OUTPUT:UNSUPPORTED': 'The output cannot be written for the version or format that was asked for.',
  'CONFIG:INVALID': 'A setting of the service is not valid.',
  'STORAGE:MISSING': 'A file is not in the storage any more.',
  'STORAGE:UNREACHABLE': 'The storage cannot be written or read.',
  'DATABASE:NEWER': 'The database of the service was made by a newer version of the product.',
  'CONTRACT:INVALID': 'What was said of a contract is not valid.',
  'CONTRACT:EXISTS': 'There is a contract of this code already.',
  'CONTRACT:UNKNOWN': 'There is no contract of this code.',
  'REQUEST:CRASHED': 'The work on a request ended several times without finishing a stage.',
  'REQUEST:FAILED': 'The upgrade of a request failed on the upgrade platform.',
  'REQUEST:CANCELLED': 'The request was cancelled.',
  'REMOTE:UNREACHABLE': 'The server of an upgrade platform does not answer.',
  'REMOTE:REFUSED': 'The upgrade platform refused a call.',
  'REMOTE:ANSWER': 'What answers is no upgrade platform, or does not have what was asked for.',
  'REMOTE:DAMAGED': 'What was downloaded is not what the upgrade platform sent.',
  'USAGE:INVALID': 'An option or argument of the command is not valid.',
  INTERRUPTED: 'The work was stopped from outside before it was done.',
  INTERNAL: 'Something failed that should not; this is a defect of the product.',
} as const

export type ErrorCode = keyof typeof errorCodes

export class UpliftError extends Error {
  override readonly name = 'UpliftError'
  readonly code: ErrorCode
  /** Names and figures for machines: table, statement, offset … */
  readonly detail: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; detail?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.detail = options.detail ?? {}
  }
}

/** Whatever was thrown, as an UpliftError; the original stays as its cause. */
export function asUpliftError(thrown: unknown): UpliftError {
  if (thrown instanceof UpliftError) return thrown
  // 53100 is PostgreSQL's word for the same.
  if (isSystemError(thrown, 'ENOSPC') || isSystemError(thrown, '53100'))
    return new UpliftError('DISK:FULL', 'The disk is full: free some room and start again.', {
      cause: thrown,
    })
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new UpliftError('INTERNAL', message, { cause: thrown })
}

export function isSystemError(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}
