import type { FastifyInstance } from 'fastify'
import { productVersion } from '../../../cli/product.ts'
import { html } from '../../../words/html.ts'
import { languageOf } from '../../language.ts'
import type { Console } from '../console.ts'
import { DiskReader, readOverview } from './facts.ts'
import { overviewCharts, overviewNow } from './page.ts'
import { overviewWords } from './words.ts'

/** Seconds between two looks of an overview that is open in a browser. */
const REFRESH_SECONDS = 5

export function registerOverview(app: FastifyInstance, console: Console): void {
  const { database, settings } = console.deps
  const disk = new DiskReader(console.deps)
  app.get('/console', { schema: { hide: true }, exposeHeadRoute: false }, async (call, reply) => {
    const language = languageOf(call)
    const words = overviewWords(language)
    const overview = await readOverview(database)
    return console.send(call, reply, 200, {
      part: 'overview',
      title: words.title,
      lead: words.version(await productVersion()),
      body: html`<div id="live" data-refresh="${REFRESH_SECONDS}">${overviewNow(language, overview, await disk.read(), settings)}</div>
${overviewCharts(language, overview)}`,
    })
  })
}
