import { UpliftError } from '../../errors.ts'
import {
  DamagedDownload,
  FileExists,
  RemoteFailures,
  RemoteUnreachable,
  UnexpectedAnswer,
  Uplift,
} from '../../sdk/index.ts'
import type { Context } from '../context.ts'

export interface RemoteFlags {
  url: string
}

/** The client that a command works with. @throws UpliftError USAGE:INVALID for an address that is none */
export function clientOf(context: Context, { url }: RemoteFlags): Uplift {
  try {
    return new Uplift({ url, signal: context.signal })
  } catch (cause) {
    throw new UpliftError(
      'USAGE:INVALID',
      'Give the address of the platform as --url https://upgrade.example.com, without user and password.',
      { cause },
    )
  }
}

/** Runs what talks to a platform; its failures become those of the command. */
export async function remotely<T>(context: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw context.signal.aborted ? stopped(context.signal.reason) : asRemoteError(thrown)
  }
}

function asRemoteError(thrown: unknown): unknown {
  if (thrown instanceof RemoteFailures)
    return new UpliftError('REMOTE:REFUSED', 'The upgrade platform refused the call:', {
      detail: { failures: thrown.failures },
    })
  if (thrown instanceof RemoteUnreachable)
    return new UpliftError('REMOTE:UNREACHABLE', `${thrown.message}. Check --url and the network.`, {
      cause: thrown.cause,
    })
  if (thrown instanceof UnexpectedAnswer)
    return new UpliftError('REMOTE:ANSWER', thrown.message, { detail: { status: thrown.status } })
  if (thrown instanceof DamagedDownload) return new UpliftError('REMOTE:DAMAGED', thrown.message)
  if (thrown instanceof FileExists)
    return new UpliftError(
      'OUTPUT:EXISTS',
      `${thrown.message} Name another file, or add --force to replace it.`,
    )
  return thrown
}

/** Unlike other work, a transfer keeps what it has: the next call goes on with it. */
function stopped(reason: unknown): UpliftError {
  return new UpliftError(
    'INTERRUPTED',
    'Stopped. Call the same command again: what the platform does goes on meanwhile, and so does a download.',
    { detail: reason instanceof UpliftError ? { ...reason.detail } : {} },
  )
}
