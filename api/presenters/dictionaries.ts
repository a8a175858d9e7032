import type { DealTypeRow, DepartmentRow, ProcessVersionRow } from '../../db/queries/dictionaries.ts'
import type { DealTypeView, DepartmentView, ProcessTemplateView } from '../../shared/views/dictionaries.ts'
import type { StatusDictionary } from '../usecases/dictionary.ts'
import type { Reader } from './deals.ts'

export function presentDealTypes(types: readonly DealTypeRow[], reader: Reader): { items: DealTypeView[] } {
  return {
    items: types.map((type) => ({
      id: type.id,
      code: type.code,
      name: type.names[reader.locale],
      icon: type.icon,
      processTemplate:
        type.templateId === null
          ? null
          : { id: type.templateId, code: type.templateCode ?? '', name: type.templateNames?.[reader.locale] ?? '' },
      archived: type.archived,
      version: type.version,
    })),
  }
}

export function presentProcessTemplates(
  { versions, statuses }: { readonly versions: readonly ProcessVersionRow[]; readonly statuses: StatusDictionary },
  reader: Reader,
): { items: ProcessTemplateView[] } {
  return {
    items: versions.map((version) => ({
      id: version.templateId,
      code: version.templateCode,
      name: version.templateNames[reader.locale],
      versionNumber: version.number,
      stages: version.stages.map((stage) => {
        const statusId = stage.statusId ?? version.statusId
        return {
          id: stage.id,
          code: stage.code,
          name: stage.names[reader.locale],
          position: stage.position,
          status: statusId === null ? null : statuses.view(statusId, reader.locale),
          timeLimitHours: stage.timeLimitHours,
          next: stage.ways.map((way) => version.stages.find((other) => other.id === way.to)?.code ?? ''),
        }
      }),
    })),
  }
}

export function presentDepartments(rows: readonly DepartmentRow[]): { items: DepartmentView[] } {
  return { items: rows.map((row) => ({ ...row })) }
}
