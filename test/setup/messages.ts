import type { Database } from '../../src/database/database.ts'
import { createRequest, type Wish } from '../../src/requests/create.ts'
import type { RequestState } from '../../src/requests/request.ts'
import { changeState, type StateDetails } from '../../src/requests/state.ts'

/** A request in state draft, with its key. */
export async function makeRequest(
  database: Database,
  wish: Partial<Wish> = {},
): Promise<{ id: number; key: string }> {
  await database.pool.query(
    `INSERT INTO service.contract (code) VALUES ('M123456-abcdef') ON CONFLICT DO NOTHING`,
  )
  const { request, key } = await createRequest(database, {
    contract: 'M123456-abcdef',
    email: 'john.doe@example.com',
    target: '8.0',
    aim: 'test',
    filename: 'db_name.dump',
    timezone: null,
    ...wish,
  })
  return { id: request.id, key }
}

/** Takes a request through states, one after the other. */
export async function passStates(
  database: Database,
  id: number,
  states: readonly RequestState[],
  details: StateDetails = {},
): Promise<void> {
  for (const state of states)
    await database.transaction((client) =>
      changeState(client, id, state, state === states.at(-1) ? details : {}),
    )
}

export interface SentState {
  id: number
  state: string
  delivered: boolean
  givenUp: boolean
  tries: number
  error: string | null
  mailed: boolean
  mailGivenUp: boolean
  mailTries: number
  mailError: string | null
}

/** How far the messages of a request have come, in their order. */
export async function sentStates({ pool }: Database, id: number): Promise<SentState[]> {
  const { rows } = await pool.query<SentState>(
    `SELECT m.id::int, m.state, m.delivered_at IS NOT NULL AS delivered, m.given_up_at IS NOT NULL AS "givenUp", m.tries,
            m.last_error AS error, m.mailed_at IS NOT NULL AS mailed, m.mail_given_up_at IS NOT NULL AS "mailGivenUp",
            m.mail_tries AS "mailTries", m.mail_error AS "mailError"
       FROM service.ticket_message m JOIN service.ticket t ON t.id = m.ticket WHERE t.request = $1 ORDER BY m.id`,
    [id],
  )
  return rows
}
