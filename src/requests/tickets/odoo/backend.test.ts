import type { ServerResponse } from 'node:http'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeRequest, passStates, sentStates } from '../../../../test/setup/messages.ts'
import { type OdooServer, odooAccount, startOdoo } from '../../../../test/setup/odoo.ts'
import { type Receiver, startReceiver } from '../../../../test/setup/receiver.ts'
import { serviceDatabase } from '../../../../test/setup/service.ts'
import type { TicketSettings } from '../../../config/settings.ts'
import { loadRequest } from '../../find.ts'
import { deliverMessages } from '../deliver.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
let odoo: OdooServer | undefined
let receiver: Receiver | undefined
beforeEach(async () => {
  service = await serviceDatabase()
})
afterEach(async () => {
  await odoo?.close()
  await receiver?.close()
  odoo = undefined
  receiver = undefined
  await service.remove()
})

type OdooSettings = Extract<TicketSettings, { kind: 'odoo' }>
const deliver = (url: string, more: Partial<OdooSettings> = {}, minutes = 0) =>
  deliverMessages(service.database, {
    settings: {
      tickets: { kind: 'odoo', url, ...odooAccount, model: 'project.task', project: 'Upgrades', ...more },
      mail: null,
      region: 'eu1',
    },
    baseUrl: null,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    now: () => new Date(Date.now() + minutes * 60_000),
  })

test.each([6, 7, 8, 13, 17])('a task of version %d follows its request', async (version) => {
  odoo = await startOdoo(version)
  const { id } = await makeRequest(service.database, { backend: 'odoo', filename: '<b>.dump' })
  await deliver(odoo.url)
  const first = await odoo.state()
  expect(first.rows['project.task']).toMatchObject({
    4001: { name: `Upgrade ${id}: unknown version to 8.0 for M123456-abcdef`, project_id: 4, stage_id: 11 },
  })
  expect(first.rows['project.task']![4001]!.description).toContain(
    version >= 9 ? '&lt;b&gt;.dump' : '<b>.dump',
  )
  await service.database.pool.query(`UPDATE service.request SET database_version = '7.0'`)
  await passStates(service.database, id, ['pending', 'progress', 'failed'], {
    failure: { code: 'LOAD:DATA', message: 'The table <x> & more.' },
  })
  await deliver(odoo.url)
  const { rows, posts } = await odoo.state()
  expect(Object.values(rows['project.task']!)).toMatchObject([
    // The project has no stage for what failed: it stays where it was.
    { name: `Upgrade ${id}: 7.0 to 8.0 for M123456-abcdef`, stage_id: 12 },
  ])
  if (version >= 7) {
    expect(posts.map(([ticket]) => ticket)).toEqual([4001, 4001, 4001, 4001])
    expect(posts[3]![1]).toBe(
      version >= 17
        ? 'The upgrade failed: The table <x> & more.'
        : '<p>The upgrade failed: The table &lt;x&gt; &amp; more.</p>',
    )
  } else
    expect(rows['project.task']![4001]!.description).toContain('The upgrade failed: The table <x> & more.')
  expect((await loadRequest(service.database.pool, id))?.issue).toBe(4001)
})

test('issues of 7.0 without a project', async () => {
  odoo = await startOdoo(7)
  const { id } = await makeRequest(service.database, { backend: 'odoo' })
  // exactOptionalPropertyTypes: a project that is not named is not there.
  const settings = { ...odooAccount, url: odoo.url, kind: 'odoo', model: 'project.issue' } as const
  await deliverMessages(service.database, {
    settings: { tickets: settings, mail: null, region: 'eu1' },
    baseUrl: null,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
  })
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: true }])
  const { rows } = await odoo.state()
  expect(Object.keys(rows['project.issue']!)).toEqual(['4001'])
  expect(rows['project.issue']![4001]).not.toHaveProperty('project_id')
})

