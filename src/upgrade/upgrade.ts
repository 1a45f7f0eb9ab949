import { availableParallelism } from 'node:os'
import type pg from 'pg'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { completeCatalogue } from '../catalogue/complete.ts'
import { loadCatalogue } from '../catalogue/load.ts'
import { predictSchema } from '../catalogue/predict-schema.ts'
import type { DumpHead, FilestoreFile } from '../dumps/dump.ts'
import { openDump } from '../dumps/open.ts'
import type { OutputFormat, WrittenDump } from '../dumps/write/options.ts'
import { writeDump } from '../dumps/write/write.ts'
import { UpliftError } from '../errors.ts'
import { loadDump } from '../load/load.ts'
import type { LoadReport } from '../load/report.ts'
import { installOrder } from '../odoo/modules.ts'
import { loadPack } from '../packs/load.ts'
import type { Pack } from '../packs/pack.ts'
import type { Scratch, Server } from '../postgres/server.ts'
import { addReference, databaseExists } from '../reference/add.ts'
import { completeReference } from '../reference/complete.ts'
import { ReferenceStore, type StoredReference } from '../reference/store.ts'
import { extensionsOf, extractSchema } from '../schema/extract.ts'
import { readInventory } from '../schema/inventory.ts'
import type { Schema } from '../schema/schema.ts'
import { selectionsOf } from '../verify/selections.ts'
import { type SnapshotOptions, takeSnapshot } from '../verify/snapshot/snapshot.ts'
import type { Verification } from '../verify/verification.ts'
import { verify } from '../verify/verify.ts'
import { alignModuleData } from './align/data/align.ts'
import type { Relation } from './align/data/relations.ts'
import { alignSchema } from './align/schema.ts'
import { constrain } from './constrain/constrain.ts'
import { restoreOwn } from './constrain/own.ts'
import { silent, stage, type UpgradeEvents } from './events.ts'
import { withFilestore } from './filestore.ts'
import { createRecordSequences } from './fill/record-sequences.ts'
import { fillRequired } from './fill/required.ts'
import { rebuildTrees } from './fill/trees.ts'
import { runHop } from './hops/hop.ts'
import { makePlan, planHops, readSeries } from './make-plan.ts'
import { neutralise } from './neutralise.ts'
import { type Note, prepareNotes, readNotes } from './notes.ts'
import { readOwnership } from './ownership.ts'
import type { Plan } from './plan.ts'
import { readSourceFacts, type SourceFacts } from './source-facts.ts'

export interface UpgradeOptions {
  server: Server
  dataFolder: string
  /** The dump to upgrade, in any form. */
  source: string
  /** Series to upgrade to, "8.0". */
  to: string
  /** Dump of a fresh database of the target; default: the one that was added, else the built-in catalogue. */
  reference?: string
  /** Only the built-in catalogue, even where a reference was added. */
  catalogueOnly?: boolean
  out: string
  format: OutputFormat
  /** PostgreSQL that has to restore the result; default: the source's. */
  postgresql?: string
  aim: Plan['aim']
  filestore?: string
  force?: boolean
  jobs?: number
  events?: UpgradeEvents
  signal?: AbortSignal
}

export interface UpgradeResult {
  plan: Plan
  head: DumpHead
  source: SourceFacts
  load: LoadReport
  notes: Note[]
  verification: Verification
  written: WrittenDump
  /** Major version of PostgreSQL that the result was written for. */
  postgresql: string
  /** Seconds of wall time by stage, in their order. */
  timings: { stage: string; seconds: number }[]
  /** The reference that was used; null when the built-in catalogue alone was. */
  reference: StoredReference | null
}

/**
 * The whole way of one dump: load → hops → align → fill → constrain → verify → neutralise → write. The scratch database is
 * dropped at the end, whatever happens, and `out` appears only when it is complete.
 */
