import type { Context, Next } from 'koa'
import { AppError } from '../../shared/domain/app-error.ts'
import type { Locale } from '../../shared/views/common.ts'
import type { Door, Session } from '../session.ts'
import { authenticateLogin, authenticateToken, type NewLogin } from '../usecases/access.ts'
import type { DoorState, HttpServices } from './context.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Finds out who asks, and refuses writes that a foreign site could have made the browser send. */
export function authenticate(services: HttpServices) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(ctx.get('authorization'))?.[1]
    const cookie = ctx.cookies.get(cookieNameOf(services))
    const em = services.orm.em.fork()
    const authenticated = bearer
      ? await authenticateToken(em, bearer)
      : cookie
        ? await authenticateLogin(em, cookie, services.now())
        : null
    if (bearer && !authenticated) throw new AppError('not_logged_in')
    if (!bearer && !safeMethods.has(ctx.method)) assertSameSite(ctx, services)
    ctx.state = { authenticated, byToken: bearer !== undefined } satisfies DoorState
    await next()
  }
}

/** Browsers say where a request comes from; a write that says nothing comes from no browser of ours. */
function assertSameSite(ctx: Context, { publicUrl }: HttpServices): void {
  const site = ctx.get('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return
  const origin = ctx.get('origin')
  const host = URL.parse(origin)?.host
  if (site === '' && host !== undefined && (host === ctx.host || host === URL.parse(publicUrl)?.host)) return
  throw new AppError('cross_site')
}

/** A session of the logged-in employee. @throws AppError not_logged_in */
export async function sessionOf(ctx: Context, services: HttpServices): Promise<Session> {
  const { authenticated, byToken } = ctx.state as DoorState
  if (!authenticated) throw new AppError('not_logged_in')
  const door: Door = byToken ? 'api' : 'web'
  return {
    em: services.orm.em.fork(),
    actor: authenticated.actor,
    now: services.now(),
    locale: askedLocale(ctx) ?? authenticated.locale,
    door,
    organization: await services.organization(),
  }
}

/** The language of an answer: asked for in the URL, else the employee's own, else the browser's. */
export function localeOf(ctx: Context): Locale {
  const own = (ctx.state as DoorState | undefined)?.authenticated?.locale
  return askedLocale(ctx) ?? own ?? (ctx.acceptsLanguages('ru', 'en') === 'en' ? 'en' : 'ru')
}

function askedLocale(ctx: Context): Locale | null {
  const { lang } = ctx.query
  return lang === 'ru' || lang === 'en' ? lang : null
}

export function setLoginCookie(ctx: Context, services: HttpServices, login: NewLogin): void {
  allowSecure(ctx, services)
  ctx.cookies.set(cookieNameOf(services), login.token, { ...cookieOptions(services), expires: login.expiresAt })
}

export function clearLoginCookie(ctx: Context, services: HttpServices): void {
  allowSecure(ctx, services)
  ctx.cookies.set(cookieNameOf(services), null, cookieOptions(services))
}

/** Behind a proxy that ends https the request itself comes over http: the public address decides. */
function allowSecure(ctx: Context, services: HttpServices): void {
  ctx.cookies.secure = services.publicUrl.startsWith('https:')
}

/** `__Host-` binds the cookie to this very host; browsers accept it over https only. */
export function cookieNameOf({ publicUrl }: Pick<HttpServices, 'publicUrl'>): string {
  return publicUrl.startsWith('https:') ? '__Host-sid' : 'sid'
}

function cookieOptions({ publicUrl }: HttpServices) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: publicUrl.startsWith('https:'), overwrite: true } as const
}
