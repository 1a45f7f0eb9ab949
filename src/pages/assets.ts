import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

/**
 * What the pages load besides themselves: name → file. Scripts are served as they are written, all in one folder, where they
 * find what they import.
 */
const files = {
  'uplift.css': here('assets/uplift.css'),
  'common.js': here('browser/common.js'),
  'form.js': here('browser/form.js'),
  'parts.js': here('browser/parts.js'),
  'fields.js': here('browser/fields.js'),
  'quantities.js': here('browser/quantities.js'),
  'progress.js': here('browser/progress.js'),
  'contents.js': here('browser/contents.js'),
  'order.js': here('browser/order.js'),
  'upload.js': here('browser/upload.js'),
  'status.js': here('browser/status.js'),
  'notes.js': here('browser/notes.js'),
  'console.js': here('browser/console.js'),
  'tus.js': createRequire(import.meta.url).resolve('tus-js-client/dist/tus.min.js'),
  'icon.svg': here('assets/icon.svg'),
  'icon-pending.svg': here('assets/icon-pending.svg'),
  'icon-progress.svg': here('assets/icon-progress.svg'),
  'icon-done.svg': here('assets/icon-done.svg'),
  'icon-failed.svg': here('assets/icon-failed.svg'),
  'icon-cancelled.svg': here('assets/icon-cancelled.svg'),
} as const

export type AssetName = keyof typeof files

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' }

interface Asset {
  type: string
  plain: Buffer
  gzip: Buffer
  br: Buffer
}

/** All assets, read and compressed once. */
export class Assets {
  readonly #assets: ReadonlyMap<AssetName, Asset>
  /** "/assets/1a2b3c4d5e": other contents have another address. */
  readonly #folder: string

  private constructor(assets: ReadonlyMap<AssetName, Asset>) {
    this.#assets = assets
    const hash = createHash('sha256')
    for (const { plain } of assets.values()) hash.update(plain)
    this.#folder = `/assets/${hash.digest('hex').slice(0, 10)}`
  }

  static async load(): Promise<Assets> {
    const names = Object.keys(files) as AssetName[]
    return new Assets(
      new Map(await Promise.all(names.map(async (name) => [name, await loadAsset(name)] as const))),
    )
  }

  url(name: AssetName): string {
    return `${this.#folder}/${name}`
  }

  /** Serves them, for ever: an address never gets another content. */
  register(app: FastifyInstance): void {
    for (const [name, asset] of this.#assets)
      app.get(this.url(name), { schema: { hide: true }, logLevel: 'warn' }, (call, reply) => {
        const accepts = String(call.headers['accept-encoding'] ?? '')
        const encoding = (['br', 'gzip'] as const).find((name) =>
          new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepts),
        )
        if (encoding) reply.header('content-encoding', encoding)
        return reply
          .headers({
            'cache-control': 'public, max-age=31536000, immutable',
            vary: 'accept-encoding',
            'x-content-type-options': 'nosniff',
          })
          .type(asset.type)
          .send(encoding ? asset[encoding] : asset.plain)
      })
  }
}

async function loadAsset(name: AssetName): Promise<Asset> {
  const plain = await readFile(files[name])
  return {
    type: types[name.split('.')[1] as keyof typeof types],
    plain,
    gzip: await promisify(gzip)(plain, { level: 9 }),
    br: await promisify(brotliCompress)(plain, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    }),
  }
}

function here(path: string): string {
  return new URL(path, import.meta.url).pathname
}
