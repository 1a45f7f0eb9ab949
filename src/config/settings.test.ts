import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asUpliftError, type UpliftError } from '../errors.ts'
import { loadSettings, type SettingFlags, secretSettings, settingDefaults, settingNames } from './settings.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-settings-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function file(content: unknown): Promise<string> {
  const path = join(folder, 'settings.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function refused(env: NodeJS.ProcessEnv, flags: SettingFlags = {}): Promise<UpliftError> {
  const thrown = await loadSettings(env, flags).then(
    () => null,
    (error: unknown) => asUpliftError(error),
  )
  expect(thrown).toMatchObject({ code: 'CONFIG:INVALID' })
  return thrown!
}

const problems = async (env: NodeJS.ProcessEnv) => (await refused(env)).detail.problems as string[]

describe('what counts', () => {
  test('without anything it is served to this machine alone', async () => {
    expect(await loadSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 8090,
      region: 'eu1',
      publicUrl: null,
      postgresUrl: null,
      trustProxy: false,
      retentionDays: 90,
      workers: 1,
      concurrency: 2,
      jobs: undefined,
      tickets: { kind: 'built-in' },
      mail: null,
      metricsToken: null,
    })
  })

  test('the file below the environment below the command line', async () => {
    const path = await file({
      UPLIFT_HOST: '10.0.0.1',
      UPLIFT_PORT: 1001,
      UPLIFT_REGION: 'file',
      UPLIFT_DATA: join(folder, 'file'),
    })
    const env = { UPLIFT_CONFIG: path, UPLIFT_HOST: '10.0.0.2', UPLIFT_PORT: '1002' }
    expect(await loadSettings(env, { host: '10.0.0.3' })).toMatchObject({
      host: '10.0.0.3',
      port: 1002,
      region: 'file',
      dataFolder: join(folder, 'file'),
      storage: { kind: 'disk', folder: join(folder, 'file', 'storage') },
    })
    const above = await loadSettings(
      { ...env, UPLIFT_DATA: join(folder, 'env') },
      { data: join(folder, 'flag'), port: 0 },
    )
    expect(above).toMatchObject({ port: 0, dataFolder: join(folder, 'flag') })
    expect((await loadSettings({ ...env, UPLIFT_DATA: join(folder, 'env') })).dataFolder).toBe(
      join(folder, 'env'),
    )
  })

  test('an empty variable says nothing, and other variables are not ours', async () => {
    const path = await file({ UPLIFT_HOST: '10.0.0.1' })
    const env = { UPLIFT_CONFIG: path, UPLIFT_HOST: '', UPLIFT_KEY: 'x', UPLIFT_REMOTE_URL: 'x', HOME: '/' }
    expect((await loadSettings(env)).host).toBe('10.0.0.1')
  })

  test('the file takes numbers and flags as JSON and as text; addresses lose the slash at their end', async () => {
    for (const [port, proxy] of [
      [1234, true],
      ['1234', 'yes'],
    ]) {
      const path = await file({
        UPLIFT_PORT: port,
        UPLIFT_TRUST_PROXY: proxy,
        UPLIFT_PUBLIC_URL: 'https://up.example/base//',
      })
      expect(await loadSettings({ UPLIFT_CONFIG: path })).toMatchObject({
        port: 1234,
        trustProxy: true,
        publicUrl: 'https://up.example/base',
      })
    }
  })
})

