import { availableParallelism } from 'node:os'
import type pg from 'pg'
import type { Catalogue } from '../catalogue/catalogue.ts'
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
import type { Scratch } from '../postgres/server.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { majorOf } from '../postgres/version.ts'
import { completeReference } from '../reference/complete.ts'
import type { StoredReference } from '../reference/store.ts'
import { extensionsOf, extractSchema } from '../schema/extract.ts'
import { readInventory } from '../schema/inventory.ts'
import type { Schema } from '../schema/schema.ts'
import { selectionsOf } from '../verify/selections.ts'
import { type Snapshot, type SnapshotOptions, takeSnapshot } from '../verify/snapshot/snapshot.ts'
import type { Verification } from '../verify/verification.ts'
import { verify } from '../verify/verify.ts'
import { alignModuleData } from './align/data/align.ts'
import type { Relation } from './align/data/relations.ts'
import { alignSchema } from './align/schema.ts'
import { Checkpoints } from './checkpoints.ts'
import { constrain } from './constrain/constrain.ts'
import { noteFormerViews, restoreOwn } from './constrain/own.ts'
import type { Violation } from './constrain/violations.ts'
import { stage, type UpgradeEvents } from './events.ts'
import { withFilestore } from './filestore.ts'
import { fillLifted } from './fill/lifted.ts'
import { createRecordSequences } from './fill/record-sequences.ts'
import { fillRequired } from './fill/required.ts'
import { rebuildTrees } from './fill/trees.ts'
import { runHop } from './hops/hop.ts'
import { makePlan, planHops, readSeries } from './make-plan.ts'
import { neutralise } from './neutralise.ts'
import { type Note, prepareNotes, readNotes } from './notes.ts'
import { fitOwnRecords } from './own-records/fit.ts'
import { type OwnNames, ownershipOf, readOwnNames } from './ownership.ts'
import type { Plan } from './plan.ts'
import { readSourceFacts, type SourceFacts } from './source-facts.ts'
import type { Target } from './target.ts'

export interface StageOptions {
  /** New, made with scratchOptions() of the target, or what a former try of the same upgrade left behind. */
  scratch: Scratch
  target: Target
  /** The dump to upgrade, in any form. */
  source: string
  to: string
  out: string
  format: OutputFormat
  /** PostgreSQL that has to restore the result; default: the source's. */
  postgresql?: string
  aim: Plan['aim']
  /** Of a source older than 6.1, whose times are the server's local ones. */
  timezone?: string
  filestore?: string
  /** Folder that takes the attachments which leave the database; every try of the same upgrade has the same one. */
  attachments: string
  force?: boolean
  jobs?: number
  events: UpgradeEvents
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
  /** Seconds of wall time by stage, in their order, whichever try they were done in. */
  timings: { stage: string; seconds: number }[]
  /** The reference that was used; null when the built-in catalogue alone was. */
  reference: StoredReference | null
}

/** What stages leave for those behind them; plain data, because it is kept as JSON. */
interface Loaded {
  head: DumpHead
  load: LoadReport
  reference: StoredReference | null
}
interface Recorded {
  facts: SourceFacts
  plan: Plan
  before: Snapshot
}
interface Aligned {
  own: OwnNames
  relations: Relation[]
}

/** The checkpoint of attachments that are about to leave the database. */
const MOVING = 'attachments'

/**
 * Takes a scratch database through the stages that it has not been through yet. Every stage but the load and the write
 * is noted as finished in the transaction of its work; those two leave nothing that a new try would build on.
 */
export async function runStages(options: StageOptions): Promise<UpgradeResult> {
  const jobs = Math.max(2, options.jobs ?? availableParallelism())
  const clients: pg.Client[] = []
  try {
    for (let i = 0; i < jobs; i++) clients.push(await options.scratch.connect())
    return await new Stages(options, clients, await Checkpoints.open(clients[0]!)).run()
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()))
  }
}

/** What a former try left behind; null when it did not load the database to its end. */
export async function leftBehind(
  client: pg.ClientBase,
): Promise<{ reference: StoredReference | null; attachmentsMoved: boolean } | null> {
  const checkpoints = await Checkpoints.open(client)
  if (!checkpoints.has('load')) return null
  return {
    reference: checkpoints.value<Loaded>('load').reference,
    attachmentsMoved: checkpoints.has(MOVING),
  }
}

/** The stages that former tries finished. */
export async function loadedStages(client: pg.ClientBase): Promise<UpgradeResult['timings']> {
  return told(await Checkpoints.open(client))
}

