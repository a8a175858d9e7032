import type { Context, Middleware } from 'koa'
import { AppError } from '../../shared/domain/app-error.ts'
import type { Locale } from '../../shared/views/common.ts'
import { countOpening, findShare, readSharedFile } from '../usecases/reports/share-report.ts'
import type { HttpServices } from './context.ts'
import { noReportPage, sharedPage } from './shared-page.ts'

const base = '/shared/'
const address = /^\/shared\/([\w-]{43})(?:\/(file|picture))?$/

/**
 * Shows a shared report to whoever has its link: no login, nothing else of the app, nothing for search engines. An unknown link is 404, one
 * that has ended 410; who tries many is told to wait.
 */
export function serveSharedReports(services: HttpServices): Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith(base)) return next()
    ctx.set({
      'X-Robots-Tag': 'noindex, nofollow, noarchive',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'private, no-store',
    })
    try {
      await show(ctx, services)
    } catch (error) {
      refuse(ctx, services, error)
    }
  }
}

async function show(ctx: Context, services: HttpServices): Promise<void> {
  const [, token, part] = address.exec(ctx.path) ?? []
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return say(ctx, 405, 'unknown')
  await services.limits.countOpening(ctx.ip)
  const em = services.orm.em.fork()
  const found = token === undefined ? null : await findShare(em, token, services.now())
  if (found === null) {
    await services.limits.countGuess(ctx.ip)
    return say(ctx, 404, 'unknown')
  }
  if (found === 'ended') return say(ctx, 410, 'ended')
  if (part === undefined) {
    if (ctx.method === 'GET') await countOpening(em, found, services.now())
    ctx.type = 'html'
    ctx.body = sharedPage(found, ctx.path)
    return
  }
  const file = await readSharedFile(em, found, part === 'file' ? 'file' : 'picture')
  if (!file) return say(ctx, 410, 'ended')
  if (part === 'file') ctx.attachment(file.name)
  ctx.type = file.mediaType
  ctx.body = file.content
}

function refuse(ctx: Context, { log }: HttpServices, error: unknown): void {
  if (error instanceof AppError && error.code === 'rate_limited') {
    ctx.set('Retry-After', String(error.details['seconds']))
    say(ctx, 429, 'tooMany')
  } else {
    log.error({ err: error }, 'a shared report failed')
    say(ctx, 500, 'broken')
  }
}

function say(ctx: Context, status: number, why: 'ended' | 'unknown' | 'tooMany' | 'broken'): void {
  const locale: Locale = ctx.acceptsLanguages('ru', 'en') === 'en' ? 'en' : 'ru'
  ctx.status = status
  ctx.type = 'html'
  ctx.body = noReportPage(locale, why)
}
