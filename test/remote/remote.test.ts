import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Ran, start } from '../cli/run.ts'
import { temporaryFolder } from '../dumps/temporary.ts'
import { answer, Platform } from '../sdk/platform.ts'

const folder = temporaryFolder()
const content = randomBytes(1_000_000)
const sha256 = createHash('sha256').update(content).digest('hex')
const wish = ['--contract', 'M123456-abcdef', '--email', 'john.doe@example.com', '--to', '8.0']
let platform: Platform

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  UPLIFT_REMOTE_STATE: folder.path('state/requests.jsonl'),
  UPLIFT_REMOTE_URL: platform.url,
  ...more,
})
const remote = (args: string[], more?: NodeJS.ProcessEnv): Promise<Ran> =>
  start(['remote', ...args], env(more)).done
const all = (...more: string[]) => [
  'all',
  folder.path('db.dump'),
  ...wish,
  '-o',
  folder.path('out.dump'),
  ...more,
]
const events = ({ out }: Ran) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

beforeEach(async () => {
  platform = await new Platform().start()
  platform.turns = 0
  await writeFile(folder.path('db.dump'), content)
})
afterEach(async () => {
  await platform.stop()
  for (const name of await readdir(folder.path())) await rm(folder.path(name), { recursive: true })
})

test('one command after the other, without naming the key again', async () => {
  const created = await remote(['create', ...wish, '--filename', 'db.dump'])
  expect(created).toMatchObject({ code: 0, out: expect.stringContaining('Aw7pItGVKFuZ_FOR3U10534==') })
  const state = await stat(folder.path('state/requests.jsonl'))
  expect(state.mode & 0o777).toBe(0o600)

  expect(await remote(['upload', folder.path('db.dump')])).toMatchObject({
    code: 0,
    out: expect.stringContaining(sha256),
  })
  expect(platform.uploads.get(10534)).toBe(sha256)
  expect(await remote(['process'])).toMatchObject({ code: 0 })
  const status = await remote(['status'])
  expect(status.out).toMatch(/^Request 10534 is in state progress: test upgrade of db.dump to 8.0\./)
  expect(status.out).not.toContain('Aw7pItGVKFuZ')
  const document = JSON.parse((await remote(['status', '--json'])).out)
  expect(document).toEqual({ failures: [], request: platform.requests.get(10534) })
  expect(document.request.state).toBe('done')

  const out = folder.path('out.dump')
  expect(await remote(['download', '-o', out])).toMatchObject({ code: 0 })
  expect((await readFile(out)).equals(platform.result)).toBe(true)
  expect(await remote(['download', 'notes', '-o', out])).toMatchObject({
    code: 7,
    err: expect.stringMatching(/^OUTPUT:EXISTS: /),
  })
})

test('a key comes from the environment, for the request that is named', async () => {
  const created = JSON.parse((await remote(['create', ...wish, '--filename', 'x', '--json'])).out)
  const elsewhere = { UPLIFT_REMOTE_STATE: folder.path('other') }
  expect(await remote(['status'], elsewhere)).toMatchObject({
    code: 2,
    err: expect.stringContaining('--request'),
  })
  expect(await remote(['status', '--request', '10534'], elsewhere)).toMatchObject({ code: 2 })
  const given = { ...elsewhere, UPLIFT_KEY: created.request.key }
  expect(await remote(['status', '--request', '10534'], given)).toMatchObject({ code: 0 })
  const wrong = await remote(['status', '--request', '10534'], { UPLIFT_KEY: 'wrong' })
  expect(wrong).toMatchObject({ code: 8, err: expect.stringContaining('  REQUEST:NOT_FOUND: ') })
})

test('every reason of a refusal stands on a line of its own', async () => {
  const args = ['--contract', 'M123456-abcxyz', '--email', 'a@b.c', '--to', '5.0', '--filename', 'x']
  const { code, err, out } = await remote(['create', ...args, '--json'])
  expect(err).toBe(
    [
      'REMOTE:REFUSED: The upgrade platform refused the call:',
      '  TARGET:INVALID: Invalid value "5.0"',
      '  CONTRACT:NOT_FOUND: Can not find contract M123456-abcxyz',
      '',
    ].join('\n'),
  )
  expect(JSON.parse(out)).toMatchObject({
    code: 'REMOTE:REFUSED',
    detail: { failures: [{ reason: 'TARGET:INVALID' }, { reason: 'CONTRACT:NOT_FOUND' }] },
  })
  expect(code).toBe(8)
})

