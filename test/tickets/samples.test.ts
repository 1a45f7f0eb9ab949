import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverMessages } from '../../src/requests/tickets/deliver.ts'
import { signBody } from '../../src/requests/tickets/webhook.ts'
import { makeRequest } from '../setup/messages.ts'
import { type Received, startReceiver } from '../setup/receiver.ts'
import { serviceDatabase } from '../setup/service.ts'

const run = promisify(execFile)
const secret = 'a secret of the operator: é'
let folder: string
let delivered: Received
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uplift-samples-'))
  const service = await serviceDatabase()
  const receiver = await startReceiver((_, response) => response.end())
  try {
    await makeRequest(service.database, { backend: 'webhook' })
    await deliverMessages(service.database, {
      settings: { tickets: { kind: 'webhook', url: receiver.url, secret }, mail: null, region: 'eu1' },
      baseUrl: null,
      log: pino({ level: 'silent' }),
      signal: new AbortController().signal,
    })
    delivered = receiver.received[0]!
  } finally {
    await receiver.close()
    await service.remove()
  }
})
afterAll(() => rm(folder, { recursive: true }))

/** The only sample of a language in the document. */
async function sample(language: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../../docs/tickets.md'), 'utf8')
  const found = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(([, name]) => name === language)
  expect(found).toHaveLength(1)
  return found[0]![2]!
}

const languages: [string, string, string, string][] = [
  [
    'python',
    'sample.py',
    'python3',
    'import sys\nprint(str(is_genuine(sys.argv[1], sys.argv[2], sys.argv[3].encode())).lower())\n',
  ],
  [
    'js',
    'sample.mjs',
    process.execPath,
    'console.log(isGenuine(process.argv[2], process.argv[3], Buffer.from(process.argv[4])))\n',
  ],
]

test.each(languages)('the sample in %s knows a genuine delivery', async (language, file, program, ending) => {
  const path = join(folder, file)
  await writeFile(path, `${await sample(language)}\n${ending}`)
  const isGenuine = async (key: string, header: string, body: string) =>
    (await run(program, [path, key, header, body])).stdout.trim()
  const { body } = delivered
  const header = String(delivered.headers['uplift-signature'])
  const hourAgo = Math.floor(Date.now() / 1000) - 3600
  expect(await isGenuine(secret, header, body)).toBe('true')
  expect(await isGenuine('another secret altogether', header, body)).toBe('false')
  expect(await isGenuine(secret, header, body.replace('draft', 'done'))).toBe('false')
  expect(await isGenuine(secret, signBody(body, secret, hourAgo), body)).toBe('false')
  expect(
    await isGenuine(
      secret,
      header.replace(/t=(\d+)/, (_, t) => `t=${Number(t) + 1}`),
      body,
    ),
  ).toBe('false')
  expect(await isGenuine(secret, header.replace(/v1=.*/, 'v1='), body)).toBe('false')
  expect(await isGenuine(secret, 'nonsense', body)).toBe('false')
})

test('the document names every key of the body', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/tickets.md'), 'utf8')
  const table = text.slice(text.indexOf('A `POST` with'), text.indexOf('The key of a request is never sent'))
  const named = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names]) =>
    names!.split(', ').map((name) => name.replaceAll('`', '')),
  )
  expect(named.sort()).toEqual(Object.keys(JSON.parse(delivered.body) as object).sort())
})
