import type { Context } from 'koa'
import { AppError } from '../../../shared/domain/app-error.ts'
import { ReadFile, StoreFile } from '../../../shared/schemas/files.ts'
import type { FileView } from '../../../shared/views/files.ts'
import { largestFile, readFile, storeFile } from '../../usecases/files.ts'
import { sessionOf } from '../auth.ts'
import type { Route } from '../endpoint.ts'
import { parseInput } from '../parse-input.ts'

export const fileRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/files',
    summary: 'Store a file for a field or a document: the body is the file, its name stands in the query',
    schema: StoreFile,
    open: false,
    rawBody: true,
    async handle(ctx, services) {
      const session = await sessionOf(ctx, services)
      if (!ctx.is('application/octet-stream')) throw new AppError('unsupported_media', { expected: 'application/octet-stream' })
      const { lang: _lang, ...query } = ctx.query
      const input = parseInput(StoreFile, query, session.locale)
      const { id, name, sizeBytes } = await storeFile(session, input, await receive(ctx))
      ctx.status = 201
      ctx.body = { id, name, sizeBytes } satisfies FileView
    },
  },
  {
    method: 'GET',
    path: '/files/:id',
    summary: 'A stored file',
    schema: ReadFile,
    open: false,
    async handle(ctx, services) {
      const session = await sessionOf(ctx, services)
      const file = await readFile(session, parseInput(ReadFile, ctx['params'], session.locale))
      ctx.attachment(file.name)
      ctx.type = file.mediaType
      ctx.set('X-Content-Type-Options', 'nosniff')
      ctx.body = file.content
    },
  },
]

/** The body as a whole. @throws AppError too_large, before more than the limit is held */
async function receive(ctx: Context): Promise<Buffer> {
  const refusal = () => new AppError('too_large', { limit: `${largestFile / 1024 / 1024} MB` })
  if ((ctx.request.length ?? 0) > largestFile) throw refusal()
  const parts: Buffer[] = []
  let size = 0
  for await (const part of ctx.req as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largestFile) throw refusal()
    parts.push(part)
  }
  return Buffer.concat(parts, size)
}
