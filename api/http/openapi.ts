import { z } from 'zod'
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi'
import { errorStatus } from '../../shared/messages/errors.ts'
import type { Route } from './endpoint.ts'

type OpenApi = ReturnType<typeof createDocument>

const ErrorBody = z
  .object({
    error: z.object({ code: z.enum(Object.keys(errorStatus) as [string]), message: z.string(), details: z.unknown().optional() }),
  })
  .meta({ id: 'Error' })

/** The OpenAPI 3.1 document, made from the same table of routes that the router is made from. */
export function openApiDocument(routes: readonly Route[]): OpenApi {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    const path = `/api${route.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Voronka',
      version: '1',
      description: 'Everything the app does goes through this API. Changing a versioned thing needs If-Match with its version.',
    },
    components: {
      securitySchemes: { cookie: { type: 'apiKey', in: 'cookie', name: 'sid' }, token: { type: 'http', scheme: 'bearer' } },
    },
    paths,
  })
}

function operation(route: Route) {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)
  const pick = (keep: (key: string) => boolean) =>
    z.strictObject(Object.fromEntries(Object.entries(route.schema.shape).filter(([key]) => key !== 'version' && keep(key))))
  const rest = pick((key) => !names.includes(key))
  const reads = route.method === 'GET'
  const versioned = 'version' in route.schema.shape
  return {
    summary: route.summary,
    security: route.open ? [] : [{ cookie: [] }, { token: [] }],
    requestParams: {
      path: pick((key) => names.includes(key)),
      ...(reads ? { query: rest } : {}),
      ...(versioned ? { header: z.object({ 'If-Match': z.string() }) } : {}),
    },
    ...(reads || Object.keys(rest.shape).length === 0
      ? {}
      : { requestBody: { content: { 'application/json': { schema: rest } } } }),
    responses: {
      '2XX': { description: 'Done' },
      default: { description: 'Refused', content: { 'application/json': { schema: ErrorBody } } },
    },
  }
}

/** The document as a page to read: no script, no foreign files. */
export function docsPage(document: OpenApi): string {
  const rows = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(
      item as Record<
        string,
        {
          summary?: string
          parameters?: { name: string; in: string }[]
          requestBody?: { content: Record<string, { schema: { properties?: Record<string, unknown> } }> }
        }
      >,
    ).map(([method, details]) => {
      const parameters = (details.parameters ?? []).map((parameter) => parameter.name)
      const body = Object.keys(Object.values(details.requestBody?.content ?? {})[0]?.schema.properties ?? {})
      return `<tr><td><b>${method.toUpperCase()}</b></td><td><code>${escapeHtml(path)}</code></td><td>${escapeHtml(details.summary ?? '')}</td><td>${escapeHtml([...parameters, ...body].join(', '))}</td></tr>`
    }),
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Voronka API</title>
<style>body{font:15px/1.4 system-ui,sans-serif;margin:24px;color-scheme:light dark}table{border-collapse:collapse}td,th{padding:6px 12px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid #8888}</style>
<h1>Voronka API</h1><p>The full description is <a href="/api/openapi.json">openapi.json</a>. Log in for a cookie, or send <code>Authorization: Bearer …</code>.
Changing a versioned thing needs <code>If-Match</code>. POST takes <code>Idempotency-Key</code>.</p>
<table><thead><tr><th>Method</th><th>Path</th><th>What</th><th>Input</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
