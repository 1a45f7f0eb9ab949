/** Seconds of a stage before its speed says anything about the rest of it. */
const SETTLED = 2

/**
 * Seconds that the rest takes when it goes on as it went; null while that would be a guess: too early, no known whole, or
 * less than a hundredth of it done.
 */
export function timeLeft(done: number, total: number | undefined, elapsed: number): number | null {
  if (total === undefined || total <= 0 || elapsed < SETTLED || done / total < 0.01) return null
  return Math.max(0, (elapsed * (total - done)) / done)
}
