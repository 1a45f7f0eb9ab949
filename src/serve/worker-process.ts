import { loadSettings, type SettingFlags } from '../config/settings.ts'
import { openDatabase } from '../database/database.ts'
import { openServers } from '../database/servers.ts'
import { runWorker } from '../jobs/worker.ts'
import { openStorage } from '../storage/open.ts'
import { makeLog } from './log.ts'

/** One worker process, until the signal is aborted or the server that started it is gone. */
export async function workerProcess(
  flags: SettingFlags & { concurrency?: number },
  env: NodeJS.ProcessEnv,
  stop: AbortSignal,
): Promise<void> {
  const loaded = await loadSettings(env, flags)
  const settings = flags.concurrency === undefined ? loaded : { ...loaded, concurrency: flags.concurrency }
  const log = makeLog(settings, 'worker')
  const orphaned = new AbortController()
  process.once('disconnect', () => orphaned.abort(new Error('The server that started this worker is gone.')))
  const servers = await openServers(settings)
  const database = await openDatabase(servers.service)
  try {
    await runWorker(
      {
        settings,
        database,
        storage: openStorage(settings),
        scratchServer: async () => {
          await servers.scratch.ensure()
          return servers.scratch
        },
        log,
      },
      AbortSignal.any([stop, orphaned.signal]),
    )
    log.info('the worker has stopped')
  } finally {
    await database.close()
    await servers.stop().catch(() => {})
  }
}
