import type { Middleware } from 'koa'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const registry = new Registry()
collectDefaultMetrics({ register: registry })
const durations = new Histogram({
  name: 'voronka_http_request_duration_seconds',
  help: 'Time to answer, by route, method and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
})

const funnelPending = new Gauge({
  name: 'voronka_funnel_pending_rows',
  help: 'Changes of deals that are not in the sums of the funnel yet: figures count them, but grow slower with them',
  registers: [registry],
})

/** What the jobs of this process found. */
export function noteFunnelPending(rows: number): void {
  funnelPending.set(rows)
}

/** Measures every request under its route's pattern, so that numbers in paths do not multiply the series. */
export function countRequests(): Middleware {
  return async (ctx, next) => {
    const done = durations.startTimer()
    await next()
    const pattern = (ctx as unknown as { _matchedRoute?: string })._matchedRoute
    done({ method: ctx.method, route: pattern ?? (ctx.path.startsWith('/api/') ? '/api' : '/'), status: ctx.status })
  }
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/** `/metrics` in Prometheus' text form, to this machine only. */
export function serveMetrics(): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/metrics') return next()
    if (!loopback.has(ctx.req.socket.remoteAddress ?? '') || ctx.get('x-forwarded-for') !== '') {
      ctx.status = 404
      return
    }
    ctx.type = registry.contentType
    ctx.body = await registry.metrics()
  }
}
