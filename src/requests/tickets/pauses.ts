const MINUTE = 60_000
const LONGEST = 6 * 60 * MINUTE

/** Days after which nothing is tried any more. */
export const PATIENCE_DAYS = 3

/** Tries in all: the pauses between them are 1, 2, 4 … 256 minutes and then 6 hours each, three days together. */
export const MOST_TRIES = 21

/** Milliseconds until the next try, after so many that failed; null when there is none. */
export function pauseAfter(tries: number): number | null {
  return tries >= MOST_TRIES ? null : Math.min(MINUTE * 2 ** (tries - 1), LONGEST)
}
