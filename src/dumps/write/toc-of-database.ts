import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { UpliftError } from '../../errors.ts'
import type { DatabaseAddress } from '../../postgres/server.ts'
import { type ArchiveHead, readArchiveHead } from '../archive/head.ts'
import { readToc } from '../archive/toc.ts'
import { ByteReader } from '../bytes/reader.ts'
import type { TocEntry } from '../dump.ts'

export interface DatabaseToc {
  head: ArchiveHead
  /** All entries, in an order in which they can be restored. */
  entries: TocEntry[]
  encoding: string | null
}

/**
 * The table of contents that pg_dump makes of a database. A custom archive begins with it, so pg_dump is stopped as
 * soon as it has been read: what follows are the rows, which are read over connections of our own.
 */
export async function tocOfDatabase(options: {
  address: DatabaseAddress
  programs: string
  snapshot: string
  excludeSchemas: readonly string[]
  signal: AbortSignal
}): Promise<DatabaseToc> {
  const { address } = options
  const program = join(options.programs, 'pg_dump')
  const child = spawn(
    program,
    [
      '--format=custom',
      '--compress=0',
      '--no-owner',
      '--no-privileges',
      '--no-tablespaces',
      '--no-publications',
      '--no-subscriptions',
      '--no-security-labels',
      `--snapshot=${options.snapshot}`,
      ...options.excludeSchemas.map((name) => `--exclude-schema="${name.replaceAll('"', '""')}"`),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      signal: options.signal,
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        LC_ALL: 'C',
        PGHOST: address.host,
        PGPORT: String(address.port),
        PGUSER: address.user,
        PGDATABASE: address.database,
        PGPASSWORD: address.password ?? '',
      },
    },
  )
  const failed = new Promise<never>((_, fail) => child.once('error', fail))
  failed.catch(() => {})
  const closed = once(child, 'close').catch(() => {})
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 4096) complaint += text
  })
  const pieces = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const reader = new ByteReader({
    next: async () => (await pieces.next()).value ?? null,
    close: async () => {},
  })
  try {
    return await Promise.race([failed, read(reader)])
  } catch (cause) {
    options.signal.throwIfAborted()
    child.stdout.destroy()
    await closed
    throw new UpliftError('INTERNAL', `${program} did not give the table of contents: ${complaint.trim()}`, {
      cause,
    })
  } finally {
    child.kill('SIGKILL')
    child.stdout.destroy()
    await closed
  }
}

async function read(reader: ByteReader): Promise<DatabaseToc> {
  const head = await readArchiveHead(reader)
  const { entries, encoding } = await readToc(reader, head, 'offset')
  return { head, entries, encoding }
}
