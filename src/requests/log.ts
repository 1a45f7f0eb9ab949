import type { Queryable } from '../database/database.ts'
import { storable, storableJson } from '../database/storable.ts'
import type { Aim, RequestState } from './request.ts'

/** What can happen to a request, with what is told of it. A `reason` is a sentence in English. */
export interface LogEvents {
  state: { state: RequestState; reason?: string }
  /** Of the uploaded file: its size in bytes and its hash in hexadecimal. */
  received: { bytes: number; sha256: string }
  amended: { target: string; aim: Aim; timezone: string | null }
  stage: { name: string; seconds: number }
  'broke off': { reason: string }
  'files deleted': Record<never, never>
}

export type LogEvent = { [E in keyof LogEvents]: { event: E; detail: LogEvents[E] } }[keyof LogEvents]
export type LogSentences = { readonly [E in keyof LogEvents]: (detail: LogEvents[E]) => string }

/** A line of a request's log as it is stored; one of an older version of the product has only its sentence. */
export interface LogLine {
  at: Date
  level: 'info' | 'warning' | 'error'
  /** In English. */
  message: string
  event: string | null
  detail: object | null
}

/** The columns of `service.log` that make a LogLine. */
export const logColumns = 'at, level, message, event, detail'

/** What happened, in English, without the reason. */
export const englishSentences: LogSentences = {
  state: ({ state }) => stateSentences[state],
  received: ({ bytes, sha256 }) => `The dump was received: ${bytes} bytes, SHA-256 ${sha256}.`,
  amended: ({ target, aim, timezone }) =>
    `The request was changed: target ${target}, aim ${aim}${timezone === null ? '' : `, time zone ${timezone}`}.`,
  stage: ({ name, seconds }) => `${name}: ${seconds.toFixed(1)} s`,
  'broke off': () => 'The work broke off and goes on later:',
  'files deleted': () => 'The dumps were deleted: their time is over.',
}

const stateSentences: Readonly<Record<RequestState, string>> = {
  draft: 'The request was created and waits for the dump.',
  pending: 'The upgrade was asked for and waits for its turn.',
  progress: 'The upgrade has begun.',
  done: 'The upgrade is done: the upgraded database and the notes can be downloaded.',
  failed: 'The upgrade failed:',
  cancelled: 'The request was cancelled.',
}

/** A whole sentence in English about what happened. */
export function sentenceOf({ event, detail }: LogEvent): string {
  const sentence = (englishSentences[event] as (detail: object) => string)(detail)
  return 'reason' in detail ? `${sentence} ${detail.reason}` : sentence
}

/** Writes a line to a request's log. */
export async function writeLog(
  client: Queryable,
  request: number,
  event: LogEvent,
  level: LogLine['level'] = 'info',
): Promise<void> {
  await client.query(
    'INSERT INTO service.log (request, level, message, event, detail) VALUES ($1, $2, $3, $4, $5)',
    [request, level, storable(sentenceOf(event)), event.event, storableJson(event.detail)],
  )
}
