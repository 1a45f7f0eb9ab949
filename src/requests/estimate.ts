/** A run of the past. */
export interface PastRun {
  bytes: number
  seconds: number
  hops: number
  /** Whether it went from the same version to the same version. */
  same: boolean
}

/** What a hop takes however small the database is, in seconds; measured on two cores. */
const BASE = 8
/** Bytes of a compressed dump that a hop takes in a second; measured on two cores. */
const RATE = 300_000

/**
 * Seconds that an upgrade of so many bytes will take: the median of what past runs took beyond the base for each byte and
 * hop, of those that went the same way where there are any. Without a past it is what was measured once.
 */
export function estimateSeconds(bytes: number, past: readonly PastRun[], hops = 1): number {
  const same = past.filter((run) => run.same)
  const runs = same.length > 0 ? same : past
  if (runs.length === 0) return Math.ceil(hops * (BASE + bytes / RATE))
  const nearest = [...runs]
    .sort((a, b) => Math.abs(Math.log(a.bytes / bytes)) - Math.abs(Math.log(b.bytes / bytes)))
    .slice(0, 15)
  const way = same.length > 0 ? nearest[0]!.hops : hops
  const costs = nearest
    .map((run) => Math.max(0, run.seconds / run.hops - BASE) / Math.max(1, run.bytes))
    .sort((a, b) => a - b)
  const median = costs[Math.floor(costs.length / 2)]!
  const base = Math.min(BASE, ...nearest.map((run) => run.seconds / run.hops))
  return Math.max(1, Math.ceil(way * (base + median * bytes)))
}
