import type { Context } from 'koa'
import { AppError } from '../../../shared/domain/app-error.ts'
import { NoInput } from '../../../shared/schemas/directory.ts'
import {
  ArchiveProcessTemplate,
  CreateProcessTemplate,
  ListProcessTemplates,
  MigrateRuns,
  PublishProcess,
  SaveProcessDraft,
  ShowProcessTemplate,
} from '../../../shared/schemas/process.ts'
import { presentMigration, presentTemplate, presentTemplates } from '../../presenters/processes.ts'
import { assertSettings } from '../../usecases/people.ts'
import { deleteDraft, publishDraft, saveDraft } from '../../usecases/processes/edit-draft.ts'
import { exportBpmn, importBpmn } from '../../usecases/processes/exchange-bpmn.ts'
import { migrateRuns } from '../../usecases/processes/migrate-runs.ts'
import { archiveTemplate, createTemplate, listTemplates, showTemplate } from '../../usecases/processes/templates.ts'
import { sessionOf } from '../auth.ts'
import { endpoint, type Route } from '../endpoint.ts'
import { parseInput } from '../parse-input.ts'

const largestFile = 1024 * 1024
const version = (view: { readonly version: number }) => view.version

export const processRoutes: readonly Route[] = [
  endpoint('GET', '/process-templates', ListProcessTemplates, listTemplates, presentTemplates, {
    summary: 'Published process templates; with all=1, for administrators, every one with its draft',
  }),
  endpoint('POST', '/process-templates', CreateProcessTemplate, createTemplate, presentTemplate, {
    summary: 'Create a process template, also as a copy or from a file',
    status: 201,
    version,
  }),
  endpoint('GET', '/process-templates/:code', ShowProcessTemplate, showTemplate, presentTemplate, {
    summary: 'One process template with its draft',
    version,
  }),
  endpoint('PATCH', '/process-templates/:code', ArchiveProcessTemplate, archiveTemplate, presentTemplate, {
    summary: 'Archive a process template or take it back',
    version,
  }),
  endpoint('PUT', '/process-templates/:code/draft', SaveProcessDraft, saveDraft, presentTemplate, {
    summary: 'Save the draft of a process as a whole',
    version,
  }),
  endpoint('DELETE', '/process-templates/:code/draft', PublishProcess, deleteDraft, presentTemplate, {
    summary: 'Throw the draft of a process away',
    version,
  }),
  endpoint('POST', '/process-templates/:code/publish', PublishProcess, publishDraft, presentTemplate, {
    summary: 'Publish the draft of a process as its next version',
    version,
  }),
  endpoint('POST', '/process-templates/:code/migration', MigrateRuns, migrateRuns, presentMigration, {
    summary: 'Move running deals from an older version of a process to the newest, or see what that would do',
  }),
  {
    method: 'GET',
    path: '/process-templates/:code/bpmn',
    summary: 'The draft of a process, else its published version, as BPMN 2.0',
    schema: ShowProcessTemplate,
    open: false,
    async handle(ctx, services) {
      const session = await sessionOf(ctx, services)
      const { fileName, xml } = await exportBpmn(session, parseInput(ShowProcessTemplate, ctx['params'], session.locale))
      ctx.attachment(fileName)
      ctx.type = 'application/xml; charset=utf-8'
      ctx.body = xml
    },
  },
  {
    method: 'POST',
    path: '/process-templates/bpmn',
    summary: 'Read a BPMN 2.0 file as a draft, without keeping it: the body is the file',
    schema: NoInput,
    open: false,
    rawBody: true,
    async handle(ctx, services) {
      const session = await sessionOf(ctx, services)
      assertSettings(session)
      if (!ctx.is('application/xml', 'text/xml', 'application/octet-stream'))
        throw new AppError('unsupported_media', { expected: 'application/xml' })
      ctx.body = await importBpmn(session, await readText(ctx))
    },
  },
]

/** The body as text. @throws AppError too_large */
async function readText(ctx: Context): Promise<string> {
  const refusal = () => new AppError('too_large', { limit: '1 MB' })
  if ((ctx.request.length ?? 0) > largestFile) throw refusal()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestFile) throw refusal()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
