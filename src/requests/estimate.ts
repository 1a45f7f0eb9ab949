/** A run of the past. */
export interface PastRun {
  bytes: number
  seconds: number
  hops: number
  /** Whether it went from the same version to the same version. */
  same: boolean
}

interface Point {
  bytes: number
  /** Of one hop. */
  seconds: number
}

/** What a hop takes however small the database is, in seconds; measured on two cores. */
const BASE = 8
/** Bytes of a compressed dump that a hop takes in a second; measured on two cores. */
const RATE = 300_000
/** Thirty days. Told at most: one run that hung says too much of what is a million times as large. */
const MOST = 30 * 24 * 3600

/**
 * Seconds that an upgrade of so many bytes will take, by the past runs that went the same way, or by all where there is
 * none. A hop takes as long as it did at that size; between the sizes of past runs, and beyond them, in proportion. A larger
 * dump is never told to be quicker, and none to take more than thirty days. Without a past it is what was measured once.
 */
export function estimateSeconds(bytes: number, past: readonly PastRun[], hops = 1): number {
  const same = past.filter((run) => run.same)
  const points = risingPoints(same.length > 0 ? same : past)
  const seconds = points.length > 0 ? secondsAt(bytes, points) : BASE + bytes / RATE
  return Math.min(MOST, Math.max(1, Math.ceil(Math.max(1, hops) * seconds)))
}

/** Runs by size; those that contradict that a larger dump takes longer count as one of their mean size and time. */
function risingPoints(runs: readonly PastRun[]): Point[] {
  const points: (Point & { runs: number })[] = []
  for (const run of runs.toSorted((a, b) => a.bytes - b.bytes)) {
    let point = { bytes: run.bytes, seconds: run.seconds / Math.max(1, run.hops), runs: 1 }
    for (let last = points.at(-1); last && contradict(last, point); last = points.at(-1)) {
      points.pop()
      point = mean(last, point)
    }
    points.push(point)
  }
  return points
}

function contradict(smaller: Point, larger: Point): boolean {
  return smaller.bytes >= larger.bytes || smaller.seconds >= larger.seconds
}

function mean(a: Point & { runs: number }, b: Point & { runs: number }): Point & { runs: number } {
  const runs = a.runs + b.runs
  const of = (name: 'bytes' | 'seconds') => (a[name] * a.runs + b[name] * b.runs) / runs
  return { bytes: of('bytes'), seconds: of('seconds'), runs }
}

/** On the line through the points, which begins with what no hop is quicker than. */
function secondsAt(bytes: number, points: readonly Point[]): number {
  const first = { bytes: 0, seconds: Math.min(BASE, points[0]!.seconds) }
  const last = points.at(-1)!
  if (bytes >= last.bytes) {
    if (last.bytes <= 0) return last.seconds + bytes / RATE
    return last.seconds + ((last.seconds - first.seconds) / last.bytes) * (bytes - last.bytes)
  }
  const next = points.findIndex((point) => point.bytes > bytes)
  const [from, to] = [points[next - 1] ?? first, points[next]!]
  return from.seconds + ((to.seconds - from.seconds) * (bytes - from.bytes)) / (to.bytes - from.bytes)
}
