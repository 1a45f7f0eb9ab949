import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { installationPrefix, scratchPrefix } from './attempt.ts'
import type { WorkerDeps } from './deps.ts'

type Place = Pick<WorkerDeps, 'database' | 'settings' | 'scratchServer'>

/**
 * Drops what requests that have ended left on this machine and its scratch server: a worker may die between the end of a
 * request and its cleaning up, and one that was overtaken may make a database after it.
 * @returns the numbers of the requests
 */
export async function dropLeftovers(place: Place): Promise<number[]> {
  const prefix = await installationPrefix(place.database)
  const server = await place.scratchServer()
  const names = [...(await server.scratchTraces(prefix)), ...(await workNames(place))]
  const requests = new Set(
    names
      .filter((name) => name.startsWith(prefix))
      .map((name) => Number(/^\d+(?=_)/.exec(name.slice(prefix.length))?.[0])),
  )
  const dropped: number[] = []
  for (const request of requests)
    if (Number.isSafeInteger(request) && (await dropLeftoversOf(place, request))) dropped.push(request)
  return dropped
}

/** Drops what the tries of a request left here, if it has ended or is there no more. Says whether it has. */
export async function dropLeftoversOf(place: Place, request: number): Promise<boolean> {
  const prefix = await scratchPrefix(place.database, request)
  const server = await place.scratchServer()
  // As long as the row is held nobody can ask for the request again.
  return place.database.transaction(async (client) => {
    const { rows } = await client.query<{ open: boolean }>(
      `SELECT state IN ('pending', 'progress') AS open FROM service.request WHERE id = $1 FOR SHARE`,
      [request],
    )
    if (rows[0]?.open) return false
    await server.dropScratches(prefix)
    for (const name of await workNames(place))
      if (name.startsWith(prefix))
        await rm(join(place.settings.dataFolder, 'work', name), { recursive: true, force: true })
    return true
  })
}

function workNames({ settings }: Place): Promise<string[]> {
  return readdir(join(settings.dataFolder, 'work')).catch(() => [])
}
