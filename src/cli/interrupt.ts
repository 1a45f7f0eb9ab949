import { UpliftError } from '../errors.ts'
import type { ExitCode } from './exit.ts'

const exitCodeOfSignal = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const satisfies Record<
  string,
  ExitCode
>

type StopSignal = keyof typeof exitCodeOfSignal

export interface Interruption {
  /** Aborted with an UpliftError INTERRUPTED once the process was told to stop. */
  signal: AbortSignal
  /** The exit code that belongs to what stopped it; undefined while nothing did. */
  exitCode(): ExitCode | undefined
}

/**
 * Turns the first signal to stop into an abort, so that scratch databases and half-written files are removed; the
 * second one ends the process at once, as a person who presses Ctrl+C twice wants it.
 */
export function catchInterruptions(onStop: (message: string) => void): Interruption {
  const controller = new AbortController()
  let code: ExitCode | undefined
  const stop = (name: StopSignal): void => {
    if (code !== undefined) process.exit(exitCodeOfSignal[name])
    code = exitCodeOfSignal[name]
    onStop('stopping in good order (once more to stop at once)')
    controller.abort(
      new UpliftError('INTERRUPTED', `Stopped by ${name}: nothing half-written was left behind.`, {
        detail: { signal: name },
      }),
    )
  }
  for (const name of Object.keys(exitCodeOfSignal) as StopSignal[]) process.on(name, () => stop(name))
  if (process.channel) {
    // Whoever started this process waits for it no more, as a terminal that was closed.
    process.once('disconnect', () => void (code === undefined && stop('SIGHUP')))
    // Waiting for that alone does not keep it.
    process.channel.unref()
  }
  return { signal: controller.signal, exitCode: () => code }
}
