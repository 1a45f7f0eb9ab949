/**
 * A whole upgrade of a large database: the demo data of 7.0 multiplied to a million stock moves, journal items and
 * messages, upgraded to 8.0, with the time of each stage and module and the memory that it takes, beside pg_restore and
 * pg_dump of the same dump.
 *
 *   node_modules/.bin/node bench/million.ts [--folder DIR] [--rows N] [--ways reference,catalogue] [--explain SECONDS] [--no-floor]
 *
 * The multiplied dump and the scratch cluster stay in the folder, by default one in the system's temporary folder, and are
 * used again. --explain writes the plans of statements that take so long to the log of the scratch cluster.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { startCluster } from '../src/postgres/cluster.ts'
import { findPrograms } from '../src/postgres/programs.ts'
import type { Server } from '../src/postgres/server.ts'
import { addReference } from '../src/reference/add.ts'
import type { Once } from './million-once.ts'
import { multiply } from './multiply.ts'
import { type ServerUsage, watchServer } from './server-usage.ts'

const run = promisify(execFile)
const { values: options } = parseArgs({
  options: {
    folder: { type: 'string', default: join(tmpdir(), 'uplift-bench-million') },
    rows: { type: 'string', default: '1000000' },
    ways: { type: 'string', default: 'reference,catalogue' },
    explain: { type: 'string' },
    floor: { type: 'boolean', default: true },
  },
  allowNegative: true,
})
const rows = Number(options.rows)
const folder = resolve(options.folder)
const databases = resolve(import.meta.dirname, '../../shared/databases')
const [demo, reference] = ['openerp-7.0-demo', 'odoo-8.0-fresh'].map((name) =>
  join(databases, `${name}.dump`),
)
const source = join(folder, `openerp-7.0-${rows}.dump`)
const programs = findPrograms()
/** The flags that bin/uplift gives its runtime. */
const flags =
  (await readFile(join(import.meta.dirname, '../bin/uplift'), 'utf8')).match(
    /--(?:liftoff-only|max-semi-space-size=\d+)/g,
  ) ?? []

await mkdir(folder, { recursive: true })
await chmod(folder, 0o755)
const server = await startCluster(join(folder, 'postgres'))
const connection = ['-h', server.admin.host, '-p', String(server.admin.port), '-U', server.admin.user]
const program = (name: string, ...args: string[]) => run(join(programs, name), [...connection, ...args])
const seconds = async (work: () => Promise<unknown>) => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
const megabytes = async (path: string) => Math.round((await stat(path)).size / 1e6)
const line = (amount: number, ...text: unknown[]) =>
  console.log(`${amount.toFixed(1).padStart(8)} s `, ...text)

try {
  if (options.explain) await explain(server, options.explain)
  if (!(await stat(source).catch(() => null))) await makeSource()
  console.log(`${source}: ${await megabytes(source)} MB; ${cpus().length} × ${cpus()[0]?.model}`)
  const floor = options.floor ? await measureFloor() : null
  await addReference({ server, dataFolder: folder, series: '8.0', dump: reference! })
  for (const way of options.ways.split(',')) await measureUpgrade(way, floor)
} finally {
  if (options.explain) await explain(server, undefined)
  await server.stop()
}

async function makeSource(): Promise<void> {
  await server.withAdmin(async (client) => {
    for (const name of ['bench_shape', 'bench_rows']) {
      await client.query(`DROP DATABASE IF EXISTS ${name}`)
      await client.query(`CREATE DATABASE ${name} TEMPLATE template0`)
    }
  })
  const restore = (database: string, ...args: string[]) =>
    program('pg_restore', '-O', '-x', '-j', '2', '-d', database, ...args, demo!)
  await restore('bench_shape', '--schema-only')
  await restore('bench_rows', '--section=pre-data', '--section=data')
  const taken = await seconds(() =>
    server.withAdmin(
      (client) =>
        server.withAdmin(
          (shape) =>
            multiply(client, shape, { rows, masters: 40 }, (table) => console.log(`copies of ${table}`)),
          'bench_shape',
        ),
      'bench_rows',
    ),
  )
  line(taken, 'rows multiplied')
  // The constraints come last: what the copies refer to has to be there.
  line(
    await seconds(() => restore('bench_rows', '--section=post-data')),
    'constraints of the multiplied rows',
  )
  await program('pg_dump', '-Fc', '-f', `${source}.part`, 'bench_rows')
  await rename(`${source}.part`, source)
  await server.withAdmin(async (client) => {
    for (const name of ['bench_shape', 'bench_rows']) await client.query(`DROP DATABASE ${name}`)
  })
}

