import type { Catalogue } from '../catalogue/catalogue.ts'
import { completeCatalogue } from '../catalogue/complete.ts'
import { loadCatalogue } from '../catalogue/load.ts'
import type { Server } from '../postgres/server.ts'
import { addReference, databaseExists } from '../reference/add.ts'
import { ReferenceStore, type StoredReference } from '../reference/store.ts'

/** What an upgrade goes towards: a reference with the catalogue that it completes, or the built-in catalogue alone. */
export interface Target {
  reference: StoredReference | null
  catalogue: Catalogue
}

export interface TargetChoice {
  server: Server
  dataFolder: string
  /** Series to upgrade to. */
  to: string
  /** Dump of a fresh database of the target; default: the one that was added, else the built-in catalogue. */
  reference?: string
  /** Only the built-in catalogue, even where a reference was added. */
  catalogueOnly?: boolean
  signal?: AbortSignal
}

export async function chooseTarget(choice: TargetChoice): Promise<Target> {
  const { server, dataFolder, reference, to, catalogueOnly, signal } = choice
  if (catalogueOnly) return { reference: null, catalogue: await loadCatalogue(to) }
  const store = new ReferenceStore(dataFolder)
  const stored = reference
    ? await addReference({ server, dataFolder, series: to, dump: reference, ...(signal ? { signal } : {}) })
    : await store.find(to)
  if (!stored || !(await databaseExists(server, stored.database)))
    return { reference: null, catalogue: await loadCatalogue(to) }
  return targetOf(store, stored)
}

/** The very target that a former try went towards; null when its reference was removed meanwhile. */
export async function sameTarget(
  dataFolder: string,
  to: string,
  reference: StoredReference | null,
): Promise<Target | null> {
  if (reference === null) return { reference: null, catalogue: await loadCatalogue(to) }
  const store = new ReferenceStore(dataFolder)
  const stored = await store.find(to, reference.sha256)
  return stored ? targetOf(store, stored) : null
}

async function targetOf(store: ReferenceStore, stored: StoredReference): Promise<Target> {
  return {
    reference: stored,
    catalogue: completeCatalogue(await loadCatalogue(stored.series), await store.catalogue(stored)),
  }
}

/** How the scratch database of an upgrade is made: as a copy of the reference, whose tables are in schema `ref`. */
export function scratchOptions({ reference }: Target): { template?: string; ownTemplateObjects?: string } {
  return reference ? { template: reference.database, ownTemplateObjects: reference.database } : {}
}
