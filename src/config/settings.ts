import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { dataFolder } from '../cli/data-folder.ts'
import { UpliftError } from '../errors.ts'
import { emailPattern } from '../requests/email.ts'

const flag = z.union([z.boolean(), z.stringbool()], 'has to be true or false')
/** The environment has text, the file numbers too; nothing else is taken for a number. */
const whole = (least = 0, most = Number.MAX_SAFE_INTEGER) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value),
    z.int().min(least).max(most),
  )
const url = z
  .url({ protocol: /^https?$/, error: 'has to be an http or https URL' })
  .transform((text) => text.replace(/\/+$/, ''))

/** An address alone, or with a name: "Uplift <uplift@example.com>". */
const sender = z
  .string()
  .refine(
    (text) => emailPattern.test(/^[^<>\r\n]*<([^<>]+)>$/.exec(text)?.[1] ?? text),
    'has to be an e-mail address',
  )

/**
 * Every setting of the service: the name in the environment, what it takes, and what it is when nothing is said. The file
 * that UPLIFT_CONFIG names holds the same names as a JSON object; the environment stands above it.
 */
const variables = z.strictObject({
  UPLIFT_HOST: z.string().min(1).default('127.0.0.1'),
  UPLIFT_PORT: whole(0, 65_535).default(8090),
  UPLIFT_DATA: z.string().min(1).optional(),
  UPLIFT_PUBLIC_URL: url.optional(),
  UPLIFT_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/, 'has to be 1 to 20 small letters, digits and hyphens')
    .default('eu1'),
  UPLIFT_PG_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'has to be a postgresql:// URL' }).optional(),
  UPLIFT_PG_BIN: z.string().min(1).optional(),
  UPLIFT_TRUST_PROXY: flag.default(false),
  UPLIFT_MAX_UPLOAD: whole().default(2 ** 40),
  UPLIFT_UPLOAD_HOURS: whole(1, 8760).default(48),
  UPLIFT_RETENTION_DAYS: whole(1).default(90),
  UPLIFT_WORKERS: whole().default(1),
  UPLIFT_CONCURRENCY: whole(1).default(2),
  UPLIFT_JOBS: whole(1).optional(),
  UPLIFT_GUESSES: whole(1).default(30),
  UPLIFT_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  UPLIFT_STORAGE: z.enum(['disk', 's3']).default('disk'),
  UPLIFT_S3_BUCKET: z.string().min(3).optional(),
  UPLIFT_S3_ENDPOINT: url.optional(),
  UPLIFT_S3_REGION: z.string().min(1).default('us-east-1'),
  UPLIFT_S3_PREFIX: z.string().default(''),
  UPLIFT_S3_PATH_STYLE: flag.default(true),
  UPLIFT_S3_ACCESS_KEY: z.string().min(1).optional(),
  UPLIFT_S3_SECRET_KEY: z.string().min(1).optional(),
  UPLIFT_TICKETS: z.enum(['built-in', 'webhook', 'odoo']).default('built-in'),
  UPLIFT_WEBHOOK_URL: url.optional(),
  UPLIFT_WEBHOOK_SECRET: z.string().min(16).optional(),
  UPLIFT_ODOO_URL: url.optional(),
  UPLIFT_ODOO_DATABASE: z.string().min(1).optional(),
  UPLIFT_ODOO_USER: z.string().min(1).optional(),
  UPLIFT_ODOO_PASSWORD: z.string().min(1).optional(),
  UPLIFT_ODOO_MODEL: z.enum(['project.task', 'project.issue']).default('project.task'),
  UPLIFT_ODOO_PROJECT: z.string().min(1).optional(),
  UPLIFT_SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'has to be an smtp:// or smtps:// URL' }).optional(),
  UPLIFT_MAIL_FROM: sender.optional(),
  UPLIFT_METRICS_TOKEN: z.string().min(16).optional(),
  UPLIFT_STOP_SECONDS: whole().default(600),
})

type Variables = z.output<typeof variables>

export type SettingName = keyof Variables

export const settingNames = Object.keys(variables.shape) as readonly SettingName[]

/** What those settings are that have a value when nothing is said. */
export const settingDefaults: Readonly<Partial<Record<SettingName, unknown>>> = Object.fromEntries(
  Object.entries(variables.shape).flatMap(([name, kind]) => {
    const { data } = kind.safeParse(undefined)
    return data === undefined ? [] : [[name, data]]
  }),
)

/** The names that hold a secret: never shown, never logged. */
export const secretSettings: readonly SettingName[] = [
  'UPLIFT_PG_URL',
  'UPLIFT_S3_SECRET_KEY',
  'UPLIFT_WEBHOOK_SECRET',
  'UPLIFT_ODOO_PASSWORD',
  'UPLIFT_SMTP_URL',
  'UPLIFT_METRICS_TOKEN',
]

