import type { FileRole } from '../../sdk/index.ts'
import { bytesInWords } from '../../words/quantities.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { checkOutput } from '../output.ts'
import { type AccessFlags, accessOf } from '../remote/access.ts'
import { clientOf, type RemoteFlags, remotely } from '../remote/client.ts'
import { stampOf } from '../remote/dump-file.ts'
import { savedRequests } from '../remote/saved.ts'
import { describeStatus } from '../remote/status.ts'
import { downloadInStage, uploadInStage } from '../remote/transfer.ts'

export type StepFlags = RemoteFlags & AccessFlags

export async function remoteUploadCommand(
  context: Context,
  file: string,
  flags: StepFlags,
): Promise<ExitCode> {
  const stamp = await stampOf(file)
  const client = clientOf(context, flags)
  const { access, saved } = await accessOf(context, client.url, flags)
  const sent = await remotely(context, () => uploadInStage(context, client, access, file))
  if (saved) await savedRequests(context.env).save({ ...saved, file: stamp, sha256: sent.sha256 })
  if (context.json) context.print({ event: 'result', request: access.request, ...sent })
  else {
    context.say(`The dump of request ${access.request} is uploaded (${bytesInWords(sent.bytes)}).`)
    context.say(`  SHA-256  ${sent.sha256}`)
  }
  return 0
}

export async function remoteProcessCommand(context: Context, flags: StepFlags): Promise<ExitCode> {
  const client = clientOf(context, flags)
  const { access } = await accessOf(context, client.url, flags)
  await remotely(context, () => client.process(access))
  if (context.json) context.print({ request: access.request })
  else context.say(`Request ${access.request} will be processed; "uplift remote status" says how far it is.`)
  return 0
}

export async function remoteStatusCommand(context: Context, flags: StepFlags): Promise<ExitCode> {
  const client = clientOf(context, flags)
  const { access } = await accessOf(context, client.url, flags)
  const answer = await remotely(context, () => client.status(access))
  if (context.json) context.print(answer)
  else for (const line of describeStatus(answer.request)) context.say(line)
  return 0
}

export interface DownloadFlags extends StepFlags {
  out: string
  force?: boolean
  resume: boolean
}

export async function remoteDownloadCommand(
  context: Context,
  role: FileRole,
  flags: DownloadFlags,
): Promise<ExitCode> {
  const { out, force = false, resume } = flags
  await checkOutput(out, force)
  const client = clientOf(context, flags)
  const { access } = await accessOf(context, client.url, flags)
  const file = { ...access, role }
  const got = await remotely(context, () => downloadInStage(context, client, file, out, { force, resume }))
  if (context.json) context.print({ event: 'result', request: access.request, role, out, ...got })
  else {
    context.say(
      `${out} is complete (${bytesInWords(got.bytes)}${got.checked ? `, ${got.checked} checked` : ''}).`,
    )
    context.say(`  SHA-256  ${got.sha256}`)
  }
  return 0
}
