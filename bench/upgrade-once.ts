/** One upgrade in a process of its own, so that its peak memory can be told: bench/upgrade.ts runs it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startCluster } from '../src/postgres/cluster.ts'
import { runUpgrade } from '../src/upgrade/upgrade.ts'

const [data, source, to, out] = process.argv.slice(2) as [string, string, string, string]
const server = await startCluster(join(data, 'postgres'))
await runUpgrade({ server, dataFolder: data, source, to, out, format: 'custom', aim: 'test', force: true })
await server.stop()
// The peak of this process alone: resourceUsage() would tell that of the one which started it, where it was higher.
const status = await readFile('/proc/self/status', 'utf8')
console.log(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)
