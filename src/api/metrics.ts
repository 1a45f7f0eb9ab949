import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { requestStates } from '../requests/request.ts'
import type { ApiDeps } from './deps.ts'
import { routeOf } from './logging.ts'
import { Refusal } from './refusal.ts'
import { stageSeconds } from './stage-seconds.ts'

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

export interface Metrics {
  uploaded(bytes: number): void
  /** What this server has counted since it was started. */
  counted(): Promise<Counted>
}

/** Calls and uploads of one server. */
export interface Counted {
  uploads: number
  bytes: number
  routes: { route: string; method: string; calls: number; seconds: number; failed: number }[]
}

/** `/metrics` in Prometheus's form, for this machine and for whoever has the token of the settings. */
export function registerMetrics(app: FastifyInstance, deps: ApiDeps): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'uplift_http_request_duration_seconds',
    help: 'Time of calls by route, to the end of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600, 3600],
    registers,
  })
  const bytes = new Counter({
    name: 'uplift_upload_bytes_total',
    help: 'Bytes of uploads that came in whole.',
    registers,
  })
  const uploads = new Counter({
    name: 'uplift_uploads_total',
    help: 'Uploads that came in whole.',
    registers,
  })
  registerRequestGauges(registers, deps)
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: routeOf(request), status: reply.statusCode }
    durations.observe(labels, reply.elapsedTime / 1000)
  })
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(request, deps.settings))
      throw new Refusal('PATH:NOT_FOUND', 'There is nothing at this path.')
    const text = (await registry.metrics()) + (await stageSeconds(deps.database.pool))
    return reply.type(registry.contentType).serializer(String).send(text)
  })
  return {
    uploaded: (count) => {
      uploads.inc()
      bytes.inc(count)
    },
    counted: async () => ({
      uploads: (await uploads.get()).values[0]?.value ?? 0,
      bytes: (await bytes.get()).values[0]?.value ?? 0,
      routes: byRoute((await durations.get()).values),
    }),
  }
}

/** Adds up what a histogram tells of each status. */
function byRoute(
  values: readonly {
    value: number
    metricName?: string
    labels: Partial<Record<string, string | number>>
  }[],
): Counted['routes'] {
  const routes = new Map<string, Counted['routes'][number]>()
  for (const { value, metricName = '', labels } of values) {
    const [route, method] = [String(labels.route), String(labels.method)]
    const row = routes.get(`${method} ${route}`) ?? { route, method, calls: 0, seconds: 0, failed: 0 }
    routes.set(`${method} ${route}`, row)
    if (metricName.endsWith('_sum')) row.seconds += value
    else if (metricName.endsWith('_count')) {
      row.calls += value
      if (Number(labels.status) >= 500) row.failed += value
    }
  }
  return [...routes.values()].toSorted((a, b) => b.calls - a.calls)
}

/** Figures of the service's tables; they are the same on every server that shares the database. */
function registerRequestGauges(registers: Registry[], { database }: ApiDeps): void {
  new Gauge({
    name: 'uplift_requests',
    help: 'Requests by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      const { rows } = await database.pool.query<{ state: string; count: number }>(
        'SELECT state, count(*)::int AS count FROM service.request GROUP BY state',
      )
      for (const state of requestStates)
        this.set({ state }, rows.find((row) => row.state === state)?.count ?? 0)
    },
  })
  new Gauge({
    name: 'uplift_queue_depth',
    help: 'Requests that wait for a worker.',
    registers,
    async collect() {
      const { rows } = await database.pool.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM service.request WHERE state = 'pending'`,
      )
      this.set(rows[0]!.count)
    },
  })
  new Gauge({
    name: 'uplift_queue_oldest_seconds',
    help: 'How long the request at the head of the queue waits.',
    registers,
    async collect() {
      const { rows } = await database.pool.query<{ seconds: number }>(
        `SELECT coalesce(extract(epoch FROM now() - min(queued_at)), 0)::float8 AS seconds
           FROM service.request WHERE state = 'pending'`,
      )
      this.set(rows[0]!.seconds)
    },
  })
}

/**
 * Behind a proxy that is not known to the settings every call seems to come from this machine: one that says it was passed
 * on does not count as such.
 */
function mayRead(
  request: FastifyRequest,
  { metricsToken, trustProxy }: Pick<ApiDeps['settings'], 'metricsToken' | 'trustProxy'>,
): boolean {
  const { headers } = request
  const passedOn =
    !trustProxy && (headers['x-forwarded-for'] ?? headers.forwarded ?? headers.via) !== undefined
  if (LOOPBACK.test(request.ip) && !passedOn) return true
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  return metricsToken !== null && given !== undefined && timingSafeEqual(digest(given), digest(metricsToken))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
