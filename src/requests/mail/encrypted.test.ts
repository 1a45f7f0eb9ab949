import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import pino from 'pino'
import type { SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeRequest, passStates, sentStates } from '../../../test/setup/messages.ts'
import { serviceDatabase } from '../../../test/setup/service.ts'
import { type MailServer, startMailServer } from '../../../test/setup/smtp.ts'
import { deliverMessages } from '../tickets/deliver.ts'

const trusted = getCACertificates('default')
let certificate: { key: string; cert: string }
let service: Awaited<ReturnType<typeof serviceDatabase>>
let server: MailServer
/** What the server saw of its client: whether the mail came encrypted, and who logged in. */
let seen: { encrypted: boolean[]; logins: string[] }
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-certificate-'))
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const form = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const whose = ['-subj', '/CN=mail', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', ['req', '-x509', ...form, ...whose, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  })
  certificate = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  service = await serviceDatabase()
  seen = { encrypted: [], logins: [] }
})
afterEach(async () => {
  setDefaultCACertificates(trusted)
  await server.close()
  await service.remove()
})
afterAll(() => setDefaultCACertificates(trusted))

async function start(options: SMTPServerOptions): Promise<void> {
  server = await startMailServer({
    ...certificate,
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username = '' }, _session, done) => {
      seen.logins.push(username)
      done(null, { user: username })
    },
    onMailFrom: (_address, { secure }, done) => {
      seen.encrypted.push(secure)
      done()
    },
    ...options,
  })
}

/** Has one mail sent; gives how far it came. */
async function send(scheme: 'smtp' | 'smtps', query = '') {
  const { id } = await makeRequest(service.database)
  await passStates(service.database, id, ['cancelled'])
  const url = `${server.url.replace('smtp://', `${scheme}://robot:hunter2@`)}${query}`
  await deliverMessages(service.database, {
    settings: { tickets: { kind: 'built-in' }, mail: { url, from: 'uplift@host.example' }, region: 'eu1' },
    baseUrl: null,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
  })
  return (await sentStates(service.database, id)).at(-1)
}

test.each<['smtp' | 'smtps', string, SMTPServerOptions]>([
  ['smtps', 'from the start', { secure: true }],
  ['smtp', 'as soon as the server offers it', { disabledCommands: [] }],
])('%s is encrypted %s', async (scheme, _, options) => {
  setDefaultCACertificates([...trusted, certificate.cert])
  await start(options)
  expect(await send(scheme)).toMatchObject({ mailed: true })
  expect(seen).toEqual({ encrypted: [true], logins: ['robot'] })
})

test.each<['smtp' | 'smtps', SMTPServerOptions]>([
  ['smtps', { secure: true }],
  ['smtp', { disabledCommands: [] }],
])(
  '%s: a server whose certificate nobody vouches for gets no password and no mail',
  async (scheme, options) => {
    await start(options)
    expect(await send(scheme)).toMatchObject({
      mailed: false,
      mailGivenUp: false,
      mailTries: 1,
      mailError: expect.stringContaining('certificate'),
    })
    expect(seen).toEqual({ encrypted: [], logins: [] })
  },
)

test('where encryption is asked for, a server that has none gets no password and no mail', async () => {
  await start({ disabledCommands: ['STARTTLS'] })
  expect(await send('smtp', '?requireTLS=true')).toMatchObject({ mailed: false, mailTries: 1 })
  expect(seen).toEqual({ encrypted: [], logins: [] })
})
