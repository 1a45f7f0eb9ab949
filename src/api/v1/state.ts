import type { Failure, RequestState } from '../../requests/request.ts'
import { failure } from '../failures.ts'

/** The states in which a dump may be uploaded, and the request be processed. */
const OPEN: readonly RequestState[] = ['draft']

export function stateFailure(state: RequestState): Failure {
  return failure('REQUEST:STATE', `The request is in state "${state}"`, { value: state, expected: OPEN })
}
