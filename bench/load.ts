/**
 * Time of a load beside pg_restore's of the same archive on the same cluster, in one run:
 *   node bench/load.ts FILE [FILE …]      rounds by BENCH_ROUNDS, 3 by default
 * The least of the rounds counts: whatever else the machine does only ever adds time.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { openDump } from '../src/dumps/open.ts'
import { loadDump } from '../src/load/load.ts'
import { startCluster } from '../src/postgres/cluster.ts'
import { findPrograms } from '../src/postgres/programs.ts'
import type { Scratch, Server } from '../src/postgres/server.ts'

const run = promisify(execFile)
const JOBS = 2

type Way = (file: string, scratch: Scratch) => Promise<unknown>

const ways: Record<string, Way> = {
  'uplift load': load,
  'pg_restore -j2, tables and rows': restore('--section=pre-data', '--section=data'),
  'pg_restore -j2, all': restore(),
}

async function load(file: string, scratch: Scratch): Promise<void> {
  const dump = await openDump(file)
  try {
    await loadDump(dump, scratch, { jobs: JOBS })
  } finally {
    await dump.close()
  }
}

function restore(...sections: string[]): Way {
  return (file, { address }) =>
    run(
      join(findPrograms(), 'pg_restore'),
      ['-h', address.host, '-p', `${address.port}`, '-U', address.user, '-d', address.database].concat([
        '--no-owner',
        '--no-acl',
        `-j${JOBS}`,
        ...sections,
        file,
      ]),
      { env: { PATH: process.env.PATH ?? '', PGPASSWORD: address.password ?? '' } },
    )
}

async function time(server: Server, way: Way, file: string): Promise<number> {
  const scratch = await server.createScratch()
  const started = performance.now()
  try {
    await way(file, scratch)
    return (performance.now() - started) / 1000
  } finally {
    await scratch.drop()
  }
}

const files = process.argv.slice(2)
if (files.length === 0) throw new Error('usage: node bench/load.ts FILE [FILE …]')
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const folder = await mkdtemp(join(process.env.BENCH_FOLDER ?? tmpdir(), 'uplift-bench-'))
await chmod(folder, 0o755)
const server = await startCluster(join(folder, 'postgres'))
try {
  for (const file of files) {
    const least: Record<string, number> = {}
    for (let round = 0; round < rounds; round++)
      for (const [name, way] of Object.entries(ways))
        least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, await time(server, way, file))
    for (const [name, seconds] of Object.entries(least))
      console.log(`${basename(file).padEnd(26)} ${name.padEnd(33)} ${seconds.toFixed(2).padStart(7)} s`)
  }
  const memory = process.resourceUsage().maxRSS / 1024
  console.log(`peak memory of this process ${memory.toFixed(0)} MB`)
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