export async function runUpgrade(options: UpgradeOptions): Promise<UpgradeResult> {
  const timings: UpgradeResult['timings'] = []
  const told = options.events ?? silent
  const events: UpgradeEvents = {
    onProgress: (progress) => told.onProgress(progress),
    onStage: (name, when, seconds) => {
      if (when === 'end') timings.push({ stage: name, seconds })
      told.onStage(name, when, seconds)
    },
  }
  const run = <T>(name: string, work: () => Promise<T>) => stage(events, name, work, options.signal)
  const target = await run('reference', () => chooseTarget(options))
  const scratch = await options.server.createScratch(
    target.reference
      ? { template: target.reference.database, ownTemplateObjects: target.reference.database }
      : {},
  )
  const jobs = Math.max(2, options.jobs ?? availableParallelism())
  // A statement that runs for minutes ends with its database; what it was part of then fails and cleans up below.
  const giveUp = () => void scratch.drop().catch(() => {})
  options.signal?.addEventListener('abort', giveUp, { once: true })
  const clients: pg.Client[] = []
  try {
    for (let i = 0; i < jobs; i++) clients.push(await scratch.connect())
    const upgrade = new Upgrade(options, scratch, clients, target, events, run)
    return { ...(await upgrade.run()), timings, reference: target.reference }
  } finally {
    options.signal?.removeEventListener('abort', giveUp)
    await Promise.allSettled(clients.map((client) => client.end()))
    await scratch.drop()
  }
}

interface Target {
  reference: StoredReference | null
  catalogue: Catalogue
}

async function chooseTarget({
  server,
  dataFolder,
  reference,
  to,
  catalogueOnly,
  signal,
}: UpgradeOptions): Promise<Target> {
  const builtIn = await loadCatalogue(to)
  if (catalogueOnly) return { reference: null, catalogue: builtIn }
  const store = new ReferenceStore(dataFolder)
  const stored = reference
    ? await addReference({ server, dataFolder, series: to, dump: reference, ...(signal ? { signal } : {}) })
    : await store.find(to)
  if (!stored || !(await databaseExists(server, stored.database)))
    return { reference: null, catalogue: builtIn }
  return { reference: stored, catalogue: completeCatalogue(builtIn, await store.catalogue(stored)) }
}

type Run = <T>(name: string, work: () => Promise<T>) => Promise<T>

class Upgrade {
  readonly #options: UpgradeOptions
  readonly #scratch: Scratch
  readonly #clients: readonly pg.Client[]
  readonly #target: Target
  readonly #events: UpgradeEvents
  readonly #stage: Run

  constructor(
    options: UpgradeOptions,
    scratch: Scratch,
    clients: readonly pg.Client[],
    target: Target,
    events: UpgradeEvents,
    run: Run,
  ) {
    this.#options = options
    this.#scratch = scratch
    this.#clients = clients
    this.#target = target
    this.#events = events
    this.#stage = run
  }

