import { BlockList, isIPv6 } from 'node:net'

const WINDOW_MS = 10 * 60 * 1000
/** Addresses that are remembered; beyond it the one that was quiet longest is forgotten. */
const ADDRESSES = 10_000

interface Count {
  /** When the present window began, in ms. */
  start: number
  present: number
  /** Guesses of the window before. */
  before: number
}

/**
 * Counts wrong tries by address in a window of ten minutes that slides: what fell into the window before counts by the
 * part of it that is still covered. Memory does not grow with the number of tries or of addresses.
 */
export class Guesses {
  readonly #limit: number
  readonly #now: () => number
  readonly #counts = new Map<string, Count>()

  constructor(limit: number, now: () => number = Date.now) {
    this.#limit = limit
    this.#now = now
  }

  /** Seconds until the address may try again; 0 when it may now. */
  wait(address: string): number {
    const count = this.#counts.get(networkOf(address))
    return count === undefined ? 0 : this.#wait(count)
  }

  /** Notes a wrong try. Returns what `wait` says of it: 0 when it was still within the limit. */
  note(address: string): number {
    const network = networkOf(address)
    const count = this.#counts.get(network) ?? { start: this.#now(), present: 0, before: 0 }
    const wait = this.#wait(count)
    if (wait > 0) return wait
    count.present++
    // Last in the order of insertion is the one that tried last.
    this.#counts.delete(network)
    this.#counts.set(network, count)
    if (this.#counts.size > ADDRESSES) this.#counts.delete(this.#counts.keys().next().value!)
    return 0
  }

  get addresses(): number {
    return this.#counts.size
  }

  #wait(count: Count): number {
    const now = this.#now()
    const windows = Math.floor((now - count.start) / WINDOW_MS)
    if (windows > 0) {
      count.before = windows === 1 ? count.present : 0
      count.present = 0
      count.start += windows * WINDOW_MS
    }
    const since = now - count.start
    const weight = count.present + count.before * (1 - since / WINDOW_MS)
    if (weight < this.#limit) return 0
    // Within this window only the former one fades; when that is not enough, this one has to fade in the next.
    const untilFaded =
      count.before > 0 ? WINDOW_MS * (1 - (this.#limit - count.present) / count.before) : Infinity
    const wait =
      untilFaded < WINDOW_MS
        ? untilFaded - since
        : WINDOW_MS - since + WINDOW_MS * (1 - this.#limit / Math.max(count.present, this.#limit))
    return Math.floor(wait / 1000) + 1
  }
}

const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

/** An IPv4 address as it is; of an IPv6 address its first 64 bits, which one customer has whole. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [plain = ''] = address.split('%')
  if (mapped.check(plain, 'ipv6') && plain.includes('.')) return plain.slice(plain.lastIndexOf(':') + 1)
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const length = tail === undefined ? left.length : 8 - right.length
  const groups = [...left, ...Array<string>(Math.max(0, length - left.length)).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
