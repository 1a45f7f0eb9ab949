import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testServer } from '../../../test/setup/databases.ts'
import { makeRequest, passStates } from '../../../test/setup/messages.ts'
import { startReceiver } from '../../../test/setup/receiver.ts'
import { serviceDatabase } from '../../../test/setup/service.ts'
import { readMail, startMailServer } from '../../../test/setup/smtp.ts'
import { loadSettings } from '../../config/settings.ts'
import { ident } from '../../postgres/sql.ts'
import { openSeal } from '../seal.ts'
import { runDeliveries } from './run.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
let folder: string
beforeEach(async () => {
  service = await serviceDatabase()
  folder = await mkdtemp(join(tmpdir(), 'uplift-deliveries-'))
})
afterEach(async () => {
  await service.remove()
  await rm(folder, { recursive: true })
})

async function until(what: () => boolean): Promise<void> {
  const end = Date.now() + 30_000
  while (!what()) {
    if (Date.now() > end) throw new Error('It did not happen in 30 seconds.')
    await pause(50)
  }
}

test('a PostgreSQL that goes away for a while only delays messages; all are sent with links', async () => {
  const receiver = await startReceiver((_, response) => response.end())
  const mailServer = await startMailServer()
  const stop = new AbortController()
  const settings = await loadSettings({
    UPLIFT_DATA: folder,
    UPLIFT_TICKETS: 'webhook',
    UPLIFT_WEBHOOK_URL: receiver.url,
    UPLIFT_WEBHOOK_SECRET: 'a secret of the operator',
    UPLIFT_SMTP_URL: mailServer.url,
    UPLIFT_MAIL_FROM: 'uplift@host.example',
    UPLIFT_PUBLIC_URL: 'https://host.example/',
  })
  const seal = await openSeal(settings)
  const name = String(service.database.pool.options.database)
  const allow = (allowed: boolean) =>
    testServer().withAdmin(async (client) => {
      await client.query(`ALTER DATABASE ${ident(name)} ALLOW_CONNECTIONS ${allowed}`)
      if (!allowed)
        await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
          name,
        ])
    })
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => warnings.push(line) })
  const { id, key } = await makeRequest(service.database, { backend: 'webhook', seal })
  const running = runDeliveries({ settings, database: service.database, log }, stop.signal)
  try {
    await until(() => receiver.received.length === 1)
    await passStates(service.database, id, ['pending'])
    await allow(false)
    await until(() => warnings.some((line) => line.includes('cannot be sent for the moment')))
    await allow(true)
    await until(() => receiver.received.length === 2 && mailServer.arrived.length === 1)
    expect(readMail(mailServer.arrived[0]!.raw).text).toContain(
      `https://host.example/database/eu1/${id}/${key}/status`,
    )
  } finally {
    stop.abort()
    await running
    await receiver.close()
    await mailServer.close()
  }
  expect(warnings.join()).not.toContain(key)
})
