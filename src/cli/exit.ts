import type { ErrorCode } from '../errors.ts'

/** What the exit code of the command means; `--help` and docs/operating.md show this table. */
export const exitCodes = {
  0: 'done',
  1: 'something failed that should not: a defect of the product',
  2: 'the command was called wrongly',
  3: 'the input dump is not usable',
  4: 'the version, the target or the reference does not fit',
  5: 'the upgrade failed on the data',
  6: 'the verification found violations',
  7: 'this machine is not fit: PostgreSQL, disk, place of the output',
  8: 'an upgrade platform somewhere else refused or does not answer',
  129: 'stopped by SIGHUP (the terminal was closed)',
  130: 'stopped by SIGINT (Ctrl+C)',
  143: 'stopped by SIGTERM',
} as const

export type ExitCode = keyof typeof exitCodes

type Family = ErrorCode extends infer Code ? (Code extends `${infer Name}:${string}` ? Name : Code) : never

/** By the part of an error's code before the colon; a new family does not compile before it stands here. */
const ofFamily: Record<Family & string, ExitCode> = {
  DUMP: 3,
  LOAD: 3,
  VERSION: 4,
  REFERENCE: 4,
  CATALOGUE: 4,
  UPGRADE: 5,
  CLUSTER: 7,
  DISK: 7,
  OUTPUT: 7,
  CONFIG: 2,
  DATABASE: 7,
  STORAGE: 7,
  CONTRACT: 2,
  REQUEST: 5,
  REMOTE: 8,
  USAGE: 2,
  INTERRUPTED: 130,
  INTERNAL: 1,
}

const ofCode: Partial<Record<ErrorCode, ExitCode>> = {
  'UPGRADE:VERIFY': 6,
  'OUTPUT:UNSUPPORTED': 4,
}

export function exitCodeOf(code: ErrorCode): ExitCode {
  return ofCode[code] ?? ofFamily[code.split(':', 1)[0] as Family]
}
