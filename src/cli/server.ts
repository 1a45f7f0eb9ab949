import { openServer } from '../postgres/cluster.ts'
import type { Server } from '../postgres/server.ts'
import type { Context } from './context.ts'

/** Runs work that needs PostgreSQL: starts the scratch cluster or takes the operator's server, and leaves it afterwards. */
export async function withServer<T>(
  context: Context,
  work: (server: Server, dataFolder: string) => Promise<T>,
): Promise<T> {
  const dataFolder = await context.dataFolder()
  const server = await openServer(dataFolder, context.env)
  try {
    context.signal.throwIfAborted()
    return await work(server, dataFolder)
  } finally {
    await server.stop()
  }
}
