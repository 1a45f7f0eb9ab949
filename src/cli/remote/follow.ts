import { UpliftError } from '../../errors.ts'
import type { Access, RequestState, UpgradeRequest, Uplift } from '../../sdk/index.ts'
import type { Context } from '../context.ts'

/** What the platform does in a state, as a stage. */
const stageOf: Partial<Record<RequestState, string>> = { pending: 'wait for a worker', progress: 'upgrade' }

/** Follows a request to its end; with --json, each change of what the platform says of it is a line. */
export async function follow(context: Context, client: Uplift, access: Access): Promise<UpgradeRequest> {
  const { show } = context
  let current: { name: string; since: number } | null = null
  let told = ''
  const onStatus = ({ id, state, estimated_time, elapsed }: UpgradeRequest): void => {
    const name = stageOf[state]
    if (current?.name !== name) {
      if (current) show.onStage(current.name, 'end', (performance.now() - current.since) / 1000)
      current = name === undefined ? null : { name, since: performance.now() }
      if (current) show.onStage(current.name, 'start', 0)
    }
    const event = { event: 'status', request: id, state, estimated_time, elapsed }
    if (context.json && JSON.stringify(event) !== told) context.print(event)
    told = JSON.stringify(event)
  }
  return (await client.wait(access, { onStatus })).request
}

/** @throws UpliftError REQUEST:FAILED or REQUEST:CANCELLED with what the platform says about it */
export function mustBeDone({ id, state, customer_message: message }: UpgradeRequest): void {
  if (state === 'done') return
  const said = message ? `: ${message}` : '.'
  throw state === 'cancelled'
    ? new UpliftError('REQUEST:CANCELLED', `Request ${id} was cancelled${said}`, { detail: { request: id } })
    : new UpliftError('REQUEST:FAILED', `The upgrade of request ${id} failed${said}`, {
        detail: { request: id, state },
      })
}
