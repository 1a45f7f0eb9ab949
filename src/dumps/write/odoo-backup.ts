import { createReadStream } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UpliftError } from '../../errors.ts'
import type { FilestoreFile } from '../dump.ts'
import type { Job } from './job.ts'
import type { FilestoreSource, Written } from './options.ts'
import { writeSql } from './plain.ts'
import { FileSink } from './sink.ts'
import { ZipFile } from './zip-file.ts'

/** Files of a filestore are named after their content: the first two digits of its SHA-1, then all forty. */
const STORE_NAME = /^([0-9a-f]{2})\/\1[0-9a-f]{38}$/

/** Odoo's own backup: dump.sql, manifest.json and the filestore, as its database manager restores them. */
export async function writeOdooBackup(
  job: Job,
  path: string,
  filestores: readonly FilestoreSource[],
  postgresql: string,
): Promise<Written> {
  const manifest = await manifestOf(job, postgresql)
  const sink = await FileSink.create(path, { hashed: true })
  try {
    const zip = new ZipFile(sink, job.level, job.plan.createdAt)
    await zip.add('dump.sql', (put) => writeSql(job, put))
    await zip.add('manifest.json', async (put) => {
      await put(Buffer.from(JSON.stringify(manifest, null, 4)))
    })
    // Two sources may hold the same file, as the same content always has the same name.
    const names = new Set<string>()
    for (const filestore of filestores)
      for await (const file of typeof filestore === 'string' ? filesOf(filestore) : filestore) {
        const name = storeName(file)
        if (names.has(name)) continue
        names.add(name)
        await zip.add(`filestore/${name}`, (put) => copyFile(file, put))
      }
    await zip.end()
    return { bytes: sink.position, sha256: await sink.finish(), files: names.size }
  } catch (thrown) {
    await sink.abandon()
    throw thrown
  }
}

function storeName(file: FilestoreFile): string {
  const name = file.name.replaceAll('\\', '/')
  if (!name.split('/').every((part) => part !== '' && part !== '.' && part !== '..'))
    throw new UpliftError('DUMP:HOSTILE', `The filestore has a file whose name leads outside: ${file.name}`, {
      detail: { name: file.name },
    })
  return name
}

async function copyFile(
  file: FilestoreFile,
  put: (bytes: Buffer) => Promise<void> | undefined,
): Promise<void> {
  let bytes = 0
  for await (const piece of await file.open()) {
    const part = piece as Buffer
    bytes += part.length
    await put(part)
  }
  if (bytes !== file.bytes)
    throw new UpliftError(
      'DUMP:TRUNCATED',
      `The file ${file.name} of the filestore has ${bytes} bytes where ${file.bytes} were announced.`,
      { detail: { name: file.name } },
    )
}

/** The files of a filestore on disk, folder by folder; what Odoo keeps beside them (checklist/) is not part of it. */
export async function* filesOf(folder: string): AsyncGenerator<FilestoreFile> {
  for await (const group of await opendir(folder)) {
    if (!group.isDirectory() || !/^[0-9a-f]{2}$/.test(group.name)) continue
    for await (const entry of await opendir(join(folder, group.name))) {
      const name = `${group.name}/${entry.name}`
      if (!entry.isFile() || !STORE_NAME.test(name)) continue
      const path = join(folder, name)
      const { size } = await stat(path)
      yield { name, bytes: size, open: async () => createReadStream(path, { highWaterMark: 256 * 1024 }) }
    }
  }
}

/** The keys and shapes of Odoo's manifest.json (odoo/service/db.py). */
async function manifestOf(job: Job, postgresql: string): Promise<Record<string, unknown>> {
  const rows = await job.source
    .query<{ name: string; version: string | null }>(
      `SELECT name, latest_version AS version FROM public.ir_module_module WHERE state = 'installed' ORDER BY name`,
    )
    .catch((cause: unknown) => {
      throw new UpliftError(
        'OUTPUT:UNSUPPORTED',
        'A backup in the form of Odoo can only be made of an Odoo database.',
        {
          cause,
        },
      )
    })
  const base = rows.find(({ name }) => name === 'base')?.version ?? ''
  const major = /^(?:saas~)?\d+\.\d+/.exec(base)?.[0]
  if (major === undefined)
    throw new UpliftError(
      'OUTPUT:UNSUPPORTED',
      `The module base has no version in this database ("${base}").`,
    )
  const [first, second] = major.replace('saas~', '').split('.').map(Number)
  return {
    odoo_dump: '1',
    db_name: job.plan.databaseName,
    version: major,
    version_info: [first, second, 0, 'final', 0, ...(first! >= 9 ? [''] : [])],
    major_version: major,
    pg_version: postgresql.startsWith('9.') ? postgresql : `${postgresql}.0`,
    modules: Object.fromEntries(rows.map(({ name, version }) => [name, version])),
  }
}