class Stages {
  readonly #options: StageOptions
  readonly #clients: readonly pg.Client[]
  readonly #checkpoints: Checkpoints

  constructor(options: StageOptions, clients: readonly pg.Client[], checkpoints: Checkpoints) {
    this.#options = options
    this.#clients = clients
    this.#checkpoints = checkpoints
  }

  async run(): Promise<UpgradeResult> {
    const client = this.#clients[0]!
    const { to, aim, target } = this.#options
    const { head, load } = await this.#once<Loaded>('load', () => this.#load(), { alone: false })
    const from = await this.#once('version', () => readSeries(client), { quiet: true })
    const hops = await planHops(from, to)
    const packs = await Promise.all(hops.map((hop) => loadPack(hop.from, hop.to)))
    const source = await loadCatalogue(from)
    const { facts, plan, before } = await this.#once<Recorded>('snapshot', () =>
      this.#record({ from, hops, packs, source, load }),
    )
    const schema = predictSchema(target.catalogue, new Set(plan.targetModules), await extensionsOf(client))
    const order = installOrder(source, plan.sourceModules)
    for (const pack of packs)
      await this.#once(`hop ${pack.facts.from}-${pack.facts.to}`, () => runHop(client, pack, order, schema))
    const { own: names, relations } = await this.#once<Aligned>('align', () =>
      this.#align(plan, source, schema),
    )
    const own = ownershipOf(names, source)
    await this.#once('fill', () => this.#fill(plan, packs, relations))
    const resumed = this.#checkpoints.has('constraints begun')
    await this.#once('constraints begun', async () => {}, { quiet: true })
    const violations = await this.#once<Violation[]>('constrain', () => this.#constrain(schema, resumed), {
      alone: false,
    })
    const odoosViews = new Set([...Object.keys(schema.views), ...Object.keys(source.views)])
    await this.#once('own', async () => {
      await restoreOwn(client, load.deferred, own, odoosViews)
      await noteFormerViews(client, load.deferred, odoosViews)
    })
    refuseViolations(violations)
    const verification = await this.#once('verify', () =>
      verify(client, {
        series: to,
        target: schema,
        modules: plan.targetModules,
        customModules: plan.customModules,
        goneModules: plan.goneModules,
        own,
        reference: target.reference ? 'ref' : null,
        selections: selectionsOf(target.catalogue, plan.targetModules),
        before,
        facts: packs.map(({ facts }) => facts),
      }),
    )
    if (aim === 'production') refuseUnverified(verification)
    if (aim === 'test')
      await this.#once('neutralise', async () => neutralise(client, await readInventory(client)))
    const notes = await readNotes(client)
    const postgresql = this.#options.postgresql ?? majorOf(head.serverVersion) ?? '15'
    const timings = told(this.#checkpoints)
    const written = await stage(
      {
        ...this.#options.events,
        onStage: (name, when, seconds) => {
          if (when === 'end') timings.push({ stage: name, seconds })
          this.#options.events.onStage(name, when, seconds)
        },
      },
      'write',
      () => this.#write(head, postgresql),
      this.#options.signal,
    )
    return {
      plan,
      head,
      source: facts,
      load,
      notes,
      verification,
      written,
      postgresql,
      timings,
      reference: target.reference,
    }
  }

  /**
   * The result of a stage: of a former try where one finished it, else of the work. A stage that works on one connection
   * is one transaction together with its checkpoint; one that is not `alone` has to be safe to do again.
   */
  async #once<T>(
    name: string,
    work: () => Promise<T>,
    { alone = true, quiet = false }: { alone?: boolean; quiet?: boolean } = {},
  ): Promise<T> {
    if (this.#checkpoints.has(name)) return this.#checkpoints.value<T>(name)
    const started = performance.now()
    const all = async () => {
      const value = await work()
      await this.#checkpoints.save(name, value, (performance.now() - started) / 1000)
      return value
    }
    const whole = alone ? () => inTransaction(this.#clients[0]!, all) : all
    return quiet ? whole() : stage(this.#options.events, name, whole, this.#options.signal)
  }

  async #load(): Promise<Loaded> {
    const { source, scratch, target, events, signal, jobs } = this.#options
    const dump = await openDump(source)
    try {
      const load = await loadDump(dump, scratch, {
        ...(signal ? { signal } : {}),
        ...(jobs ? { jobs } : {}),
        onProgress: ({ bytes }) => events.onProgress({ stage: 'load', done: bytes, unit: 'bytes' }),
      })
      return { head: dump.head, load, reference: target.reference }
    } finally {
      await dump.close()
    }
  }

  async #record(known: {
    from: string
    hops: Plan['hops']
    packs: readonly Pack[]
    source: Catalogue
    load: LoadReport
  }): Promise<Recorded> {
    const client = this.#clients[0]!
    const { to, aim, timezone, target } = this.#options
    const { load, packs, ...rest } = known
    const facts = await readSourceFacts(client)
    const plan = await makePlan(client, {
      ...rest,
      packs: [...packs],
      to,
      target: target.catalogue,
      aim,
      timezone: timezone ?? null,
    })
    await prepareNotes(client)
    await prepareRelations(client, load)
    // The joins to come need statistics, and nobody else gathers them here.
    const [before] = await Promise.all([
      takeSnapshot(client, known.from, snapshotOptions(plan, known.source, load)),
      this.#clients[1]!.query('ANALYZE'),
    ])
    return { facts, plan, before }
  }

  async #align(plan: Plan, source: Catalogue, schema: Schema): Promise<Aligned> {
    const client = this.#clients[0]!
    const { target, events } = this.#options
    await completeReference(client, target.catalogue, plan.targetModules)
    const names = await readOwnNames(client, plan, source, await extractSchema(client), schema)
    const own = ownershipOf(names, source)
    const { added } = await alignSchema(client, schema, own, plan.languages, (done, total) =>
      events.onProgress({ stage: 'align', done, total, unit: 'tables' }),
    )
    const relations = await alignModuleData(client, plan, schema, added, {
      bodies: target.reference !== null,
    })
    return { own: names, relations }
  }

  async #fill(plan: Plan, packs: readonly Pack[], relations: readonly Relation[]): Promise<void> {
    const client = this.#clients[0]!
    for (const { facts } of packs) await fillRequired(client, facts.required ?? [])
    await fillLifted(client)
    const customer = await readInventory(client)
    await rebuildTrees(client, relations, customer)
    await createRecordSequences(client, customer)
    await fitOwnRecords(client, {
      series: plan.to,
      modules: plan.targetModules,
      packs: packs.map(({ facts }) => facts),
    })
  }

  #constrain(schema: Schema, resumed: boolean): Promise<Violation[]> {
    const onProgress = (done: number, total: number) =>
      this.#options.events.onProgress({ stage: 'constrain', done, total, unit: 'tables' })
    return constrain(this.#clients, schema, { onProgress, resumed })
  }

  /** Only a zip holds a filestore; elsewhere attachments stay where they are, which every version reads as well. */
  async #write(head: DumpHead, postgresql: string): Promise<WrittenDump> {
    const { format, filestore, source, scratch, attachments, to, signal } = this.#options
    if (format !== 'zip') return this.#writeDump(head, postgresql)
    const files = {
      source,
      attachments,
      address: scratch.address,
      series: to,
      ...(filestore ? { folder: filestore } : {}),
      ...(signal ? { signal } : {}),
    }
    // From here on the database alone is not the whole of it.
    await this.#once(MOVING, async () => {}, { quiet: true })
    return withFilestore(files, (all) => this.#writeDump(head, postgresql, all))
  }

  async #writeDump(
    head: DumpHead,
    postgresql: string,
    filestore?: AsyncIterable<FilestoreFile>,
  ): Promise<WrittenDump> {
    const { scratch, out, format, force, jobs, events, signal } = this.#options
    await analyseCatalogue(this.#clients[0]!)
    return writeDump({
      connection: scratch.address,
      out,
      format,
      postgresql,
      excludeSchemas: ['ref', 'uplift'],
      onProgress: (done, total) => events.onProgress({ stage: 'write', done, total, unit: 'bytes' }),
      ...(head.databaseName ? { databaseName: head.databaseName } : {}),
      ...(force ? { force } : {}),
      ...(jobs ? { jobs } : {}),
      ...(signal ? { signal } : {}),
      ...(filestore ? { filestore } : {}),
    })
  }
}

/** Checkpoints that are no stages of their own. */
const hidden: ReadonlySet<string> = new Set(['version', 'constraints begun', MOVING])

function told({ stages }: Checkpoints): UpgradeResult['timings'] {
  return stages.filter(({ stage: name }) => !hidden.has(name))
}

function refuseViolations(violations: readonly Violation[]): void {
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

function refuseUnverified({ ok, checks }: Verification): void {
  if (ok) return
  throw new UpliftError(
    'UPGRADE:VERIFY',
    'The verification of the upgraded database found violations: see them in the report of a test upgrade.',
    {
      detail: {
        checks: checks
          .filter((check) => !check.ok)
          .map(({ id, violations }) => ({ id, total: violations.total, first: violations.first })),
      },
    },
  )
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
