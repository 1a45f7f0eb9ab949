import type { FileRole, Request } from '../../requests/request.ts'

/** Why a file of a request is not there, for people. */
export function whyAbsent(
  request: Request,
  role: Extract<FileRole, 'original' | 'upgraded' | 'report' | 'notes' | 'modules'>,
): { title: string; sentence: string; soon: boolean } {
  if (request.removedAt !== null)
    return {
      title: 'The time of this file is over',
      sentence: `The files of request ${request.id} were deleted on ${request.removedAt.toISOString().slice(0, 10)}, when the time was over for which they are kept.`,
      soon: false,
    }
  if (role === 'original')
    return { title: 'No dump yet', sentence: 'No dump was uploaded for this request yet.', soon: false }
  if (role === 'modules')
    return {
      title: 'No custom modules',
      sentence: 'No custom modules were sent with this request, so there are none to download.',
      soon: false,
    }
  const what = role === 'upgraded' ? 'upgraded database' : 'notes about the upgrade'
  return { title: `No ${what} yet`, ...whyNotUpgraded(request, what) }
}

function whyNotUpgraded(request: Request, what: string): { sentence: string; soon: boolean } {
  switch (request.state) {
    case 'draft':
      return {
        sentence: `The upgrade was not started yet: upload the dump and ask to process it. The ${what} will be here when it is done.`,
        soon: false,
      }
    case 'pending':
      return {
        sentence: `The request waits for its turn. The ${what} will be here when the upgrade is done.`,
        soon: true,
      }
    case 'progress':
      return { sentence: `The upgrade is running. The ${what} will be here when it is done.`, soon: true }
    case 'failed':
      return {
        sentence: `The upgrade failed, so there will be no ${what}. ${request.failure?.message ?? ''}`.trim(),
        soon: false,
      }
    case 'cancelled':
      return { sentence: `The request was cancelled, so there will be no ${what}.`, soon: false }
    case 'done':
      return {
        sentence: `The ${what} of this request cannot be found. Ask the operator of this server.`,
        soon: false,
      }
  }
}
