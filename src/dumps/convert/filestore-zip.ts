import yazl from 'yazl'
import { openDump } from '../open.ts'

/** Of all files: the same filestore has to give the same bytes whenever it is asked for. */
const MADE_AT = new Date('2000-01-01T12:00:00Z')

/**
 * The filestore that lies beside a dump, as a zip with the files under their names. Files are stored as they are: most
 * of a filestore is pictures and PDF, which do not get smaller.
 * @throws UpliftError DUMP:*
 */
export async function* filestoreZip(path: string, scratch: string): AsyncGenerator<Buffer, void> {
  const dump = await openDump(path, { scratch })
  const zip = new yazl.ZipFile()
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  const fill = async (): Promise<void> => {
    for await (const { name, open } of dump.filestore()) {
      const content = await open()
      const read = new Promise<void>((resolve, reject) =>
        content.once('close', resolve).once('error', reject),
      )
      zip.addReadStream(content, name, { compress: false, mode: 0o100644, mtime: MADE_AT })
      // The next file can only be asked for when this one was read.
      await Promise.race([read, failed.promise])
    }
    zip.end()
  }
  const output = zip.outputStream as import('node:stream').Readable
  const filled = fill().catch((thrown: unknown) => void output.destroy(thrown as Error))
  try {
    for await (const piece of output) yield piece as Buffer
  } finally {
    failed.reject(new Error('Nobody reads the filestore any more.'))
    await filled
    await dump.close()
  }
}
