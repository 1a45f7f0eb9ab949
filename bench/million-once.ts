/**
 * One upgrade in a process of its own, with the time of every stage and of every long statement: bench/million.ts runs
 * it. The SQL of the pack's modules is sent statement by statement here, so that each of them can be timed.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { loadPack } from '../src/packs/load.ts'
import { startCluster } from '../src/postgres/cluster.ts'
import { runUpgrade } from '../src/upgrade/upgrade.ts'

export interface Once {
  stages: { stage: string; seconds: number; cpu: number }[]
  /** `server` is the time that the connection's own process of PostgreSQL was on a processor. */
  statements: { stage: string; module: string; title: string; seconds: number; server: number }[]
  violations: { check: string; total: number; first: string }[]
  /** Peak memory of the process, MB, and its time on the processors, seconds. */
  memory: number
  cpu: number
}

const [data, source, to, out, way] = process.argv.slice(2) as [string, string, string, string, string]
const { transforms } = await loadPack('7.0', '8.0')
const moduleOf = new Map(transforms.map(({ module, sql }) => [sql, module]))
const statements: Once['statements'] = []
const stages: Once['stages'] = []
let current = ''
let cpuBefore = 0
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const { query } = pg.Client.prototype
/** Seconds that a connection's process of PostgreSQL, on this machine, has been on a processor. */
const serverTime = async (client: pg.Client) => {
  const pid = 'processID' in client ? client.processID : 'none'
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return fields.length < 20 ? 0 : (fields[11]! + fields[12]!) / 100
}
const timed = async (client: pg.Client, module: string, args: unknown[]) => {
  // The query is sent before anything is awaited, so that queries stay in the order in which they were given.
  const started = performance.now()
  const answer = Promise.resolve(Reflect.apply(query, client, args))
  const before = serverTime(client)
  const result = await answer
  const seconds = (performance.now() - started) / 1000
  if (seconds < 0.5) return result
  const lines = String(Object(args[0]).text ?? args[0])
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('--'))
  const title = lines.slice(0, 2).join(' ').trim().slice(0, 140)
  statements.push({
    stage: current,
    module,
    title,
    seconds,
    server: (await serverTime(client)) - (await before),
  })
  return result
}
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [text] = args
  if (typeof args.at(-1) === 'function' || (typeof text === 'object' && text !== null && 'submit' in text))
    return Reflect.apply(query, this, args)
  const module = moduleOf.get(text as string)
  if (module === undefined) return timed(this, '', args)
  return (async () => {
    for (const statement of (text as string).split(/;\n/))
      if (statement.trim()) await timed(this, module, [statement])
  })()
} as typeof query

const server = await startCluster(join(data, 'postgres'))
const { verification } = await runUpgrade({
  server,
  dataFolder: data,
  source,
  to,
  out,
  format: 'custom',
  aim: 'test',
  force: true,
  catalogueOnly: way === 'catalogue',
  events: {
    onStage: (stage, when, seconds) => {
      current = stage
      if (when === 'start') cpuBefore = cpu()
      else stages.push({ stage, seconds, cpu: cpu() - cpuBefore })
    },
    onProgress: () => {},
  },
})
await server.stop()
// The peak of this process alone: resourceUsage() would tell that of the one which started it, where it was higher.
const status = await readFile('/proc/self/status', 'utf8')
const result: Once = {
  stages,
  statements,
  violations: verification.checks
    .filter(({ ok }) => !ok)
    .map(({ id, violations }) => ({
      check: id,
      total: violations.total,
      first: JSON.stringify(violations.first.slice(0, 3)),
    })),
  memory: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024,
  cpu: cpu(),
}
console.log(JSON.stringify(result))
