import type { Transform } from 'node:stream'

/**
 * Sends pieces through a transform stream (a decompressor) and gives what comes out. When the consumer leaves early
 * the input is asked for nothing more, and the last question to it has been answered: its owner may go on with it.
 */
export async function* through(
  pull: () => Promise<Buffer | null>,
  transform: Transform,
): AsyncGenerator<Buffer, void> {
  const pump = feed(pull, transform).catch((thrown: unknown) => {
    transform.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)))
  })
  try {
    for await (const piece of transform) yield piece as Buffer
  } finally {
    transform.destroy()
    await pump
  }
}

async function feed(pull: () => Promise<Buffer | null>, transform: Transform): Promise<void> {
  for (;;) {
    if (transform.destroyed) return
    const piece = await pull()
    if (piece === null) break
    if (transform.destroyed) return
    if (!transform.write(piece)) await drained(transform)
  }
  if (!transform.destroyed) transform.end()
}

function drained(transform: Transform): Promise<void> {
  return new Promise((resolve) => {
    if (transform.destroyed || !transform.writableNeedDrain) return resolve()
    const done = () => {
      transform.off('drain', done)
      transform.off('close', done)
      resolve()
    }
    transform.on('drain', done)
    transform.on('close', done)
  })
}