test('a ticket that a former try made is found by its name, that of another contract is not taken', async () => {
  odoo = await startOdoo(17)
  const { id } = await makeRequest(service.database, { backend: 'odoo' })
  await deliver(odoo.url)
  await service.database.pool.query('UPDATE service.ticket SET external = NULL')
  await service.database.pool.query('UPDATE service.ticket_message SET delivered_at = NULL, retry_at = at')
  await deliver(odoo.url)
  expect(Object.keys((await odoo.state()).rows['project.task']!)).toEqual(['4001'])
  expect((await loadRequest(service.database.pool, id))?.issue).toBe(4001)
  await service.database.pool.query(`INSERT INTO service.contract (code) VALUES ('M9')`)
  await service.database.pool.query(`UPDATE service.request SET contract = 'M9'`)
  await service.database.pool.query('UPDATE service.ticket SET external = NULL')
  await service.database.pool.query('UPDATE service.ticket_message SET delivered_at = NULL, retry_at = at')
  await deliver(odoo.url)
  expect(Object.keys((await odoo.state()).rows['project.task']!)).toEqual(['4001', '4002'])
})

test.each([7, 17])(
  'in version %d a ticket that cannot be moved is not told the same at every try',
  async (version) => {
    odoo = await startOdoo(version, '--no-write')
    const { id } = await makeRequest(service.database, { backend: 'odoo' })
    for (const minutes of [0, 2, 5]) await deliver(odoo.url, {}, minutes)
    expect(await sentStates(service.database, id)).toMatchObject([{ delivered: false, tries: 3 }])
    const { rows, posts } = await odoo.state()
    expect(Object.keys(rows['project.task']!)).toEqual(['4001'])
    expect(posts).toEqual([])
  },
)

test.each([7, 17])('what version %d says of a database that is not there is told', async (version) => {
  odoo = await startOdoo(version)
  const { id } = await makeRequest(service.database, { backend: 'odoo' })
  await deliver(odoo.url, { database: 'elsewhere' })
  expect(await sentStates(service.database, id)).toMatchObject([
    { tries: 1, error: 'OperationalError: FATAL:  database "elsewhere" does not exist' },
  ])
})

test.each<[string, Partial<OdooSettings>, string]>([
  ['a wrong password', { password: 'wrong hunter2' }, 'does not know the user'],
  ['a project that is not there', { project: 'Nowhere' }, 'no project of the name'],
])('%s is told, and works once it is mended', async (_, wrong, told) => {
  odoo = await startOdoo(17)
  const { id } = await makeRequest(service.database, { backend: 'odoo' })
  await deliver(odoo.url, wrong)
  const [state] = await sentStates(service.database, id)
  expect(state).toMatchObject({ delivered: false, tries: 1, error: expect.stringContaining(told) })
  expect(state?.error).not.toContain('hunter2')
  await deliver(odoo.url, {}, 2)
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: true, tries: 2 }])
})

test.each<[string, (response: ServerResponse) => void, string]>([
  ['an error of the server', (response) => response.writeHead(502).end(), 'HTTP 502'],
  ['a page instead of an answer', (response) => response.end('<html><p>Hello</p></html>'), 'methodResponse'],
  [
    'a redirect',
    (response) => response.writeHead(301, { location: 'https://elsewhere.example/' }).end(),
    'HTTP 301',
  ],
  ['an answer without end', (response) => response.end('x'.repeat(5_000_000)), 'longer than'],
  ['a connection that ends', (response) => response.destroy(), 'fetch failed'],
])('%s is a try that failed', async (_, answer, told) => {
  receiver = await startReceiver((_received, response) => answer(response))
  const { id } = await makeRequest(service.database, { backend: 'odoo' })
  await deliver(receiver.url)
  expect(await sentStates(service.database, id)).toMatchObject([
    { delivered: false, tries: 1, error: expect.stringContaining(told) },
  ])
})

test('an Odoo that hangs is left after a while', async () => {
  receiver = await startReceiver(() => {})
  const { id } = await makeRequest(service.database, { backend: 'odoo' })
  const started = Date.now()
  await deliver(receiver.url)
  expect(Date.now() - started).toBeLessThan(40_000)
  expect(await sentStates(service.database, id)).toMatchObject([{ delivered: false, tries: 1 }])
})
