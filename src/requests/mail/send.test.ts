import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeRequest, passStates, sentStates } from '../../../test/setup/messages.ts'
import { serviceDatabase } from '../../../test/setup/service.ts'
import { type MailServer, readMail, startMailServer } from '../../../test/setup/smtp.ts'
import { KeySeal } from '../seal.ts'
import { type Deliveries, deliverMessages } from '../tickets/deliver.ts'

const seal = new KeySeal(randomBytes(32))
let service: Awaited<ReturnType<typeof serviceDatabase>>
let server: MailServer | undefined
beforeEach(async () => {
  service = await serviceDatabase()
})
afterEach(async () => {
  await server?.close()
  server = undefined
  await service.remove()
})

const by = (url: string, more: Partial<Deliveries> = {}): Deliveries => ({
  settings: {
    tickets: { kind: 'built-in' },
    mail: { url, from: 'Uplift <uplift@host.example>' },
    region: 'eu1',
  },
  seal,
  baseUrl: 'https://host.example',
  log: pino({ level: 'silent' }),
  signal: new AbortController().signal,
  ...more,
})

async function mailsOf(deliveries: Partial<Deliveries> = {}) {
  server ??= await startMailServer()
  await deliverMessages(service.database, by(server.url, deliveries))
  return server.arrived.map(({ raw }) => readMail(raw))
}

test('start and success are told, with links that the sealed key opens', async () => {
  const { id, key } = await makeRequest(service.database, { seal })
  await passStates(service.database, id, ['pending', 'progress', 'done'])
  await service.database.pool.query(
    `UPDATE service.request SET finished_at = processed_at + interval '2 hours 5 minutes'`,
  )
  const mails = await mailsOf()
  expect(server!.arrived.map(({ sender, recipients }) => [sender, ...recipients])).toEqual([
    ['uplift@host.example', 'john.doe@example.com'],
    ['uplift@host.example', 'john.doe@example.com'],
  ])
  const [start, done] = mails
  expect(start?.headers.get('subject')).toEqual(['Upgrade of db_name.dump to 8.0: accepted'])
  expect(start?.headers.get('auto-submitted')).toEqual(['auto-generated'])
  expect(start?.headers.get('from')).toEqual(['Uplift <uplift@host.example>'])
  expect(start?.text).toContain(`Status: https://host.example/database/eu1/${id}/${key}/status`)
  expect(start?.text).not.toContain('/upgraded/')
  expect(done?.headers.get('subject')).toEqual(['Upgrade of db_name.dump to 8.0: done'])
  expect(done?.text).toContain('It took 2 hours, 5 minutes.')
  expect(done?.text).toContain(`/database/eu1/${id}/${key}/upgraded/notes`)
  expect(done?.html).toContain(
    `<a href="https://host.example/database/eu1/${id}/${key}/upgraded/archive">Upgraded database</a>`,
  )
})

test('a failure is told with its reason, in the language of the request', async () => {
  const { id } = await makeRequest(service.database, { seal })
  await service.database.pool.query(`UPDATE service.request SET language = 'fr'`)
  await passStates(service.database, id, ['pending', 'progress', 'failed'], {
    failure: { code: 'LOAD:DATA', message: 'The table <res_partner> was not taken.' },
  })
  const failed = (await mailsOf())[1]
  expect(failed?.headers.get('subject')).toEqual(['Migration de db_name.dump vers 8.0 : échouée'])
  expect(failed?.text).toContain('Message: The table <res_partner> was not taken.')
  expect(failed?.html).toContain('The table &lt;res_partner&gt; was not taken.')
  expect(failed?.html).toContain('<html lang="fr">')
})

test.each([
  ['the key was not sealed', false, {}],
  ['the base is not known', true, { baseUrl: null }],
  ['the seal is of another installation', true, { seal: new KeySeal(randomBytes(32)) }],
])('without links where %s', async (_, sealed, deliveries) => {
  const { id, key } = await makeRequest(service.database, sealed ? { seal } : {})
  await passStates(service.database, id, ['pending'])
  const [mail] = await mailsOf(deliveries)
  expect(mail?.text).toContain('at the addresses that you were given')
  expect(mail?.text).not.toContain('http')
  expect(server!.arrived[0]!.raw.toString()).not.toContain(key.slice(0, 20))
})

