import { createHmac } from 'node:crypto'
import { boundedBody } from './bounded-body.ts'
import type { Send, TicketMessage } from './message.ts'

/** Milliseconds in which the receiver has to answer. */
const TIMEOUT = 15_000
/** Bytes of an answer that are read. */
const LONGEST_ANSWER = 64 * 1024

/** Sends messages to an address of the operator's; docs/tickets.md describes what it gets. */
export function webhookBackend({ url, secret }: { url: string; secret: string }): Send {
  return async (message, signal) => {
    const body = JSON.stringify(describeMessage(message))
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Uplift',
        'uplift-delivery': String(message.id),
        'uplift-signature': signBody(body, secret),
      },
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`The webhook answered with HTTP ${response.status}.`)
    }
    const external = await ticketOf(response)
    return external === null ? {} : { external }
  }
}

/** What is sent: nothing that opens the request, and nothing of the customer's data. */
export function describeMessage(message: TicketMessage): Record<string, unknown> {
  return {
    id: message.id,
    ticket: message.ticket,
    request: message.request,
    contract: message.contract,
    state: message.state,
    stage: message.stage,
    message: message.body,
    at: message.at.toISOString(),
    source: message.source,
    target: message.target,
    aim: message.aim,
    failure: message.failureCode,
  }
}

/** The header Uplift-Signature: the time in seconds, and the HMAC of the time, a dot and the body. */
export function signBody(body: string, secret: string, at = Math.floor(Date.now() / 1000)): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}

/** The number that the receiver gave the ticket; null when it says none. What it says otherwise does not matter. */
async function ticketOf(response: Response): Promise<number | null> {
  try {
    const answer: unknown = JSON.parse(await boundedBody(response, LONGEST_ANSWER))
    if (typeof answer !== 'object' || answer === null || !('ticket' in answer)) return null
    return typeof answer.ticket === 'number' && Number.isInteger(answer.ticket) ? answer.ticket : null
  } catch {
    return null
  }
}
