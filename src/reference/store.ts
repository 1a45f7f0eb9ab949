import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { writeOnce } from '../storage/write-once.ts'

/** A reference that was added: a template database on the scratch server and the catalogue that was read from it. */
export interface StoredReference {
  series: string
  /** SHA-256 of the dump it was made of, in hex. */
  sha256: string
  /** Name of the template database and of the role that owns its objects. */
  database: string
  modules: string[]
  addedAt: string
  bytes: number
  /** Whether it has demonstration data, which a reference should not; absent in those of before. */
  demonstration?: boolean
}

/** Raised with the shape of a stored catalogue: references of an older shape are not found, and are made again. */
const FORMAT = 1

/** The references of one data folder: `<series>-<sha256>.json` with a catalogue beside each. */
export class ReferenceStore {
  readonly #folder: string

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'references')
  }

  async list(): Promise<StoredReference[]> {
    const files = await readdir(this.#folder).catch(() => [])
    const found = await Promise.all(
      files
        .filter((file) => file.endsWith(`-v${FORMAT}.json`))
        .map(async (file) => JSON.parse(await readFile(join(this.#folder, file), 'utf8')) as StoredReference),
    )
    return found.sort((a, b) => Number(a.series) - Number(b.series) || (a.addedAt < b.addedAt ? 1 : -1))
  }

  async find(series: string, sha256?: string): Promise<StoredReference | undefined> {
    return (await this.list()).find(
      (entry) => entry.series === series && (sha256 === undefined || entry.sha256 === sha256),
    )
  }

  /** What tells the template databases of this folder from those of others on the same server; made once. */
  async own(): Promise<string> {
    const file = join(this.#folder, 'own')
    await mkdir(this.#folder, { recursive: true })
    await writeOnce(file, randomBytes(6).toString('hex'))
    return readFile(file, 'utf8')
  }

  async save(reference: StoredReference, catalogue: Catalogue): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    await writeFile(this.#catalogueFile(reference), JSON.stringify(catalogue))
    await writeFile(
      join(this.#folder, `${reference.series}-${reference.sha256}-v${FORMAT}.json`),
      JSON.stringify(reference, null, 2),
    )
  }

  async catalogue(reference: StoredReference): Promise<Catalogue> {
    return JSON.parse(await readFile(this.#catalogueFile(reference), 'utf8')) as Catalogue
  }

  async remove(reference: StoredReference): Promise<void> {
    await rm(join(this.#folder, `${reference.series}-${reference.sha256}-v${FORMAT}.json`), { force: true })
    await rm(this.#catalogueFile(reference), { force: true })
  }

  #catalogueFile({ series, sha256 }: StoredReference): string {
    return join(this.#folder, `${series}-${sha256}-v${FORMAT}.catalogue`)
  }
}