  async run(): Promise<Omit<UpgradeResult, 'timings' | 'reference'>> {
    const client = this.#clients[0]!
    const { to, aim } = this.#options
    const { head, load } = await this.#stage('load', () => this.#load())
    const from = await readSeries(client)
    const facts = await readSourceFacts(client)
    const hops = await planHops(from, to)
    const packs = await Promise.all(hops.map((hop) => loadPack(hop.from, hop.to)))
    const source = await loadCatalogue(from)
    const plan = await makePlan(client, {
      from,
      to,
      hops,
      packs,
      source,
      target: this.#target.catalogue,
      aim,
    })
    await prepareNotes(client)
    const before = await this.#stage('snapshot', async () => {
      // The joins to come need statistics, and nobody else gathers them here.
      const [snapshot] = await Promise.all([
        takeSnapshot(client, from, snapshotOptions(plan, source, load)),
        this.#clients[1]!.query('ANALYZE'),
      ])
      return snapshot
    })
    const schema = predictSchema(
      this.#target.catalogue,
      new Set(plan.targetModules),
      await extensionsOf(client),
    )
    const own = await this.#stage('hops', () => this.#hops(client, plan, packs, source, schema, load))
    const relations = await this.#stage('align', () => this.#align(client, plan, schema, own))
    await this.#stage('fill', () => this.#fill(client, packs, relations))
    await this.#stage('constrain', () => this.#constrain(schema, source, load, own))
    const verification = await this.#stage('verify', async () => {
      const after = await verify(client, {
        series: to,
        target: schema,
        modules: plan.targetModules,
        customModules: plan.customModules,
        goneModules: plan.goneModules,
        own,
        reference: this.#target.reference ? 'ref' : null,
        selections: selectionsOf(this.#target.catalogue, plan.targetModules),
        before,
        facts: packs.map(({ facts }) => facts),
      })
      if (!after.ok && aim === 'production')
        throw new UpliftError(
          'UPGRADE:VERIFY',
          'The verification of the upgraded database found violations: see them in the report of a test upgrade.',
          {
            detail: {
              checks: after.checks
                .filter(({ ok }) => !ok)
                .map(({ id, violations }) => ({ id, total: violations.total, first: violations.first })),
            },
          },
        )
      return after
    })
    if (aim === 'test')
      await this.#stage('neutralise', async () => neutralise(client, await readInventory(client)))
    const notes = await readNotes(client)
    const postgresql = this.#options.postgresql ?? majorOf(head.serverVersion) ?? '15'
    const written = await this.#stage('write', () => this.#write(head, postgresql))
    return { plan, head, source: facts, load, notes, verification, written, postgresql }
  }

  async #load(): Promise<{ head: DumpHead; load: LoadReport }> {
    const dump = await openDump(this.#options.source)
    try {
      const { signal, jobs } = this.#options
      const load = await loadDump(dump, this.#scratch, {
        ...(signal ? { signal } : {}),
        ...(jobs ? { jobs } : {}),
        onProgress: ({ bytes }) => this.#events.onProgress({ stage: 'load', done: bytes, unit: 'bytes' }),
      })
      return { head: dump.head, load }
    } finally {
      await dump.close()
    }
  }

  async #hops(
    client: pg.Client,
    plan: Plan,
    packs: readonly Pack[],
    source: Catalogue,
    schema: Schema,
    load: LoadReport,
  ) {
    await prepareRelations(client, load)
    const order = installOrder(source, plan.sourceModules)
    for (const pack of packs) await runHop(client, pack, order)
    await completeReference(client, this.#target.catalogue, plan.targetModules)
    return readOwnership(client, plan, source, await extractSchema(client), schema)
  }

  async #align(
    client: pg.Client,
    plan: Plan,
    schema: Schema,
    own: Awaited<ReturnType<typeof readOwnership>>,
  ): Promise<Relation[]> {
    const { added } = await alignSchema(client, schema, own, plan.languages, (done, total) =>
      this.#events.onProgress({ stage: 'align', done, total, unit: 'tables' }),
    )
    const relations = await alignModuleData(client, plan, schema, added, {
      bodies: this.#target.reference !== null,
    })
    return relations
  }

  async #fill(client: pg.Client, packs: readonly Pack[], relations: readonly Relation[]): Promise<void> {
    for (const { facts } of packs) await fillRequired(client, facts.required ?? [])
    const customer = await readInventory(client)
    await rebuildTrees(client, relations, customer)
    await createRecordSequences(client, customer)
  }

  async #constrain(
    schema: Schema,
    source: Catalogue,
    load: LoadReport,
    own: Awaited<ReturnType<typeof readOwnership>>,
  ): Promise<void> {
    const violations = await constrain(this.#clients, schema, (done, total) =>
      this.#events.onProgress({ stage: 'constrain', done, total, unit: 'tables' }),
    )
    await restoreOwn(
      this.#clients[0]!,
      load.deferred,
      own,
      new Set([...Object.keys(schema.views), ...Object.keys(source.views)]),
    )
    if (violations.length === 0) return
    const worst = violations
      .slice(0, 5)
      .map(({ table, constraint, rows }) => `${table} (${constraint}: ${rows} rows)`)
    throw new UpliftError(
      'UPGRADE:CONSTRAINT',
      `The upgraded data breaks ${violations.length} constraints of the target, for which the pack has no rule: ${worst.join(', ')}${violations.length > 5 ? ' …' : ''}. The rows are named in the details.`,
      { detail: { violations } },
    )
  }

  /** Only a zip holds a filestore; elsewhere attachments stay where they are, which every version reads as well. */
  #write(head: DumpHead, postgresql: string): Promise<WrittenDump> {
    const { format, filestore, source, dataFolder, to, signal } = this.#options
    if (format !== 'zip') return this.#writeDump(head, postgresql)
    const files = {
      source,
      dataFolder,
      address: this.#scratch.address,
      series: to,
      ...(filestore ? { folder: filestore } : {}),
      ...(signal ? { signal } : {}),
    }
    return withFilestore(files, (all) => this.#writeDump(head, postgresql, all))
  }

  async #writeDump(
    head: DumpHead,
    postgresql: string,
    filestore?: AsyncIterable<FilestoreFile>,
  ): Promise<WrittenDump> {
    const { out, format, force, jobs, signal } = this.#options
    await analyseCatalogue(this.#clients[0]!)
    return writeDump({
      connection: this.#scratch.address,
      out,
      format,
      postgresql,
      excludeSchemas: ['ref', 'uplift'],
      onProgress: (done, total) => this.#events.onProgress({ stage: 'write', done, total, unit: 'bytes' }),
      ...(head.databaseName ? { databaseName: head.databaseName } : {}),
      ...(force ? { force } : {}),
      ...(jobs ? { jobs } : {}),
      ...(signal ? { signal } : {}),
      ...(filestore ? { filestore } : {}),
    })
  }
}

