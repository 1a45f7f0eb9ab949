import { type FileHandle, open } from 'node:fs/promises'
import { UpliftError } from '../../errors.ts'
import { importContracts } from '../../requests/contract-import.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit.ts'
import { withServiceDatabase } from '../service-database.ts'

export async function contractImportCommand(context: Context, path: string): Promise<ExitCode> {
  const file = await openFile(path)
  try {
    const imported = await withServiceDatabase(context, (database) =>
      importContracts(database, file.createReadStream({ autoClose: false, signal: context.signal })),
    )
    const { added, updated, revoked } = imported
    if (context.json) context.print({ event: 'result', ...imported })
    else {
      context.say(`${added} ${added === 1 ? 'contract' : 'contracts'} added, ${updated} updated.`)
      if (revoked.length > 0)
        context.say(
          `${revoked.length} of them ${revoked.length === 1 ? 'is' : 'are'} revoked and ${revoked.length === 1 ? 'stays' : 'stay'} so; "uplift contract add" restores: ${revoked.slice(0, 20).join(', ')}${revoked.length > 20 ? ' …' : ''}`,
        )
    }
    return 0
  } finally {
    await file.close()
  }
}

/** @throws UpliftError CONTRACT:INVALID when it cannot be read */
async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path)
    if ((await file.stat()).isFile()) return file
    await file.close()
  } catch (cause) {
    throw new UpliftError('CONTRACT:INVALID', `The file ${path} cannot be read: check its name.`, { cause })
  }
  throw new UpliftError('CONTRACT:INVALID', `${path} is no file.`)
}
