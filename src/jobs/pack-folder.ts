import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'

/** The files of a folder (a dump in pg_dump's directory format has no folders in it) as a tar stream, by name. */
export function packFolder(folder: string): Readable {
  const tar = pack()
  const fill = async () => {
    for (const name of (await readdir(folder)).sort()) {
      const path = join(folder, name)
      const { size } = await stat(path)
      await pipeline(createReadStream(path), tar.entry({ name, size, mode: 0o600, mtime: new Date(0) }))
    }
    tar.finalize()
  }
  fill().catch((error: Error) => tar.destroy(error))
  return tar as unknown as Readable
}
