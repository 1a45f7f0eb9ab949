import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverMessages } from '../../src/requests/tickets/deliver.ts'
import { makeRequest, passStates, sentStates } from '../setup/messages.ts'
import { type Receiver, startReceiver } from '../setup/receiver.ts'
import { serviceDatabase } from '../setup/service.ts'
import { type MailServer, startMailServer } from '../setup/smtp.ts'

let service: Awaited<ReturnType<typeof serviceDatabase>>
let receiver: Receiver
let mails: MailServer
beforeAll(async () => {
  service = await serviceDatabase()
  receiver = await startReceiver((_, response) => response.end())
  mails = await startMailServer()
})
afterAll(async () => {
  await mails.close()
  await receiver.close()
  await service.remove()
})

test('what was given up is found and sent again by the statements of the document', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/tickets.md'), 'utf8')
  const [look, again] = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql!)
  const { pool } = service.database
  const { id } = await makeRequest(service.database, { backend: 'webhook' })
  await passStates(service.database, id, ['cancelled'])
  await pool.query(
    `UPDATE service.ticket_message
        SET at = at - interval '4 days', tries = 21, mail_tries = 21, given_up_at = now(), mail_given_up_at = now(),
            last_error = 'given up', mail_error = 'given up'`,
  )
  const deliver = () =>
    deliverMessages(service.database, {
      settings: {
        tickets: { kind: 'webhook', url: receiver.url, secret: 'a secret of the operator' },
        mail: { url: mails.url, from: 'uplift@host.example' },
        region: 'eu1',
      },
      baseUrl: null,
      log: pino({ level: 'silent' }),
      signal: new AbortController().signal,
      now: () => new Date(Date.now() + 1000),
    })
  await deliver()
  expect([receiver.received, mails.arrived]).toEqual([[], []])
  const { rows } = await pool.query<{ id: string }>(look!)
  expect(rows).toHaveLength(2)
  await pool.query(again!.replaceAll('…', rows[1]!.id))
  await deliver()
  expect(receiver.received.map(({ headers }) => headers['uplift-delivery'])).toEqual([rows[1]!.id])
  expect(mails.arrived).toHaveLength(1)
  expect((await sentStates(service.database, id)).at(-1)).toMatchObject({ delivered: true, mailed: true })
})
