import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

/** A folder of the suite's own, removed at its end. */
export function temporaryFolder(): { path(name?: string): string } {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uplift-dumps-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return { path: (name = '') => join(folder, name) }
}
