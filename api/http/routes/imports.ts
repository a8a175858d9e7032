import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Context } from 'koa'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import { NoInput } from '../../../shared/schemas/directory.ts'
import { ShowImport, StartImport } from '../../../shared/schemas/imports.ts'
import { presentImport, presentImports } from '../../presenters/imports.ts'
import { listImports, readRefusedFile, showImport } from '../../usecases/imports/batches.ts'
import { parseMapping } from '../../usecases/imports/parse-mapping.ts'
import { runImport } from '../../usecases/imports/run-import.ts'
import { undoImport } from '../../usecases/imports/undo-import.ts'
import { sessionOf } from '../auth.ts'
import type { HttpServices } from '../context.ts'
import { endpoint, type Route } from '../endpoint.ts'
import { parseInput } from '../parse-input.ts'

const largestUpload = 100 * 1024 * 1024

export const importRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/imports',
    summary: 'Import a file of deals or of their history: the body is the file, the rest stands in the query',
    schema: StartImport,
    open: false,
    rawBody: true,
    handle: startImport,
  },
  endpoint('GET', '/imports', NoInput, listImports, presentImports, { summary: 'Past imports' }),
  endpoint('GET', '/imports/:id', ShowImport, showImport, presentImport, { summary: 'An import and its report' }),
  {
    method: 'GET',
    path: '/imports/:id/refused.csv',
    summary: 'The rows that were not taken, with the reasons',
    schema: ShowImport,
    open: false,
    async handle(ctx, services) {
      const session = await sessionOf(ctx, services)
      const { fileName, text } = await readRefusedFile(session, parseInput(ShowImport, ctx['params'], session.locale))
      ctx.attachment(fileName)
      ctx.type = 'text/csv; charset=utf-8'
      ctx.body = text
    },
  },
  endpoint('DELETE', '/imports/:id', ShowImport, undoImport, presentImport, { summary: 'Undo an import' }),
]

/** Runs on when the connection breaks: the batch tells how it ended. The same file sent again changes nothing. */
async function startImport(ctx: Context, services: HttpServices): Promise<void> {
  const session = await sessionOf(ctx, services)
  if (!isAble(session.actor, 'import.run')) throw new AppError('forbidden')
  if (!ctx.is('application/octet-stream')) throw new AppError('unsupported_media', { expected: 'application/octet-stream' })
  const { lang: _lang, ...query } = ctx.query
  const { kind, fileName, dryRun, mapping } = parseInput(StartImport, query, session.locale)
  const folder = await mkdtemp(join(tmpdir(), 'voronka-import-'))
  try {
    const path = join(folder, 'upload')
    await receive(ctx, path)
    const meaning = mapping === undefined ? null : parseMapping(mapping, session.locale)
    const batch = await runImport(session, { kind, path, fileName, dryRun, mapping: meaning })
    ctx.status = 201
    ctx.body = presentImport(batch, session)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Streams the body into a file. @throws AppError too_large */
async function receive(ctx: Context, path: string): Promise<void> {
  const refusal = () => new AppError('too_large', { limit: `${largestUpload / 1024 / 1024} MB` })
  if ((ctx.request.length ?? 0) > largestUpload) throw refusal()
  let size = 0
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      done(size > largestUpload ? refusal() : null, chunk)
    },
  })
  await pipeline(ctx.req, count, createWriteStream(path, { mode: 0o600 }))
}
