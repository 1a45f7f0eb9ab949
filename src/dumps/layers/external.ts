import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isSystemError } from '../../errors.ts'
import { corrupt, truncated, unsupported } from '../failures.ts'
import type { Pull } from './decompress.ts'

/** Programs of the system for what Node does not unpack itself; always with these arguments, never through a shell. */
const PROGRAMS = {
  // A bound on the memory that a crafted file could ask for; xz -9 needs 65 MB.
  xz: {
    command: 'xz',
    arguments: ['--decompress', '--stdout', '--format=xz', '--memlimit-decompress=512MiB', '--no-warn'],
  },
  bzip2: { command: 'bzip2', arguments: ['--decompress', '--stdout'] },
} as const

export type ExternalCompression = keyof typeof PROGRAMS

/** The unpacked pieces; the program ends with the stream, whichever side leaves first. */
export async function* unpackExternally(
  pull: Pull,
  compression: ExternalCompression,
): AsyncGenerator<Buffer, void> {
  const program = PROGRAMS[compression]
  const child = spawn(program.command, program.arguments, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 2000) complaint += text
  })
  // The program may leave while it is being fed; its exit code says why.
  child.stdin.on('error', () => {})
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code))
  })
  ended.catch(() => {})
  const feeding = feed(pull, child.stdin)
  feeding.catch(() => child.kill('SIGKILL'))
  try {
    for await (const piece of child.stdout) yield piece as Buffer
    const [code] = await Promise.all([ended, feeding])
    if (code !== 0) throw failure(compression, complaint)
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT'))
      throw unsupported(
        `The program ${program.command} is not installed: install it, or unpack the file before.`,
        {},
        thrown,
      )
    throw thrown
  } finally {
    child.kill('SIGKILL')
    child.stdin.destroy()
    await feeding.catch(() => {})
  }
}

async function feed(pull: Pull, stdin: NodeJS.WritableStream & { destroyed?: boolean }): Promise<void> {
  for (;;) {
    const piece = await pull()
    if (piece === null || stdin.destroyed) break
    if (!stdin.write(piece)) await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]).catch(() => {})
  }
  stdin.end()
}

function failure(compression: ExternalCompression, complaint: string) {
  const detail = { program: compression, complaint: complaint.trim() }
  if (/unexpected end|compressed file ends unexpectedly/i.test(complaint))
    return truncated(`its ${compression} stream has no end`, detail)
  if (/memory usage limit/i.test(complaint))
    return unsupported(
      'The xz file needs more than 512 MiB of memory to unpack: pack it with xz -9 or less.',
      detail,
    )
  return corrupt(`its ${compression} stream cannot be unpacked`, detail)
}
