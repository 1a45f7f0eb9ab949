/** One reading in a process of its own, so that its peak memory can be told: bench/read.ts runs it. */
import { readFileSync } from 'node:fs'
import { openDump } from '../src/dumps/open.ts'
import { inspect } from '../src/inspect/inspect.ts'

const [how, path] = process.argv.slice(2) as ['items' | 'inspect', string]
const started = performance.now()
let bytes = 0
if (how === 'inspect') bytes = (await inspect(path)).totals.bytes
else {
  const dump = await openDump(path)
  for await (const item of dump.items())
    if (item.kind === 'copy') for await (const piece of item.data) bytes += piece.length
  await dump.close()
}
const seconds = (performance.now() - started) / 1000
// ru_maxrss would not do: a child starts with the peak of the process that made it.
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
console.log(JSON.stringify({ bytes, seconds, peak }))