test('all: from the dump to the result and its notes', async () => {
  const ran = await remote([...all('--json'), '--report', folder.path('notes.html')])
  expect(ran).toMatchObject({ code: 0, err: '' })
  const stages = events(ran).flatMap(({ event, when, name }) =>
    event === 'stage' && when === 'end' ? [name] : [],
  )
  expect(stages).toEqual([
    'create the request',
    'upload',
    'upgrade',
    'download upgraded_dump',
    'download notes',
  ])
  expect(events(ran).at(-1)).toMatchObject({
    event: 'result',
    request: 10534,
    state: 'done',
    checked: 'sha256',
  })
  expect(ran.out).not.toContain('Aw7pItGVKFuZ')
  expect(platform.uploads.get(10534)).toBe(sha256)
  expect((await readFile(folder.path('out.dump'))).equals(platform.result)).toBe(true)

  // The work is over: the same call again is a new request.
  expect(await remote(all())).toMatchObject({ code: 7, err: expect.stringMatching(/^OUTPUT:EXISTS: /) })
  expect(await remote(all('--force'))).toMatchObject({ code: 0 })
  expect([...platform.requests.keys()]).toEqual([10534, 10535])
})

test('all: what was interrupted at any step goes on there', async () => {
  const interrupted = async (path: string): Promise<Ran> => {
    const { child, done } = start(['remote', ...all('--json')], env())
    platform.tricks.push({ path, play: () => child.kill('SIGTERM') })
    const ran = await done
    platform.tricks.length = 0
    expect(ran).toMatchObject({
      code: 143,
      err: expect.stringMatching(/^INTERRUPTED: .*same command again/m),
    })
    return ran
  }
  await interrupted('/upload')
  await interrupted('/process')
  expect(platform.calls.filter((call) => call === 'upload')).toHaveLength(2)
  platform.turns = 1000
  const { child, done } = start(['remote', ...all('--json')], env())
  child.stdout!.on('data', (text: string) => {
    if (text.includes('"state":"progress"')) child.kill('SIGTERM')
  })
  expect((await done).code).toBe(143)
  platform.turns = 0
  await interrupted('/archive')
  const ran = await remote(all())
  expect(ran).toMatchObject({ code: 0, err: expect.stringContaining('Going on with request 10534') })
  expect([...platform.requests.keys()]).toEqual([10534])
  expect(platform.calls.filter((call) => call === 'upload')).toHaveLength(2)
  expect((await readFile(folder.path('out.dump'))).equals(platform.result)).toBe(true)
})

test('all: another file or another wish is another request', async () => {
  platform.tricks.push({
    path: '/process',
    play: (_, response) => answer(response, { failures: [{ reason: 'LIMIT:REACHED', message: 'Too many' }] }),
  })
  expect(await remote(all())).toMatchObject({ code: 8 })
  expect(await remote(all('--aim', 'production'))).toMatchObject({ code: 0 })
  await rm(folder.path('out.dump'))
  await writeFile(folder.path('db.dump'), content.subarray(1))
  expect(await remote(all())).toMatchObject({ code: 0 })
  expect(platform.requests.size).toBe(3)
})

test.each([
  ['failed', /^REQUEST:FAILED: The upgrade of request 10534 failed: Mend table x\.$/m],
  ['cancelled', /^REQUEST:CANCELLED: /m],
] as const)(
  'all: a request that ended %s is a failure with its message; the next call is a new one',
  async (end, said) => {
    platform.end = end
    platform.tricks.push({
      path: '/process',
      play: (_, response) => {
        const request = platform.requests.get(10534)!
        request.customer_message = 'Mend table x.'
        request.state = 'progress'
        answer(response, { failures: [] })
      },
    })
    expect(await remote(all())).toMatchObject({ code: 5, err: expect.stringMatching(said) })
    expect(await readdir(folder.path())).not.toContain('out.dump')
    platform.end = 'done'
    expect(await remote(all())).toMatchObject({ code: 0 })
    expect(platform.requests.size).toBe(2)
  },
)

test('what cannot work is told before anything is sent', async () => {
  const call = (file: string) => remote(['all', file, ...wish, '-o', folder.path('out.dump')])
  expect(await call(folder.path('no.dump'))).toMatchObject({
    code: 3,
    err: expect.stringMatching(/^DUMP:MISSING/),
  })
  expect(await call(folder.path())).toMatchObject({
    code: 3,
    err: expect.stringMatching(/^DUMP:UNSUPPORTED/),
  })
  await writeFile(folder.path('empty'), '')
  expect(await call(folder.path('empty'))).toMatchObject({
    code: 3,
    err: expect.stringMatching(/^DUMP:EMPTY/),
  })
  const nowhere = await remote(all('--url', 'ftp://x'))
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringMatching(/^USAGE:INVALID/) })
  expect(platform.calls).toEqual([])
})

test('an address of something else is told so', async () => {
  platform.tricks.push({ path: '/create', play: (_, response) => response.end('<html>') })
  expect(await remote(['create', ...wish, '--filename', 'x'])).toMatchObject({
    code: 8,
    err: expect.stringMatching(/^REMOTE:ANSWER: /),
  })
})
