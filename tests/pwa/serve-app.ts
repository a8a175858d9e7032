import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** APP_FOLDER points to another build, so that one may be made while another is being tested. */
const buildFolder = process.env['APP_FOLDER'] ?? fileURLToPath(new URL('../../pwa/build', import.meta.url))
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain',
}
/** Sends a part of the built app, or its one page for every address that names no file. @param build changes the worker’s file, as a new build does. */
export async function serveApp(path: string, response: ServerResponse, csp: string, build: number): Promise<void> {
  const file = join(buildFolder, normalize(path))
  const isPart = extname(path) !== ''
  try {
    const data = await readFile(isPart ? file : join(buildFolder, '200.html'))
    response.writeHead(200, {
      'Content-Type': contentTypes[isPart ? extname(path) : '.html'] ?? 'application/octet-stream',
      'Content-Security-Policy': csp,
    })
    response.end(path === '/service-worker.js' ? `${data.toString()}\n// build ${build}` : data)
  } catch {
    response.writeHead(404).end()
  }
}

/** The policy that the server sends: scripts of this origin, and the page's own inline ones by their hashes. */
export async function contentSecurityPolicy(): Promise<string> {
  const page = await readFile(join(buildFolder, '200.html'), 'utf8')
  const hashes = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, code]) =>
      `'sha256-${createHash('sha256')
        .update(code ?? '')
        .digest('base64')}'`,
  )
  return `default-src 'self'; script-src 'self' ${hashes.join(' ')}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'`
}
