import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OutputFormat } from '../src/dumps/write/options.ts'
import { writeDump } from '../src/dumps/write/write.ts'
import { findPrograms } from '../src/postgres/programs.ts'

/**
 * Our writer beside pg_dump on the same database, each in a process of its own:
 *
 *     node bench/write.ts HOST PORT USER DATABASE [ROUNDS]
 *
 * Prints wall time (the best of the rounds), size and the peak memory of our process.
 */
const [host, port, user, database, rounds = '3', only, postgresql, out] = process.argv.slice(2)
if (database === undefined) throw new Error('usage: bench/write.ts HOST PORT USER DATABASE [ROUNDS]')

if (only !== undefined) {
  const started = performance.now()
  const { bytes } = await writeDump({
    connection: { host: host!, port: Number(port), user: user!, database },
    out: out!,
    format: only as OutputFormat,
    postgresql: postgresql!,
  })
  const peak = process.resourceUsage().maxRSS / 1024
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, bytes, peak }))
} else await compare()

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-bench-'))
  const to = ['-h', host!, '-p', port!, '-U', user!, '-d', database!, '-O', '-x']
  const pgDump = join(findPrograms(), 'pg_dump')
  const ours = (format: OutputFormat, version: string) => async (out: string) => {
    const result = await run(process.execPath, [
      '--liftoff-only',
      import.meta.filename,
      ...[host!, port!, user!, database!, '1', format, version, out],
    ])
    return JSON.parse(result) as { seconds: number; bytes: number; peak: number }
  }
  const theirs = (args: string[]) => async (out: string) => {
    const started = performance.now()
    await run(pgDump, [...to, ...args, '-f', out])
    const seconds = (performance.now() - started) / 1000
    const info = await stat(out)
    return { seconds, bytes: info.isFile() ? info.size : 0, peak: 0 }
  }
  const candidates = {
    'pg_dump -Fc': theirs(['-Fc']),
    'ours custom': ours('custom', '15'),
    'ours custom for 9.6': ours('custom', '9.6'),
    'pg_dump -Fd -j2': theirs(['-Fd', '-j2']),
    'ours directory': ours('directory', '15'),
    'pg_dump -Fp': theirs(['-Fp']),
    'ours plain for 9.6': ours('plain', '9.6'),
  }
  try {
    for (const [name, candidate] of Object.entries(candidates)) {
      const results = []
      for (let round = 0; round < Number(rounds); round++) {
        const path = join(folder, 'out')
        results.push(await candidate(path))
        await rm(path, { recursive: true })
      }
      const best = results.toSorted((a, b) => a.seconds - b.seconds)[0]!
      const peak = Math.max(...results.map((result) => result.peak))
      const figures = [
        `${best.seconds.toFixed(2)} s`,
        best.bytes > 0 ? `${(best.bytes / 2 ** 20).toFixed(1)} MB` : '',
        peak > 0 ? `${peak.toFixed(0)} MB of memory at most` : '',
      ]
      console.log(`${name.padEnd(20)} ${figures.filter(Boolean).join(', ')}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(program: string, args: string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  return output
}
