import type { FastifyInstance } from 'fastify'
import { Assets } from './assets.ts'
import { Pages } from './page.ts'

/** Makes what all pages share, and what they load. */
export async function openPages(app: FastifyInstance): Promise<Pages> {
  const assets = await Assets.load()
  assets.register(app)
  return new Pages(assets)
}
