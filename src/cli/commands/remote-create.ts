import type { Answer, Uplift } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { clientOf, type RemoteFlags, remotely } from '../remote/client.ts'
import type { FileStamp } from '../remote/dump-file.ts'
import { type SavedRequest, savedRequests } from '../remote/saved.ts'

export interface WishFlags extends RemoteFlags {
  contract: string
  email: string
  to: string
  aim: 'test' | 'production'
  timezone?: string
}

export async function remoteCreateCommand(
  context: Context,
  flags: WishFlags & { filename: string },
): Promise<ExitCode> {
  const client = clientOf(context, flags)
  const { answer } = await remotely(context, () => createAndSave(context, client, flags, null))
  const { id, key } = answer.request
  if (context.json) context.print(answer)
  else {
    context.say(`Request ${id} is created.`)
    context.say(`  request  ${id}`)
    context.say(`  key      ${key}`)
    context.say(`  saved    ${savedRequests(context.env).path}`)
  }
  return 0
}

/** The key is saved before anything else is done: without it nobody reaches the request again. */
export async function createAndSave(
  context: Context,
  client: Uplift,
  { contract, email, to: target, aim, timezone, filename }: WishFlags & { filename: string },
  file: FileStamp | null,
): Promise<{ answer: Answer; saved: SavedRequest }> {
  const wish = { contract, email, target, aim, filename, ...(timezone === undefined ? {} : { timezone }) }
  const answer = await client.create(wish)
  const { id: request, key } = answer.request
  const about = { contract, email, target, aim, file }
  const saved = { url: client.url, request, key, ...about, sha256: null, over: false }
  await savedRequests(context.env).save(saved)
  return { answer, saved }
}
