/**
 * Wall time and peak memory of whole upgrades beside the floor of any such service, in the same run: pg_restore of the
 * source and pg_dump of the result with the same number of jobs, on the same scratch server.
 *
 *   node_modules/.bin/node bench/upgrade.ts [rounds]
 */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { startCluster } from '../src/postgres/cluster.ts'
import { findPrograms } from '../src/postgres/programs.ts'
import { addReference } from '../src/reference/add.ts'

const run = promisify(execFile)
const databases = resolve(import.meta.dirname, '../../shared/databases')
const ways = [
  { source: 'openerp-7.0-demo', to: '8.0', reference: 'odoo-8.0-fresh' },
  { source: 'odoo-16.0-demo', to: '17.0', reference: 'odoo-17.0-fresh' },
]

/** The flags that bin/uplift gives its runtime. */
const commandFlags =
  (await readFile(join(import.meta.dirname, '../bin/uplift'), 'utf8')).match(
    /--(?:liftoff-only|max-semi-space-size=\d+)/g,
  ) ?? []

const rounds = Number(process.argv[2] ?? 3)
const data = await mkdtemp(join(tmpdir(), 'uplift-bench-'))
await chmod(data, 0o755)
const server = await startCluster(join(data, 'postgres'))
const programs = findPrograms()
const connection = ['-h', server.admin.host, '-p', String(server.admin.port), '-U', server.admin.user]
const seconds = async (work: () => Promise<unknown>) => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

try {
  for (const { source, to, reference } of ways) {
    const [dump, out] = [join(databases, `${source}.dump`), join(data, 'out.dump')]
    await addReference({ server, dataFolder: data, series: to, dump: join(databases, `${reference}.dump`) })
    const floors: number[] = []
    const uplifts: number[] = []
    const memory: number[] = []
    for (let round = 0; round < rounds; round++) {
      floors.push(
        await seconds(async () => {
          await run(join(programs, 'createdb'), [...connection, 'floor'])
          await run(join(programs, 'pg_restore'), [...connection, '-j', '2', '-O', '-x', '-d', 'floor', dump])
          await run(join(programs, 'pg_dump'), [
            ...connection,
            '-Fc',
            '-f',
            join(data, 'floor.dump'),
            'floor',
          ])
        }),
      )
      await run(join(programs, 'dropdb'), [...connection, 'floor'])
      await rm(join(data, `floor-${round}`), { recursive: true, force: true })
      const script = join(import.meta.dirname, 'upgrade-once.ts')
      uplifts.push(
        await seconds(async () => {
          const { stdout } = await run(process.execPath, [...commandFlags, script, data, dump, to, out])
          memory.push(Number(stdout.trim().split('\n').at(-1)))
        }),
      )
    }
    const [floor, uplift] = [median(floors), median(uplifts)]
    console.log(
      `${source} to ${to}: floor ${floor.toFixed(1)} s, upgrade ${uplift.toFixed(1)} s, ${(uplift / floor).toFixed(2)} times the floor, peak memory ${Math.round(Math.max(...memory))} MB (median of ${rounds})`,
    )
  }
} finally {
  await server.stop()
  await rm(data, { recursive: true, force: true })
}
