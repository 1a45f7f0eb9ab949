import type pg from 'pg'
import { completeCatalogue } from '../catalogue/complete.ts'
import { loadCatalogue } from '../catalogue/load.ts'
import { predictSchema } from '../catalogue/predict-schema.ts'
import { openDump } from '../dumps/open.ts'
import { loadDump } from '../load/load.ts'
import type { LoadReport } from '../load/report.ts'
import { compareSeries } from '../odoo/series.ts'
import { loadPack } from '../packs/load.ts'
import type { Scratch, Server } from '../postgres/server.ts'
import { addReference, applyDeferred } from '../reference/add.ts'
import { completeReference } from '../reference/complete.ts'
import { ReferenceStore } from '../reference/store.ts'
import { extensionsOf, extractSchema } from '../schema/extract.ts'
import { planHops, readSeries } from '../upgrade/make-plan.ts'
import { ownershipOf, readOwnNames } from '../upgrade/ownership.ts'
import { selectionsOf } from './selections.ts'
import { takeSnapshot } from './snapshot/snapshot.ts'
import type { Verification } from './verification.ts'
import { verify } from './verify.ts'

export interface VerifyDumpOptions {
  server: Server
  dataFolder: string
  /** The upgraded dump. */
  dump: string
  /** Dump of a fresh database of the same version. */
  against: string
  /** The dump before the upgrade, to compare records and sums. */
  before?: string
  jobs?: number
  signal?: AbortSignal
}

/**
 * Verifies an upgraded dump by itself, wherever it was upgraded: loads it with all its constraints beside the
 * reference, and holds the two against each other.
 * @throws UpliftError REFERENCE:UNUSABLE when the reference is of another version than the dump
 */
export async function verifyDump(options: VerifyDumpOptions): Promise<Verification> {
  const { server, dataFolder } = options
  const before = options.before ? await snapshotOf(options, options.before) : undefined
  const series = await seriesOfDump(options, options.dump)
  const reference = await addReference({
    server,
    dataFolder,
    series,
    dump: options.against,
    ...signalOf(options),
  })
  const catalogue = completeCatalogue(
    await loadCatalogue(series),
    await new ReferenceStore(dataFolder).catalogue(reference),
  )
  return withLoaded(
    options,
    options.dump,
    { template: reference.database, ownTemplateObjects: reference.database },
    async (client, load) => {
      await applyDeferred(client, load.deferred)
      await client.query('ANALYZE')
      const installed = await client.query<{ name: string }>(
        `SELECT name FROM public.ir_module_module WHERE state IN ('installed', 'to upgrade', 'to remove') ORDER BY name`,
      )
      const names = installed.rows.map(({ name }) => name)
      const modules = names.filter((name) => catalogue.modules[name] !== undefined)
      const customModules = names.filter((name) => catalogue.modules[name] === undefined)
      const target = predictSchema(catalogue, new Set(modules), await extensionsOf(client))
      const own = ownershipOf(
        await readOwnNames(client, { customModules }, catalogue, await extractSchema(client), target),
        catalogue,
      )
      await client.query('CREATE SCHEMA IF NOT EXISTS uplift')
      await completeReference(client, catalogue, modules)
      const hops =
        before && compareSeries(before.series, series) < 0 ? await planHops(before.series, series) : []
      const packs = await Promise.all(hops.map(({ from, to }) => loadPack(from, to)))
      return verify(client, {
        series,
        target,
        modules,
        customModules,
        own,
        reference: 'ref',
        selections: selectionsOf(catalogue, modules),
        ...(before ? { before } : {}),
        facts: packs.map(({ facts }) => facts),
      })
    },
  )
}

async function snapshotOf(options: VerifyDumpOptions, path: string) {
  return withLoaded(options, path, {}, async (client) => {
    await client.query('ANALYZE')
    return takeSnapshot(client, await readSeries(client))
  })
}

/** Only the module list is read: the version decides which reference the dump is loaded beside. */
function seriesOfDump(options: VerifyDumpOptions, path: string): Promise<string> {
  return withLoaded(options, path, {}, readSeries, (table) => table === 'ir_module_module')
}

async function withLoaded<T>(
  { server, jobs, signal }: VerifyDumpOptions,
  path: string,
  from: { template?: string; ownTemplateObjects?: string },
  work: (client: pg.Client, load: LoadReport, scratch: Scratch) => Promise<T>,
  wantTable: (table: string) => boolean = () => true,
): Promise<T> {
  const dump = await openDump(path)
  try {
    const scratch = await server.createScratch(from)
    try {
      const load = await loadDump(dump, scratch, {
        wantTable: ({ name }) => wantTable(name),
        ...(jobs ? { jobs } : {}),
        ...(signal ? { signal } : {}),
      })
      return await scratch.with((client) => work(client, load, scratch))
    } finally {
      await scratch.drop()
    }
  } finally {
    await dump.close()
  }
}

function signalOf({ signal }: VerifyDumpOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}