export type StorageSettings =
  | { kind: 'disk'; folder: string }
  | {
      kind: 's3'
      bucket: string
      region: string
      prefix: string
      pathStyle: boolean
      endpoint?: string
      /** Default: what the machine itself has, as the AWS SDK finds it. */
      credentials?: { accessKeyId: string; secretAccessKey: string }
    }

export type TicketSettings =
  | { kind: 'built-in' }
  | { kind: 'webhook'; url: string; secret: string }
  | {
      kind: 'odoo'
      url: string
      database: string
      user: string
      password: string
      model: 'project.task' | 'project.issue'
      /** Name of the project that tickets are made in; default: none. */
      project?: string
    }

export interface Settings {
  host: string
  /** 0 takes any free port. */
  port: number
  /** Absolute. */
  dataFolder: string
  /** Base of all URLs that are handed out, without a slash at its end; null: the address that is listened on. */
  publicUrl: string | null
  /** Stands in the URLs of requests, as "eu1". */
  region: string
  /** The operator's PostgreSQL; null: clusters of our own below the data folder. */
  postgresUrl: string | null
  /** Whether X-Forwarded-For is believed. */
  trustProxy: boolean
  /** Bytes. */
  maxUpload: number
  /** Hours after its last byte for which an upload that broke off can be gone on with. */
  uploadHours: number
  retentionDays: number
  /** Worker processes that the server starts. */
  workers: number
  /** Upgrades that one worker does at the same time. */
  concurrency: number
  /** Connections of one upgrade; undefined: one a core. */
  jobs: number | undefined
  /** Wrong keys that one address may send in ten minutes; of wrong contracts it is ten times as many. */
  guesses: number
  /** What others than this machine have to send as a bearer token to read the metrics; null: they may not. */
  metricsToken: string | null
  /** Seconds that uploads and downloads may still take when the server is stopped. */
  stopSeconds: number
  logLevel: Variables['UPLIFT_LOG_LEVEL']
  storage: StorageSettings
  tickets: TicketSettings
  mail: { url: string; from: string } | null
  /** Names this process among those that share a queue. */
  instance: string
  /** The environment that child processes and programs get. */
  env: NodeJS.ProcessEnv
}

/** What the command line says; it stands above the environment. */
export interface SettingFlags {
  host?: string | undefined
  port?: string | number | undefined
  data?: string | undefined
}

/**
 * Reads and checks all settings at once.
 * @throws UpliftError CONFIG:INVALID with every problem in its detail
 */
