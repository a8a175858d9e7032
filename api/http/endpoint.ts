import type { Context } from 'koa'
import type { z } from 'zod'
import { AppError } from '../../shared/domain/app-error.ts'
import type { Reader } from '../presenters/deals.ts'
import type { Session } from '../session.ts'
import { sessionOf } from './auth.ts'
import type { HttpServices } from './context.ts'
import { once } from './idempotency.ts'
import { parseInput } from './parse-input.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One row of the API: what the router, the OpenAPI document and the permission matrix are all made from. */
export type Route = {
  readonly method: Method
  /** Below `/api`; parameters as `:name`. */
  readonly path: string
  readonly summary: string
  readonly schema: z.ZodObject
  /** Answers to strangers too. */
  readonly open: boolean
  /** Takes its body as it comes, such as a file: the route reads `ctx.req` itself. */
  readonly rawBody?: boolean
  readonly handle: (ctx: Context, services: HttpServices) => Promise<void>
}

type Options<View> = {
  readonly summary: string
  readonly status?: number
  /** Version of the answer, for ETag. */
  readonly version?: (view: View) => number
  /** A fixed value among the input, such as what a noun in the URL stands for. */
  readonly fixed?: Readonly<Record<string, unknown>>
}

/**
 * The adapter of the HTTP door: input from path, query and body, `version` from If-Match; its shape is checked, the use-case runs, its result is presented.
 * POSTs with an Idempotency-Key run once and answer the same again.
 */
export function endpoint<Schema extends z.ZodObject, Result, View>(
  method: Method,
  path: string,
  schema: Schema,
  usecase: (session: Session, input: z.output<Schema>) => Promise<Result>,
  present: (result: Result, reader: Reader, input: z.output<Schema>) => View,
  options: Options<View>,
): Route {
  return {
    method,
    path,
    schema,
    summary: options.summary,
    open: false,
    async handle(ctx, services) {
      const session = await sessionOf(ctx, services)
      const input = parseInput(schema, { ...readInput(ctx, schema), ...options.fixed }, session.locale)
      await once(ctx, session, async (inside) => {
        const view = present(await usecase(inside, input), inside, input)
        ctx.status = view === undefined ? 204 : (options.status ?? 200)
        if (view !== undefined) ctx.body = view
        if (options.version) ctx.set('ETag', `"${options.version(view)}"`)
      })
    },
  }
}

/** Path, then query (reads) or body (writes); `lang` belongs to the door, `field.<code>` are one input. @throws AppError version_missing */
export function readInput(ctx: Context, schema: z.ZodObject): Record<string, unknown> {
  const { lang: _lang, ...query } = ctx.query
  const given =
    ctx.method === 'GET' || ctx.method === 'HEAD'
      ? 'fields' in schema.shape
        ? gatherFields(query)
        : query
      : ((ctx.request.body as Record<string, unknown> | undefined) ?? {})
  const input: Record<string, unknown> = { ...given, ...ctx['params'] }
  if ('version' in schema.shape) input['version'] = readVersion(ctx)
  return input
}

function gatherFields(query: Record<string, unknown>): Record<string, unknown> {
  const isField = ([key]: [string, unknown]) => key.startsWith('field.')
  const fields = Object.entries(query).filter(isField)
  if (fields.length === 0) return query
  const rest = Object.entries(query).filter((entry) => !isField(entry))
  return {
    ...Object.fromEntries(rest),
    fields: Object.fromEntries(fields.map(([key, value]) => [key.slice('field.'.length), value])),
  }
}

function readVersion(ctx: Context): number {
  const version = /^(?:W\/)?("?)(\d{1,9})\1$/.exec(ctx.get('if-match'))?.[2]
  if (version === undefined) throw new AppError('version_missing')
  return Number(version)
}
