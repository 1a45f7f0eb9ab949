/** Bytes that may wait for their turn, over all items that run ahead. */
const AHEAD = 8 * 1024 * 1024
/** Bytes that the item whose turn it is may be ahead of the file. */
const OWN = 2 * 1024 * 1024

export interface Turn<Item, Result> {
  item: Item
  /** What the work put out, in order. */
  pieces(): AsyncGenerator<Buffer>
  /** After `pieces`: what the work gave. */
  result: Promise<Result>
}

/**
 * Works on several items at once and gives what they put out in the order of the items. An item ahead of its turn
 * fills memory up to a bound that all share and then waits; the one whose turn it is always goes on.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  workers: number,
  work: (item: Item, worker: number, put: (bytes: Buffer) => Promise<void>) => Promise<Result>,
): AsyncGenerator<Turn<Item, Result>> {
  let ahead = 0
  let turn = 0
  let stopped = false
  let failure: unknown = new Error('the output was given up')
  const pulse = new Pulse()
  const queues = items.map((): Buffer[] => [])
  const sizes = items.map(() => 0)
  const results = new Map<number, Promise<Result>>()
  const done = new Set<number>()
  let next = 0

  const put = async (index: number, bytes: Buffer): Promise<void> => {
    while (!stopped && sizes[index]! > 0 && (index === turn ? sizes[index]! > OWN : ahead > AHEAD))
      await pulse.wait()
    if (stopped) throw failure
    queues[index]!.push(bytes)
    sizes[index]! += bytes.length
    ahead += bytes.length
    pulse.beat()
  }
  const run = async (worker: number): Promise<void> => {
    while (next < items.length && !stopped) {
      while (ahead > AHEAD && next !== turn && !stopped) await pulse.wait()
      if (stopped || next >= items.length) return
      const index = next++
      const result = work(items[index]!, worker, (bytes) => put(index, bytes))
      result.catch(() => {})
      results.set(index, result)
      pulse.beat()
      try {
        await result
      } catch (thrown) {
        if (!stopped) failure = thrown
        stopped = true
      }
      done.add(index)
      pulse.beat()
    }
  }
  const running = Array.from({ length: Math.min(workers, items.length) }, (_, worker) => run(worker))
  try {
    for (; turn < items.length; turn++) {
      const index = turn
      pulse.beat()
      while (!results.has(index) && !stopped) await pulse.wait()
      const result = results.get(index)
      if (result === undefined) throw failure
      yield {
        item: items[index]!,
        result,
        async *pieces() {
          for (;;) {
            const bytes = queues[index]!.shift()
            if (bytes !== undefined) {
              sizes[index]! -= bytes.length
              ahead -= bytes.length
              pulse.beat()
              yield bytes
            } else if (done.has(index)) {
              await result
              return
            } else if (stopped) throw failure
            else await pulse.wait()
          }
        },
      }
    }
  } finally {
    stopped = true
    pulse.beat()
    await Promise.allSettled(running)
  }
}

/** Wakes all who wait; each then looks again whether it may go on. */
class Pulse {
  #waiting: (() => void)[] = []

  wait(): Promise<void> {
    return new Promise((wake) => this.#waiting.push(wake))
  }

  beat(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}
