import { z } from 'zod'
import { emailPattern } from '../../requests/email.ts'
import { requestStates } from '../../requests/request.ts'

/** Seen by people: no line breaks, no characters that move a cursor or turn the reading direction. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u

const zones = new Set(Intl.supportedValuesOf('timeZone'))

/** A name of the IANA database, old ones too. */
export function isTimezone(name: string): boolean {
  if (zones.has(name)) return true
  // Offsets such as "+02:00" are taken by Intl, but are no names of zones.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/**
 * The parameters of `create`, in the order in which their failures are told: the contract comes last, as in the sample
 * of the document.
 */
export function createSchema(targets: readonly string[]) {
  return z.object({
    target: z.enum(targets as [string, ...string[]]).describe('The version of Odoo to upgrade to.'),
    aim: z.enum(['test', 'production']).describe('What the upgraded database is for.'),
    email: z.email({ pattern: emailPattern }).max(254).regex(PLAIN).describe('Your e-mail address.'),
    filename: z
      .string()
      .max(255)
      .regex(PLAIN)
      .describe('A name for the file of the database; it only informs.'),
    timezone: z
      .string()
      .max(64)
      .refine(isTimezone)
      .optional()
      .describe('The server\'s time zone, as "Europe/Brussels". Only for sources older than 6.1.'),
    contract: z.string().describe('The code of your contract.'),
  })
}

export type CreateSchema = ReturnType<typeof createSchema>

/** What names a request in all other calls. */
export const accessSchema = z.object({
  request: z.string().describe('The id of the request, as `create` told it.'),
  key: z.string().describe('The private key of the request, as `create` told it.'),
})

export const failureSchema = z.object({
  reason: z.string().describe('SUBJECT:PROBLEM, one of the table of failures.'),
  message: z.string().describe('A sentence for people.'),
  code: z.string().optional().describe('A faulty code.'),
  value: z.string().optional().describe('A faulty value.'),
  expected: z.array(z.string()).optional().describe('The values that are valid.'),
})

export const failuresSchema = z.object({
  failures: z.array(failureSchema).describe('Empty when all went well.'),
})

const url = (what: string) => z.url().describe(what)

export const requestSchema = z.object({
  id: z.int(),
  key: z.string().describe('Your private key.'),
  email: z.string(),
  target: z.string(),
  aim: z.enum(['test', 'production']),
  filename: z.string(),
  timezone: z.string().nullable(),
  state: z.enum(requestStates),
  issue_stage: z.enum(['new', 'in_progress', 'done', 'blocked']).describe('The stage of the ticket.'),
  issue: z.int().describe('The number of the ticket.'),
  status_url: url('A page about the request.'),
  notes_url: url('The notes about the upgrade.'),
  original_sql_url: url('The uploaded database as an SQL stream.'),
  original_dump_url: url('The uploaded database as an archive.'),
  upgraded_sql_url: url('The upgraded database as an SQL stream.'),
  upgraded_dump_url: url('The upgraded database as an archive.'),
  modules_url: url('The custom modules.'),
  filesize: z.string().nullable().describe('Size of the upload, as "912.99 Kb".'),
  database_uuid: z.string().nullable().describe('The unique id of the database.'),
  created_at: z.string().describe('UTC, as "2015-09-09 07:13:49".'),
  estimated_time: z.string().nullable().describe('Hours and minutes, as "00:40".'),
  processed_at: z.string().nullable().describe('When the upgrade was started.'),
  elapsed: z.string().nullable().describe('Hours and minutes.'),
  filestore: z.boolean().describe('Whether attachments were moved to the filestore.'),
  customer_message: z.string().nullable(),
  database_version: z.string().nullable().describe('The version of Odoo of the upload.'),
  postgresql: z.string().nullable().describe('The version of PostgreSQL of the upload, as "9.4".'),
  compressions: z.array(z.string()).nullable().describe('The layers of the upload from the outside in.'),
})

export const answerSchema = failuresSchema.extend({
  request: requestSchema.optional().describe('Only when there are no failures.'),
})