export async function loadSettings(
  env: NodeJS.ProcessEnv = process.env,
  flags: SettingFlags = {},
): Promise<Settings> {
  const given = {
    ...(await readConfigFile(env.UPLIFT_CONFIG)),
    ...Object.fromEntries(
      Object.entries(env).filter(([name, value]) => name in variables.shape && value !== ''),
    ),
    ...(flags.host === undefined ? {} : { UPLIFT_HOST: flags.host }),
    ...(flags.port === undefined ? {} : { UPLIFT_PORT: flags.port }),
    ...(flags.data === undefined ? {} : { UPLIFT_DATA: flags.data }),
  }
  const { data, error } = variables.safeParse(given, { error: inWords })
  const malformed = (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${key} is no setting`)
      : [`${issue.path.join('.')}: ${issue.message}`],
  )
  const problems = [...malformed, ...missing(given)]
  if (error || problems.length > 0)
    throw new UpliftError('CONFIG:INVALID', `The settings are not valid: ${problems.join('; ')}.`, {
      detail: { problems },
    })
  return settingsOf(data, await dataFolder(data.UPLIFT_DATA, {}), env)
}

/** What the file holds may be secret: no word of it stands in an error, not even in its cause. */
async function readConfigFile(path: string | undefined): Promise<Record<string, unknown>> {
  if (!path) return {}
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UpliftError(
      'CONFIG:INVALID',
      `The settings file ${path} cannot be read: check UPLIFT_CONFIG.`,
      {
        cause,
      },
    )
  })
  const content = parseJson(text)
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content }
  throw new UpliftError(
    'CONFIG:INVALID',
    `The settings file ${path} has to hold one JSON object of settings, as {"UPLIFT_PORT": 8090}${content === undefined ? '; what it holds is no JSON' : ''}.`,
  )
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a value has to be, for an operator; the value itself is not told, for it may be secret. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'string' ? 'has to be text' : 'has to be a whole number'
    case 'invalid_value':
      return `has to be one of ${issue.values.join(', ')}`
    case 'too_small':
      return issue.origin === 'string'
        ? `has to have ${issue.minimum} characters or more`
        : `has to be ${issue.minimum} or more`
    case 'too_big':
      return `has to be ${issue.maximum} or less`
    default:
      return undefined
  }
}

/** Settings that others make necessary; looked for in what was given, so that all problems are told together. */
function missing(data: Record<string, unknown>): string[] {
  const needs: [boolean, SettingName[]][] = [
    [data.UPLIFT_STORAGE === 's3', ['UPLIFT_S3_BUCKET']],
    [data.UPLIFT_S3_ACCESS_KEY !== undefined, ['UPLIFT_S3_SECRET_KEY']],
    [data.UPLIFT_S3_SECRET_KEY !== undefined, ['UPLIFT_S3_ACCESS_KEY']],
    [data.UPLIFT_TICKETS === 'webhook', ['UPLIFT_WEBHOOK_URL', 'UPLIFT_WEBHOOK_SECRET']],
    [
      data.UPLIFT_TICKETS === 'odoo',
      ['UPLIFT_ODOO_URL', 'UPLIFT_ODOO_DATABASE', 'UPLIFT_ODOO_USER', 'UPLIFT_ODOO_PASSWORD'],
    ],
    [data.UPLIFT_SMTP_URL !== undefined, ['UPLIFT_MAIL_FROM']],
  ]
  return needs.flatMap(([needed, names]) =>
    needed ? names.filter((name) => data[name] === undefined).map((name) => `${name} is missing`) : [],
  )
}

function settingsOf(data: Variables, folder: string, env: NodeJS.ProcessEnv): Settings {
  return {
    host: data.UPLIFT_HOST,
    port: data.UPLIFT_PORT,
    dataFolder: resolve(folder),
    publicUrl: data.UPLIFT_PUBLIC_URL ?? null,
    region: data.UPLIFT_REGION,
    postgresUrl: data.UPLIFT_PG_URL ?? null,
    trustProxy: data.UPLIFT_TRUST_PROXY,
    maxUpload: data.UPLIFT_MAX_UPLOAD,
    uploadHours: data.UPLIFT_UPLOAD_HOURS,
    retentionDays: data.UPLIFT_RETENTION_DAYS,
    workers: data.UPLIFT_WORKERS,
    concurrency: data.UPLIFT_CONCURRENCY,
    jobs: data.UPLIFT_JOBS,
    guesses: data.UPLIFT_GUESSES,
    metricsToken: data.UPLIFT_METRICS_TOKEN ?? null,
    stopSeconds: data.UPLIFT_STOP_SECONDS,
    logLevel: data.UPLIFT_LOG_LEVEL,
    storage: storageOf(data, folder),
    tickets: ticketsOf(data),
    mail: data.UPLIFT_SMTP_URL ? { url: data.UPLIFT_SMTP_URL, from: data.UPLIFT_MAIL_FROM! } : null,
    instance: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    env: data.UPLIFT_PG_BIN ? { ...env, UPLIFT_PG_BIN: data.UPLIFT_PG_BIN } : env,
  }
}

function storageOf(data: Variables, folder: string): StorageSettings {
  if (data.UPLIFT_STORAGE === 'disk') return { kind: 'disk', folder: join(folder, 'storage') }
  return {
    kind: 's3',
    bucket: data.UPLIFT_S3_BUCKET!,
    region: data.UPLIFT_S3_REGION,
    prefix: data.UPLIFT_S3_PREFIX,
    pathStyle: data.UPLIFT_S3_PATH_STYLE,
    ...(data.UPLIFT_S3_ENDPOINT ? { endpoint: data.UPLIFT_S3_ENDPOINT } : {}),
    ...(data.UPLIFT_S3_ACCESS_KEY
      ? {
          credentials: {
            accessKeyId: data.UPLIFT_S3_ACCESS_KEY,
            secretAccessKey: data.UPLIFT_S3_SECRET_KEY!,
          },
        }
      : {}),
  }
}

function ticketsOf(data: Variables): TicketSettings {
  switch (data.UPLIFT_TICKETS) {
    case 'built-in':
      return { kind: 'built-in' }
    case 'webhook':
      return { kind: 'webhook', url: data.UPLIFT_WEBHOOK_URL!, secret: data.UPLIFT_WEBHOOK_SECRET! }
    case 'odoo':
      return {
        kind: 'odoo',
        url: data.UPLIFT_ODOO_URL!,
        database: data.UPLIFT_ODOO_DATABASE!,
        user: data.UPLIFT_ODOO_USER!,
        password: data.UPLIFT_ODOO_PASSWORD!,
        model: data.UPLIFT_ODOO_MODEL,
        ...(data.UPLIFT_ODOO_PROJECT ? { project: data.UPLIFT_ODOO_PROJECT } : {}),
      }
  }
}
