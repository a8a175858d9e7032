import type { Middleware } from 'koa'
import send from 'koa-send'
import { readScreenParts } from './screen-parts.ts'

const yearMs = 365 * 24 * 3600 * 1000

/**
 * Serves the built app: hashed files for a year, the rest revalidated, and for every other address of the app its one page.
 * Ready-made Brotli and gzip files are sent where the browser takes them. The page names the scripts and styles of its screen in `Link`.
 */
export function serveApp(folder: string): Middleware {
  const linksOf = readScreenParts(folder)
  return async (ctx) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return
    const hashed = ctx.path.startsWith('/_app/immutable/')
    const options = { root: folder, brotli: true, gzip: true, hidden: false, immutable: hashed, maxage: hashed ? yearMs : 0 }
    const found = ctx.path === '/' ? false : await sendIfThere(() => send(ctx, ctx.path, options))
    if (found) {
      if (!hashed) ctx.set('Cache-Control', 'no-cache')
      return
    }
    if (ctx.path.startsWith('/_app/') || /\.[a-z\d]{2,5}$/i.test(ctx.path)) return
    if (!(await sendIfThere(() => send(ctx, '/200.html', options)))) return
    ctx.set('Cache-Control', 'no-cache')
    const links = linksOf(ctx.path)
    if (links) ctx.set('Link', links)
  }
}

async function sendIfThere(attempt: () => Promise<string | undefined>): Promise<boolean> {
  try {
    return (await attempt()) !== undefined
  } catch (error) {
    const { status } = error as { status?: number }
    if (status === 404 || status === 400 || status === 403) return false
    throw error
  }
}
