import bodyParser from '@koa/bodyparser'
import Router from '@koa/router'
import Koa, { type Middleware } from 'koa'
import { AppError } from '../../shared/domain/app-error.ts'
import { authenticate } from './auth.ts'
import type { HttpServices } from './context.ts'
import type { Route } from './endpoint.ts'
import { countRequests } from './metrics.ts'
import { handleErrors } from './on-error.ts'
import { docsPage, openApiDocument } from './openapi.ts'
import { protectHeaders } from './security-headers.ts'
import { serveSharedReports } from './shared-report.ts'
import { serveApp } from './static.ts'

/** What else is mounted beside the API: health, metrics, the bot's doors. They go first and see the raw request. */
export type AppParts = {
  readonly services: HttpServices
  readonly routes: readonly Route[]
  readonly extras: readonly Middleware[]
  readonly appFolder: string
}

/** Assembles the HTTP door. */
export function createHttpApp({ services, routes, extras, appFolder }: AppParts): Koa {
  const app = new Koa()
  app.on('error', (error: NodeJS.ErrnoException) => {
    // A reader who went away is no fault of ours.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET' && error.code !== 'EPIPE')
      services.log.error({ err: error }, 'http')
  })
  app.use(countRequests())
  app.use(protectHeaders(appFolder))
  for (const extra of extras) app.use(extra)
  app.use(onlyBelow('/api/', handleErrors(services)))
  app.use(onlyBelow('/api/', authenticate(services)))
  app.use(
    onlyBelow(
      '/api/',
      bodyParser({ enableTypes: ['json'], jsonLimit: '1mb', parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'] }),
    ),
  )
  const router = apiRouter(routes, services)
  app.use(router.routes())
  app.use(onlyBelow('/api/', () => Promise.reject(new AppError('not_found'))))
  app.use(serveSharedReports(services))
  app.use(serveApp(appFolder))
  return app
}

function apiRouter(routes: readonly Route[], services: HttpServices): Router {
  const router = new Router({ prefix: '/api', sensitive: true })
  for (const route of routes) {
    router.register(route.path, [route.method.toLowerCase()], async (ctx) => {
      ctx.set('Cache-Control', 'no-store')
      if (hasBody(ctx.method) && !route.rawBody && ctx.request.length && !ctx.is('json'))
        throw new AppError('unsupported_media', { expected: 'application/json' })
      await route.handle(ctx as never, services)
    })
  }
  const document = openApiDocument(routes)
  router.get('/openapi.json', (ctx) => {
    ctx.body = document
  })
  router.get('/docs', (ctx) => {
    ctx.type = 'html'
    ctx.body = docsPage(document)
  })
  return router
}

function hasBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function onlyBelow(prefix: string, middleware: Middleware): Middleware {
  return (ctx, next) => (ctx.path.startsWith(prefix) ? middleware(ctx, next) : next())
}
