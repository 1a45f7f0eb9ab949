import type { Readable } from 'node:stream'
import { payload } from './archive/blocks.ts'
import type { Container } from './containers/container.ts'
import type { FilestoreFile } from './dump.ts'

/**
 * The files below filestore/ beside the dump, in the order of the container. Where it can only be read in one pass,
 * a file has to be read before the next is asked for.
 */
export async function* filestoreFiles(container: Container, prefix: string): AsyncGenerator<FilestoreFile> {
  const folder = `${prefix}filestore/`
  for await (const member of container.members()) {
    if (!member.name.startsWith(folder)) continue
    const content = payload(
      () => member.pieces(),
      async () => {},
    )
    yield {
      name: member.name.slice(folder.length),
      bytes: member.bytes,
      open: async (): Promise<Readable> => content.open(),
    }
    if (container.index === null) await content.leave()
  }
}
