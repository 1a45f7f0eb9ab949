import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A line to a server that breaks where a test wants it to. */
export interface CuttingLine {
  endpoint: string
  /** Breaks the connection of the next request that begins with `request`, after so many bytes of its answer. */
  cutNext(request: RegExp, afterBytes: number): void
  /** How many were broken. */
  cuts(): number
  close(): Promise<void>
}

export async function cuttingLine(endpoint: string): Promise<CuttingLine> {
  const target = new URL(endpoint)
  const orders: { request: RegExp; afterBytes: number }[] = []
  const sockets = new Set<Socket>()
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let left = Number.POSITIVE_INFINITY
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk: Buffer) => {
      const head = chunk.toString('latin1', 0, 2000)
      const place = orders.findIndex(({ request }) => request.test(head))
      if (place >= 0) left = orders.splice(place, 1)[0]!.afterBytes
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (chunk.length <= left) {
        left -= chunk.length
        client.write(chunk)
        return
      }
      cuts++
      upstream.destroy()
      if (left > 0) client.end(chunk.subarray(0, left))
      else client.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('There is no port.')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    cutNext: (request, afterBytes) => orders.push({ request, afterBytes }),
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
