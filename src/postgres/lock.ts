import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { isSystemError, UpliftError } from '../errors.ts'

/** As long as a cluster may take to come up after a crash, in milliseconds. */
const PATIENCE = 11 * 60_000

/**
 * An exclusive lock between the processes of a machine, named after a folder that is there. It is a socket in Linux's
 * abstract namespace: the kernel takes it back in the moment its process dies, and a file that a killed process left half
 * written can keep nobody out.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const digest = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
  const name = `\0uplift-${digest.slice(0, 40)}`
  for (const deadline = Date.now() + PATIENCE; ; await pause(50)) {
    const server = await listen(name)
    if (server) return () => new Promise((done) => server.close(() => done()))
    if (Date.now() > deadline)
      throw new UpliftError(
        'CLUSTER:START',
        `Another process works on ${folder} for longer than a start can take: end it.`,
      )
  }
}

/** Null when another process has it. */
function listen(name: string): Promise<Server | null> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) => (isSystemError(error, 'EADDRINUSE') ? done(null) : fail(error)))
    server.listen(name, () => done(server))
  })
}
