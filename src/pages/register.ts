import cookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { Assets } from './assets.ts'
import { Pages } from './page.ts'

/** Makes what all pages share: their cookies, and what they load. */
export async function openPages(app: FastifyInstance): Promise<Pages> {
  await app.register(cookie)
  const assets = await Assets.load()
  assets.register(app)
  return new Pages(assets)
}
