import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startCluster } from '../../src/postgres/cluster.ts'
import type { ServerAddress } from '../../src/postgres/server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    server: ServerAddress
  }
}

/** One scratch cluster for the whole run; suites make their own databases on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'uplift-test-'))
  await chmod(folder, 0o755)
  const server = await startCluster(join(folder, 'postgres'))
  project.provide('server', server.admin)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
