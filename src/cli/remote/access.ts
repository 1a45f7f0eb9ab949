import { UpliftError } from '../../errors.ts'
import type { Access } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import { type SavedRequest, savedRequests } from './saved.ts'

export interface AccessFlags {
  request?: number
  key?: string
}

/**
 * The request that a command is about: the one that is named, with the key that is given or in UPLIFT_KEY (an option can be
 * read by every user of the machine) or saved; by default the one that was saved last for the platform.
 */
export async function accessOf(
  context: Context,
  url: string,
  flags: AccessFlags,
): Promise<{ access: Access; saved: SavedRequest | null }> {
  const all = await savedRequests(context.env).of(url)
  const saved =
    flags.request === undefined
      ? (all.at(-1) ?? null)
      : (all.find(({ request }) => request === flags.request) ?? null)
  const given = flags.key ?? (flags.request === undefined ? undefined : context.env.UPLIFT_KEY)
  if (given !== undefined) {
    if (flags.request === undefined)
      throw new UpliftError('USAGE:INVALID', 'A key belongs to one request: add --request with its number.')
    return { access: { request: flags.request, key: given }, saved }
  }
  if (!saved)
    throw new UpliftError(
      'USAGE:INVALID',
      flags.request === undefined
        ? 'No request to this platform was made from here: name one with --request, and its key in UPLIFT_KEY.'
        : `The key of request ${flags.request} is not saved here: give it in UPLIFT_KEY.`,
    )
  return { access: { request: saved.request, key: saved.key }, saved }
}