/** What any such service has to do at least. */
async function measureFloor(): Promise<number> {
  await program('dropdb', '--if-exists', 'floor')
  await program('createdb', '-T', 'template0', 'floor')
  const out = join(folder, 'floor.dump')
  const { result, usage } = await watchServer(join(folder, 'postgres', 'data'), async () => {
    const restored = await seconds(() => program('pg_restore', '-j', '2', '-O', '-x', '-d', 'floor', source))
    const dumped = await seconds(() => program('pg_dump', '-Fc', '-f', out, 'floor'))
    return { restored, dumped }
  })
  line(result.restored, 'pg_restore -j2')
  line(result.dumped, `pg_dump, ${await megabytes(out)} MB`)
  tellUsage(usage)
  await program('dropdb', 'floor')
  await rm(out)
  return result.restored + result.dumped
}

async function measureUpgrade(way: string, floor: number | null): Promise<void> {
  const out = join(folder, `odoo-8.0-${rows}-${way}.dump`)
  const script = join(import.meta.dirname, 'million-once.ts')
  console.log(`\nupgrade to 8.0, ${way}`)
  let once: Once | undefined
  const { result: taken, usage } = await watchServer(join(folder, 'postgres', 'data'), () =>
    seconds(async () => {
      const { stdout } = await run(process.execPath, [...flags, script, folder, source, '8.0', out, way], {
        maxBuffer: 2 ** 26,
      })
      once = JSON.parse(stdout.trim().split('\n').at(-1)!)
    }),
  )
  for (const { stage, seconds: all, cpu } of once!.stages) {
    line(all, `${stage}, ${cpu.toFixed(1)} s of them on the processor in our process`)
    const within = once!.statements.filter((statement) => statement.stage === stage)
    const modules = Map.groupBy(within, ({ module }) => module)
    for (const [module, all] of modules) {
      const sum = (of: 'seconds' | 'server') => all.reduce((before, statement) => before + statement[of], 0)
      if (module) line(sum('seconds'), `  ${module}, ${sum('server').toFixed(1)} s on the processor`)
      for (const { title, seconds: own, server } of all.toSorted((a, b) => b.seconds - a.seconds))
        if (own >= 5) line(own, `    ${server.toFixed(1).padStart(5)} s  ${title}`)
    }
  }
  line(
    taken,
    `the whole${floor === null ? '' : `, ${(taken / floor).toFixed(2)} times the floor`}; the result has ${await megabytes(out)} MB`,
  )
  tellUsage(usage)
  console.log(
    `our process: at most ${Math.round(once!.memory)} MB, ${once!.cpu.toFixed(1)} s on the processor`,
  )
  for (const { check, total, first } of once!.violations)
    console.log(`verification: ${check}, ${total}: ${first}`)
  if (once!.violations.length === 0) console.log('verification: no violation')
}

function tellUsage({ ownMemory, sharedMemory, cpu }: ServerUsage): void {
  console.log(
    `PostgreSQL: at most ${Math.round(ownMemory)} MB of its processes, ${Math.round(sharedMemory)} MB shared, ${cpu.toFixed(1)} s on the processors`,
  )
}

async function explain(server: Server, least: string | undefined): Promise<void> {
  await server.withAdmin(async (client) => {
    const set = least !== undefined
    const settings: Record<string, string> = {
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': `${Number(least) * 1000}`,
      'auto_explain.log_analyze': 'on',
      'auto_explain.log_timing': 'off',
      'auto_explain.log_buffers': 'on',
      log_min_messages: 'log',
    }
    await client.query(`LOAD 'auto_explain'`)
    for (const [name, value] of Object.entries(settings))
      await client.query(set ? `ALTER SYSTEM SET ${name} = '${value}'` : `ALTER SYSTEM RESET ${name}`)
    // The product's own setting, which is in the same file.
    if (!set) await client.query(`ALTER SYSTEM SET log_min_messages = 'fatal'`)
    await client.query('SELECT pg_reload_conf()')
  })
}
