import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { ZipFile } from 'yazl'

/** A zip of files, as a zip program makes it. */
export async function packZip(files: Record<string, Buffer>, compress = true): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(bytes, name, { compress })
  zip.end()
  return buffer(zip.outputStream)
}

/** A tar of files; a name may be as long as it likes. */
export async function packTar(files: Record<string, Buffer>): Promise<Buffer> {
  const tar = pack()
  const packed = buffer(tar)
  for (const [name, bytes] of Object.entries(files)) tar.entry({ name }, bytes)
  tar.finalize()
  return packed
}
