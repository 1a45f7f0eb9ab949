import type { Failure } from '../requests/request.ts'

/**
 * Every failure that a call can meet: the HTTP status that it comes with, the keys that stand beside `reason` and
 * `message`, and what it means. The same table stands in docs/api.md; a test holds the two against each other.
 * A failure of the call itself comes with 200, all else is of the transport.
 */
export const failureReasons = {
  'CONTRACT:MISSING': { status: 200, keys: [], meaning: 'The parameter `contract` is missing or empty.' },
  'EMAIL:MISSING': { status: 200, keys: [], meaning: 'The parameter `email` is missing or empty.' },
  'TARGET:MISSING': {
    status: 200,
    keys: ['expected'],
    meaning: 'The parameter `target` is missing or empty.',
  },
  'AIM:MISSING': { status: 200, keys: ['expected'], meaning: 'The parameter `aim` is missing or empty.' },
  'FILENAME:MISSING': { status: 200, keys: [], meaning: 'The parameter `filename` is missing or empty.' },
  'REQUEST:MISSING': { status: 200, keys: [], meaning: 'The parameter `request` is missing or empty.' },
  'KEY:MISSING': { status: 200, keys: [], meaning: 'The parameter `key` is missing or empty.' },
  'EMAIL:INVALID': { status: 200, keys: ['value'], meaning: 'The e-mail address is not one.' },
  'TARGET:INVALID': {
    status: 200,
    keys: ['expected', 'value'],
    meaning:
      "The target is not a version that can be asked for. Who asks for a version up to 8.0 is told the four of the API's first document, everybody else all that there are.",
  },
  'AIM:INVALID': {
    status: 200,
    keys: ['expected', 'value'],
    meaning: 'The aim is neither `test` nor `production`.',
  },
  'FILENAME:INVALID': {
    status: 200,
    keys: ['value'],
    meaning: 'The file name is longer than 255 characters or holds control characters.',
  },
  'TIMEZONE:INVALID': {
    status: 200,
    keys: ['value'],
    meaning: 'The time zone is not a name of the IANA database, such as `Europe/Brussels`.',
  },
  'CONTRACT:NOT_FOUND': {
    status: 200,
    keys: ['code'],
    meaning: 'There is no such contract, or it is revoked or expired.',
  },
  'CONTRACT:LIMIT': {
    status: 200,
    keys: ['code'],
    meaning: 'The contract has as many requests at work as it may have at the same time.',
  },
  'REQUEST:NOT_FOUND': {
    status: 200,
    keys: ['code'],
    meaning: 'There is no request with this number and this key; which of the two is wrong is not told.',
  },
  'REQUEST:STATE': {
    status: 200,
    keys: ['expected', 'value'],
    meaning: 'The call is not allowed in the state that the request is in.',
  },
  'DUMP:MISSING': { status: 200, keys: [], meaning: 'No dump was uploaded yet.' },
  'DUMP:EMPTY': { status: 200, keys: [], meaning: 'The upload has no bytes.' },
  'DUMP:INVALID': {
    status: 200,
    keys: [],
    meaning: 'The upload is no dump that can be read; the message says why.',
  },
  'DUMP:TOO_LARGE': {
    status: 413,
    keys: ['expected'],
    meaning:
      'The upload has more bytes than the installation takes. With status 200: more than the contract may send.',
  },
  'VERSION:UNSUPPORTED': {
    status: 200,
    keys: ['value'],
    meaning: 'The uploaded database cannot be upgraded to the target.',
  },
  'BODY:INVALID': {
    status: 400,
    keys: [],
    meaning: 'The body, or the whole message, is not of the form that it says it is.',
  },
  'PATH:NOT_FOUND': { status: 404, keys: [], meaning: 'There is nothing at this path.' },
  'METHOD:INVALID': { status: 405, keys: ['expected'], meaning: 'The path does not take this method.' },
  'BODY:TIMEOUT': { status: 408, keys: [], meaning: 'The rest of the message did not come in time.' },
  'BODY:TOO_LARGE': { status: 413, keys: [], meaning: 'The parameters have more bytes than any call needs.' },
  'HEADERS:TOO_LARGE': {
    status: 431,
    keys: [],
    meaning: 'The address or the headers have more bytes than any call needs.',
  },
  'SERVICE:FAILED': {
    status: 500,
    keys: [],
    meaning: 'Something failed that should not; the log of the server says what.',
  },
  'GUESSES:TOO_MANY': {
    status: 503,
    keys: [],
    meaning: 'Too many wrong contracts or keys came from this address; `Retry-After` says when to go on.',
  },
  'SERVICE:STOPPING': { status: 503, keys: [], meaning: 'The server is being stopped; try again later.' },
  'SERVICE:UNAVAILABLE': {
    status: 503,
    keys: [],
    meaning: 'The database or the storage of the server cannot be reached; try again later.',
  },
  'STORAGE:FULL': {
    status: 503,
    keys: [],
    meaning: 'The server has no room for the upload; try again later.',
  },
} as const satisfies Record<
  string,
  { status: number; keys: readonly ('code' | 'expected' | 'value')[]; meaning: string }
>

export type FailureReason = keyof typeof failureReasons

/** Characters of a value that is told back. */
const LONGEST_VALUE = 200

/** A failure with its keys in the order of the document: by name. */
export function failure(
  reason: FailureReason,
  message: string,
  more: { code?: string; expected?: readonly string[]; value?: string } = {},
): Failure {
  return {
    ...(more.code === undefined ? {} : { code: shown(more.code) }),
    ...(more.expected === undefined ? {} : { expected: [...more.expected] }),
    message,
    reason,
    ...(more.value === undefined ? {} : { value: shown(more.value) }),
  }
}

/** What a client sent, cut to a length that can be told back. */
export function shown(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE)}…`
}

export function missingParameter(reason: FailureReason, name: string, expected?: readonly string[]): Failure {
  return failure(reason, `Missing value for "${name}"`, expected ? { expected } : {})
}

/** `Invalid value "5.0"`, as the document has it. */
export function invalidValue(reason: FailureReason, value: string, expected?: readonly string[]): Failure {
  return failure(reason, `Invalid value "${shown(value)}"`, { value, ...(expected ? { expected } : {}) })
}