describe('what is refused', () => {
  test.each([
    ' ',
    '1e3',
    '0x10',
    '-0',
    '٣',
    '99999999999999999',
    true,
    null,
    [5],
    {},
    1.5,
    Number.MAX_SAFE_INTEGER + 1,
  ])('%j as a number', async (value) => {
    const path = await file({ UPLIFT_CONCURRENCY: value })
    const told = await problems({ UPLIFT_CONFIG: path })
    expect(told.length).toBeGreaterThan(0)
    for (const problem of told) expect(problem).toMatch(/^UPLIFT_CONCURRENCY: /)
  })

  test('every problem is told at once, with its name', async () => {
    const told = await problems({
      UPLIFT_PORT: '70000',
      UPLIFT_REGION: 'EU 1',
      UPLIFT_PUBLIC_URL: 'ftp://x',
      UPLIFT_RETENTION_DAYS: '0',
      UPLIFT_WORKERS: '-1',
      UPLIFT_CONCURRENCY: '1.5',
      UPLIFT_TRUST_PROXY: 'perhaps',
      UPLIFT_LOG_LEVEL: 'loud',
      UPLIFT_STORAGE: 'tape',
      UPLIFT_METRICS_TOKEN: 'short',
      UPLIFT_S3_ACCESS_KEY: 'x',
    })
    expect(told.sort()).toEqual([
      'UPLIFT_CONCURRENCY: has to be a whole number',
      'UPLIFT_LOG_LEVEL: has to be one of fatal, error, warn, info, debug, trace',
      'UPLIFT_METRICS_TOKEN: has to have 16 characters or more',
      'UPLIFT_PORT: has to be 65535 or less',
      'UPLIFT_PUBLIC_URL: has to be an http or https URL',
      'UPLIFT_REGION: has to be 1 to 20 small letters, digits and hyphens',
      'UPLIFT_RETENTION_DAYS: has to be 1 or more',
      'UPLIFT_S3_SECRET_KEY is missing',
      'UPLIFT_STORAGE: has to be one of disk, s3',
      'UPLIFT_TRUST_PROXY: has to be true or false',
      'UPLIFT_WORKERS: has to be a whole number',
    ])
  })

  test('names in the file that are no setting, together with what is wrong elsewhere', async () => {
    const path = await file({ UPLIFT_HOTS: 'x', port: 1, UPLIFT_PORT: 'x' })
    const told = await problems({ UPLIFT_CONFIG: path })
    expect(told).toContain('UPLIFT_HOTS is no setting')
    expect(told).toContain('port is no setting')
    expect(told).toContainEqual(expect.stringMatching(/^UPLIFT_PORT: /))
  })

  test.each([
    [{ UPLIFT_STORAGE: 's3' }, ['UPLIFT_S3_BUCKET']],
    [{ UPLIFT_STORAGE: 's3', UPLIFT_S3_BUCKET: 'abc', UPLIFT_S3_ACCESS_KEY: 'x' }, ['UPLIFT_S3_SECRET_KEY']],
    [{ UPLIFT_S3_SECRET_KEY: 'x' }, ['UPLIFT_S3_ACCESS_KEY']],
    [{ UPLIFT_TICKETS: 'webhook' }, ['UPLIFT_WEBHOOK_URL', 'UPLIFT_WEBHOOK_SECRET']],
    [
      { UPLIFT_TICKETS: 'odoo', UPLIFT_ODOO_URL: 'https://x.example' },
      ['UPLIFT_ODOO_DATABASE', 'UPLIFT_ODOO_USER', 'UPLIFT_ODOO_PASSWORD'],
    ],
    [{ UPLIFT_SMTP_URL: 'smtp://x.example' }, ['UPLIFT_MAIL_FROM']],
  ])('%j needs %j', async (env, names) => {
    expect(await problems(env)).toEqual(names.map((name) => `${name} is missing`))
  })

  test.each(['not an address', 'Uplift <>', 'Uplift <uplift>', 'a@b.example <x'])(
    'the sender of mails: %s',
    async (from) => {
      expect(await problems({ UPLIFT_SMTP_URL: 'smtp://x.example', UPLIFT_MAIL_FROM: from })).toEqual([
        'UPLIFT_MAIL_FROM: has to be an e-mail address',
      ])
    },
  )

  test.each([
    ['no JSON', '{"UPLIFT_ODOO_PASSWORD": hunter2-hunter2}'],
    ['cut off', '{"UPLIFT_ODOO_PASSWORD": "hunter2-hunter2"'],
    ['a list', '["hunter2-hunter2"]'],
    ['a text', '"hunter2-hunter2"'],
    ['empty', ''],
  ])('a file that is %s, without a word of what it holds', async (_, content) => {
    const path = await file(content)
    const error = await refused({ UPLIFT_CONFIG: path })
    expect(error.message).toContain(path)
    expect(everything(error)).not.toContain('hunter2')
  })

  test('a file that is not there', async () => {
    const error = await refused({ UPLIFT_CONFIG: join(folder, 'none.json') })
    expect(error.message).toContain('none.json')
    expect(everything(error)).toContain('ENOENT')
  })

  test('no value of a secret stands in any message', async () => {
    const secret = 'hunter2-hunter2'
    expect(secretSettings.length).toBeGreaterThan(5)
    for (const name of settingNames.filter((each) => each !== 'UPLIFT_DATA')) {
      // Wrong in kind, in form, and behind a name that is none.
      for (const value of [{ [secret]: secret }, [secret], `\0 ${secret}`, `nothing://:${secret}`]) {
        const path = await file({ [name]: value, UPLIFT_PORT: secret, [`${name}_`]: secret })
        const error = await refused({ UPLIFT_CONFIG: path })
        expect(everything(error)).not.toContain(secret)
      }
    }
  })
})

test('docs/operating.md has every setting with its default, and no other', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/operating.md'), 'utf8')
  const section = text.split('\n## Settings of the service\n')[1]!.split('\n## ')[0]!
  const rows = [...section.matchAll(/^\| `(UPLIFT_[A-Z0-9_]+)` \| (.+?) \| (.+?) \| (.+) \|$/gm)]
  const documented = rows.map(([, name]) => name)
  expect(documented.filter((name) => name !== 'UPLIFT_CONFIG').sort()).toEqual([...settingNames].sort())
  expect(documented).toContain('UPLIFT_CONFIG')
  for (const [, name, , byDefault] of rows) {
    const value = settingDefaults[name as keyof typeof settingDefaults]
    if (value !== undefined) expect([name, byDefault]).toEqual([name, value === '' ? 'none' : `\`${value}\``])
    else expect([name, byDefault]).toEqual([name, expect.stringMatching(/^[^`]/)])
  }
  for (const name of secretSettings)
    expect(section).toMatch(new RegExp(`^\\| \`${name}\` \\|.*Secret\\.`, 'm'))
})

/** All that could be shown or logged of an error. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const detail = 'detail' in error ? JSON.stringify(error.detail) : ''
  return [error.message, error.stack, detail, everything(error.cause)].join('\n')
}
