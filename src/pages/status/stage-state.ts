import type { Request, StageRow } from '../../requests/request.ts'

/** How a stage of a request stands for its reader: nothing waits or runs any more in a request that failed or was cancelled. */
export type StageState = StageRow['state'] | 'broken' | 'never'

export function stageState({ state }: Pick<Request, 'state'>, stage: Pick<StageRow, 'state'>): StageState {
  if (state !== 'failed' && state !== 'cancelled') return stage.state
  if (stage.state === 'waiting') return 'never'
  if (stage.state === 'done') return 'done'
  return state === 'failed' ? 'failed' : 'broken'
}
