import { createHash } from 'node:crypto'
import { openDump } from '../../src/dumps/open.ts'

/** Tables whose rows get secrets that are drawn, and what these look like. */
const drawn = new Set(['calendar_attendee', 'survey_user_input'])
const SECRET = /\b[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b/g

/**
 * What an archive holds, whatever order its rows stand in: a hash of the rows of every table, and the definitions of
 * everything else. Times from `since` on, which say only when the upgrade ran, are made equal.
 */
export async function fingerprint(path: string, since: Date): Promise<Map<string, string>> {
  const dump = await openDump(path)
  const parts = new Map<string, string>()
  try {
    for (const { description, namespace, tag, definition } of dump.toc ?? [])
      if (description !== 'TABLE DATA') parts.set(`${description} ${namespace}.${tag}`, definition)
    for await (const item of dump.items()) {
      if (item.kind !== 'copy') continue
      const pieces: Buffer[] = []
      for await (const piece of item.data) pieces.push(piece as Buffer)
      const rows = Buffer.concat(pieces)
        .toString('utf8')
        .replace(/\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?/g, (time) =>
          new Date(`${time.replace(' ', 'T')}Z`) >= since ? 'NOW' : time,
        )
        .replace(drawn.has(item.table.name) ? SECRET : /$^/g, 'SECRET')
        .split('\n')
        .sort()
      const hash = createHash('sha256').update(rows.join('\n')).digest('hex')
      parts.set(`rows of ${item.table.schema}.${item.table.name}`, `${rows.length} ${hash}`)
    }
  } finally {
    await dump.close()
  }
  return parts
}
