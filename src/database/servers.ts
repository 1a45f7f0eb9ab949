import { join } from 'node:path'
import type { Settings } from '../config/settings.ts'
import { openServer, startCluster } from '../postgres/cluster.ts'
import type { Server } from '../postgres/server.ts'

/** The two servers of an installation; they are one when the operator named his own. */
export interface Servers {
  /** Holds what the service remembers. */
  service: Server
  /** Holds scratch databases and references. */
  scratch: Server
  /** Leaves both; clusters of our own stop when nobody else uses them. */
  stop(): Promise<void>
}

/**
 * Starts or finds the servers.
 * @throws UpliftError CLUSTER:*
 */
export async function openServers(
  settings: Pick<Settings, 'dataFolder' | 'postgresUrl' | 'env'>,
): Promise<Servers> {
  const { dataFolder, postgresUrl, env } = settings
  if (postgresUrl) {
    const server = await openServer(dataFolder, { ...env, UPLIFT_PG_URL: postgresUrl })
    return { service: server, scratch: server, stop: () => server.stop() }
  }
  const scratch = await startCluster(join(dataFolder, 'postgres'), env)
  const service = await startCluster(join(dataFolder, 'service'), env, 'service')
  return {
    service,
    scratch,
    stop: async () => {
      await service.stop()
      await scratch.stop()
    },
  }
}
