import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { StorageSettings } from '../src/config/settings.ts'
import { openStorage } from '../src/storage/open.ts'
import { startS3 } from '../test/setup/s3.ts'

/**
 * Writes a long file to each kind of storage, reads it back and brings it to a local path, each storage in a process of
 * its own:
 *
 *     node bench/storage.ts [MEGABYTES]
 *
 * Prints MB/s and the peak memory of our process. S3 is a server on this machine, which takes its share of the cores.
 */
const MB = 1024 * 1024
const [megabytes = '2000', only] = process.argv.slice(2)
const bytes = Number(megabytes) * MB

interface Outcome {
  put: number
  read: number
  local: number
  peak: number
}

if (only !== undefined) console.log(JSON.stringify(await measure(JSON.parse(only))))
else await compare()

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-bench-'))
  const server = await startS3()
  try {
    await show('disk', { kind: 'disk', folder })
    if (server) await show('S3', server.settings)
  } finally {
    await server?.stop()
    await rm(folder, { recursive: true })
  }
}

async function show(name: string, settings: StorageSettings): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, megabytes, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const { put, read, local, peak }: Outcome = JSON.parse(output)
  const speed = (seconds: number) => `${(bytes / MB / seconds).toFixed(0).padStart(5)} MB/s`
  // On the disk, the path is that of the file itself.
  const path = settings.kind === 'disk' ? '' : `  local path ${speed(local)}`
  console.log(`${name.padEnd(5)} put ${speed(put)}  read ${speed(read)}${path}  peak ${peak.toFixed(0)} MB`)
}

async function measure(settings: StorageSettings): Promise<Outcome> {
  const storage = openStorage({ storage: settings })
  const folder = await mkdtemp(join(tmpdir(), 'uplift-bench-local-'))
  const key = '1/original/bench'
  try {
    const put = await seconds(() => storage.put(key, chunks()))
    const read = await seconds(async () => {
      let left = bytes
      for await (const chunk of await storage.read(key)) left -= chunk.length
      if (left !== 0) throw new Error('Not all came back.')
    })
    const local = await seconds(() => storage.withLocal(key, folder, async () => {}))
    return { put, read, local, peak: process.resourceUsage().maxRSS / 1024 }
  } finally {
    await storage.remove(key)
    await rm(folder, { recursive: true })
  }
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(64 * 1024, 'content')
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
