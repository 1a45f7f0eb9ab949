import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Reads one line: on a terminal after a question on standard error, and without showing what is typed. */
export async function readSecret(
  input: NodeJS.ReadStream,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = input.isTTY
  if (terminal) process.stderr.write(question)
  const lines = createInterface({ input, output: silent, terminal })
  // In this mode the terminal gives Ctrl+C as a key.
  if (terminal) lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const stop = () => lines.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
    })
  } finally {
    signal.removeEventListener('abort', stop)
    lines.close()
    if (terminal) process.stderr.write('\n')
    signal.throwIfAborted()
  }
}
