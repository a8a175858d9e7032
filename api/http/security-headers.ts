import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import helmet from 'koa-helmet'
import { followFile } from './follow-file.ts'

/**
 * Headers of every answer. Scripts come from this origin only; the app's one inline start script is allowed by its hash.
 * Inline styles are allowed because frappe-charts sets them.
 */
export function protectHeaders(appFolder: string): Middleware {
  const scripts = followFile(join(appFolder, '200.html'), hashesOf, '')
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", () => scripts()],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  }) as Middleware
}

/** The hashes of the page's inline scripts as one source list. */
function hashesOf(html: string): string {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]
    .map(
      ([, code]) =>
        `'sha256-${createHash('sha256')
          .update(code ?? '')
          .digest('base64')}'`,
    )
    .join(' ')
}
