/**
 * What a long piece of work tells while it runs. Whoever runs it (the command, later a server) decides how to show it;
 * the work itself writes to no terminal.
 */
export interface UpgradeEvents {
  /** A stage began, or ended after that many seconds of wall time (0 at its start). Stages do not overlap. */
  onStage(name: string, when: 'start' | 'end', seconds: number): void
  /** How far the current stage is. Called as often as it likes: the one who shows it throttles. */
  onProgress(progress: Progress): void
}

export interface Progress {
  stage: string
  done: number
  /** Undefined where the whole is not known beforehand. */
  total?: number
  unit: 'bytes' | 'tables' | 'rows' | 'statements'
  /** What is being worked on, such as the name of a table. */
  subject?: string
}

/** For callers that need no progress. */
export const silent: UpgradeEvents = { onStage: () => {}, onProgress: () => {} }

/**
 * Runs one stage between its start and its end. Nothing of it begins once the signal has been aborted; a stage that fails
 * has no end, so that what was shown last is where it stopped.
 */
export async function stage<T>(
  events: UpgradeEvents,
  name: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  const started = performance.now()
  events.onStage(name, 'start', 0)
  const result = await work()
  events.onStage(name, 'end', (performance.now() - started) / 1000)
  return result
}