test('nothing in an address or a file name makes a header or another recipient', async () => {
  const { id } = await makeRequest(service.database, {
    email: 'a@example.com>\r\nBcc: <victim@example.com',
    filename: 'x.dump\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>\u2028',
  })
  await passStates(service.database, id, ['cancelled'])
  const other = await makeRequest(service.database, {
    email: 'b@example.com, victim@example.com',
    filename: 'y.dump',
  })
  await passStates(service.database, other.id, ['cancelled'])
  const third = await makeRequest(service.database, {
    email: 'c@example.com',
    filename: 'x.dump\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>\u2028',
  })
  await passStates(service.database, third.id, ['cancelled'])
  const mails = await mailsOf()
  expect(server!.arrived.flatMap(({ recipients }) => recipients)).not.toContain('victim@example.com')
  const mail = mails.at(-1)
  expect(mail?.headers.get('to')).toEqual(['c@example.com'])
  expect(mail?.headers.get('subject')).toEqual([
    'Upgrade of x.dump Bcc: victim@example.com <script>alert(1)</script> to 8.0: cancelled',
  ])
  for (const { headers, html } of mails) {
    expect(headers.has('bcc')).toBe(false)
    expect(html).not.toContain('<script>')
  }
})

test('the same message has the same Message-ID whenever it is sent', async () => {
  const { id } = await makeRequest(service.database)
  await passStates(service.database, id, ['cancelled'])
  await mailsOf()
  await service.database.pool.query('UPDATE service.ticket_message SET mailed_at = NULL')
  const mails = await mailsOf({ now: () => new Date(Date.now() + 240_000) })
  const ids = mails.map(({ headers }) => headers.get('message-id')?.[0])
  expect(ids).toHaveLength(2)
  expect(ids[0]).toMatch(/^<uplift-\d+-\d+@host\.example>$/)
  expect(ids[1]).toBe(ids[0])
})

test('a recipient that the server refuses for good is given up at once', async () => {
  server = await startMailServer({
    onRcptTo: (_address, _session, done) =>
      done(Object.assign(new Error('No such user here'), { responseCode: 550 })),
  })
  const { id } = await makeRequest(service.database)
  await passStates(service.database, id, ['cancelled'])
  await mailsOf()
  expect(await sentStates(service.database, id)).toMatchObject([
    {},
    {
      mailed: false,
      mailGivenUp: true,
      mailTries: 1,
      mailError: expect.stringMatching(/^given up: .*No such user here/),
    },
  ])
})

test.each([
  ['a refusal for the moment', 451],
  ['a server that wants a login', 530],
])('%s is tried again', async (_, responseCode) => {
  let refuse = true
  server = await startMailServer({
    onRcptTo: (_address, _session, done) =>
      refuse ? done(Object.assign(new Error('Not now'), { responseCode })) : done(),
  })
  const { id } = await makeRequest(service.database)
  await passStates(service.database, id, ['cancelled'])
  await mailsOf()
  expect(await sentStates(service.database, id)).toMatchObject([
    {},
    { mailed: false, mailGivenUp: false, mailTries: 1, mailError: expect.stringContaining('Not now') },
  ])
  refuse = false
  expect(await mailsOf({ now: () => new Date(Date.now() + 120_000) })).toHaveLength(1)
  expect(await sentStates(service.database, id)).toMatchObject([{}, { mailed: true, mailError: null }])
})

test('a server that hangs holds nothing up for longer than a while', async () => {
  const sockets: Socket[] = []
  const silent = createServer((socket) => sockets.push(socket.on('error', () => {})))
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
  try {
    const { id } = await makeRequest(service.database)
    await passStates(service.database, id, ['cancelled'])
    const started = Date.now()
    await deliverMessages(service.database, by(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`))
    expect(Date.now() - started).toBeLessThan(40_000)
    expect(await sentStates(service.database, id)).toMatchObject([
      { delivered: true },
      { delivered: true, mailed: false, mailTries: 1 },
    ])
  } finally {
    for (const socket of sockets) socket.destroy()
    silent.close()
  }
})

test('the password of the mail server stands in no error', async () => {
  server = await startMailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(new Error('Invalid login')),
  })
  const { id } = await makeRequest(service.database)
  await passStates(service.database, id, ['cancelled'])
  const url = server.url.replace('smtp://', 'smtp://user:hunter2secret@')
  await deliverMessages(service.database, by(url))
  const [, state] = await sentStates(service.database, id)
  expect(state).toMatchObject({ mailed: false, mailGivenUp: false, mailTries: 1 })
  expect(state?.mailError).not.toContain('hunter2secret')
})
