import type { Access, Downloaded, FileRole, TransferProgress, Uplift, Uploaded } from '../../sdk/index.ts'
import { stage } from '../../upgrade/events.ts'
import type { Context } from '../context.ts'

export function uploadInStage(
  { show, signal }: Context,
  client: Uplift,
  access: Access,
  file: string,
): Promise<Uploaded> {
  const onProgress = progressOf(show, 'upload')
  return stage(show, 'upload', () => client.upload(access, file, { onProgress }), signal)
}

export function downloadInStage(
  { show, signal }: Context,
  client: Uplift,
  file: Access & { role: FileRole },
  out: string,
  options: { force?: boolean; resume?: boolean },
): Promise<Downloaded> {
  const name = `download ${file.role}`
  const onProgress = progressOf(show, name)
  return stage(show, name, () => client.download(file, out, { ...options, onProgress }), signal)
}

function progressOf(show: Context['show'], name: string): (progress: TransferProgress) => void {
  return ({ done, total }) =>
    show.onProgress({ stage: name, done, unit: 'bytes', ...(total === null ? {} : { total }) })
}
