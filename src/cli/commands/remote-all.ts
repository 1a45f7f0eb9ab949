import { basename } from 'node:path'
import { RemoteFailures, type UpgradeRequest, type Uplift } from '../../sdk/index.ts'
import { stage } from '../../upgrade/events.ts'
import { bytesInWords } from '../../words/quantities.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { checkOutput } from '../output.ts'
import { clientOf, remotely } from '../remote/client.ts'
import { type FileStamp, isSameFile, stampOf } from '../remote/dump-file.ts'
import { follow, mustBeDone } from '../remote/follow.ts'
import { type SavedRequest, savedRequests } from '../remote/saved.ts'
import { downloadInStage, uploadInStage } from '../remote/transfer.ts'
import { createAndSave, type WishFlags } from './remote-create.ts'

export interface AllFlags extends WishFlags {
  out: string
  report?: string
  force?: boolean
}

/** Sends a dump, waits for its upgrade and fetches the result; called again, it goes on where it stopped. */
export async function remoteAllCommand(context: Context, file: string, flags: AllFlags): Promise<ExitCode> {
  const { out, report, force = false } = flags
  const stamp = await stampOf(file)
  for (const path of [out, report]) if (path) await checkOutput(path, force)
  const client = clientOf(context, flags)
  await remotely(context, async () => {
    const saved = await begunOrNew(context, client, flags, stamp)
    const end = await carryThrough(context, client, saved, file)
    if (end.state !== 'done') await close(context, saved)
    mustBeDone(end)
    const got = await downloadInStage(context, client, { ...saved, role: 'upgraded_dump' }, out, { force })
    if (report) await downloadInStage(context, client, { ...saved, role: 'notes' }, report, { force })
    await close(context, saved)
    tell(context, end, flags, got)
  })
  return 0
}

/** The request that an interrupted call began for the same file and wish, as long as the platform still knows it. */
async function begunOrNew(
  context: Context,
  client: Uplift,
  flags: AllFlags,
  stamp: FileStamp,
): Promise<SavedRequest> {
  const begun = (await savedRequests(context.env).of(client.url)).findLast(
    (saved) =>
      !saved.over &&
      saved.contract === flags.contract &&
      saved.email === flags.email &&
      saved.target === flags.to &&
      saved.aim === flags.aim &&
      isSameFile(stamp, saved.file),
  )
  if (begun && (await isKnown(client, begun))) {
    if (!context.json) context.warn(`Going on with request ${begun.request}.`)
    return begun
  }
  const wish = { ...flags, filename: basename(stamp.path) }
  const make = () => createAndSave(context, client, wish, stamp)
  return (await stage(context.show, 'create the request', make, context.signal)).saved
}

async function isKnown(client: Uplift, saved: SavedRequest): Promise<boolean> {
  try {
    await client.status(saved)
    return true
  } catch (thrown) {
    if (thrown instanceof RemoteFailures && thrown.has('REQUEST:NOT_FOUND')) return false
    throw thrown
  }
}

/** Does what is still to be done of upload and processing, and waits for the end. */
async function carryThrough(
  context: Context,
  client: Uplift,
  saved: SavedRequest,
  file: string,
): Promise<UpgradeRequest> {
  const { request } = await client.status(saved)
  if (request.state === 'draft') {
    if (saved.sha256 === null) {
      const { sha256 } = await uploadInStage(context, client, saved, file)
      await savedRequests(context.env).save({ ...saved, sha256 })
    }
    await client.process(saved)
  }
  return follow(context, client, saved)
}

async function close(context: Context, saved: SavedRequest): Promise<void> {
  await savedRequests(context.env).save({ ...saved, over: true })
}

function tell(
  context: Context,
  { id, state, customer_message: message, elapsed }: UpgradeRequest,
  { out, report }: AllFlags,
  got: { bytes: number; sha256: string; checked: string | null },
): void {
  if (context.json) {
    context.print({ event: 'result', request: id, state, message, elapsed, out, report, ...got })
    return
  }
  context.say(`Request ${id} is done.`)
  if (message) context.say(`  message  ${message}`)
  context.say(`  result   ${out} (${bytesInWords(got.bytes)})`)
  context.say(`  SHA-256  ${got.sha256}`)
  if (report) context.say(`  report   ${report}`)
}