/** Which column holds ids of which table, from the source's own foreign keys: moved rows are followed by them. */
async function prepareRelations(client: pg.ClientBase, load: LoadReport): Promise<void> {
  const relations = load.deferred.flatMap(({ kind, table, columns, references }) =>
    kind === 'foreignKey' && references && columns.length === 1
      ? [{ tbl: table, col: columns[0], target: references.table }]
      : [],
  )
  await client.query(
    'CREATE TABLE IF NOT EXISTS uplift.relation (tbl text, col text, target text, PRIMARY KEY (tbl, col))',
  )
  await client.query(
    'INSERT INTO uplift.relation SELECT tbl, col, target FROM json_to_recordset($1::json) AS x (tbl text, col text, target text) ON CONFLICT DO NOTHING',
    [JSON.stringify(relations)],
  )
}

/**
 * Thousands of tables and constraints were made since the catalogue was last looked at: without statistics pg_dump's
 * question for triggers alone takes 5 s instead of 0.1 s.
 */
async function analyseCatalogue(client: pg.ClientBase): Promise<void> {
  const tables = [
    'pg_class',
    'pg_attribute',
    'pg_attrdef',
    'pg_constraint',
    'pg_index',
    'pg_trigger',
    'pg_depend',
    'pg_type',
  ]
  await client.query(`ANALYZE ${tables.map((table) => `pg_catalog.${table}`).join(', ')}`)
}

/** What the source's own registry and tables do not say: whose modules are whose, and what held before. */
function snapshotOptions(plan: Plan, source: Catalogue, load: LoadReport): SnapshotOptions {
  return {
    customModules: plan.customModules,
    transient: Object.entries(source.models).flatMap(([model, { transient }]) => (transient ? [model] : [])),
    foreignKeys: load.deferred.flatMap(({ kind, table, columns }) =>
      kind === 'foreignKey' && columns.length === 1 ? [`${table}.${columns[0]}`] : [],
    ),
  }
}

/** "9.6.24" → "9.6", "15.18" → "15". */
function majorOf(version: string | null): string | null {
  const match = /^(\d+)(?:\.(\d+))?/.exec(version ?? '')
  if (!match) return null
  return Number(match[1]) >= 10 ? match[1]! : `${match[1]}.${match[2] ?? 0}`
}
