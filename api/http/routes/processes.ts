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
import { deleteDraft, publishDraft, saveDraft } from '../../usecases/processes/edit-draft.ts'
import { migrateRuns } from '../../usecases/processes/migrate-runs.ts'
import { archiveTemplate, createTemplate, listTemplates, showTemplate } from '../../usecases/processes/templates.ts'
import { endpoint, type Route } from '../endpoint.ts'

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
]
