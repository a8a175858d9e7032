import { type ComparedLayer, compareFunnels } from '../../shared/domain/funnel-changes.ts'
import type { StatusRefView } from '../../shared/views/common.ts'
import type { StatusPreviewView, StatusView } from '../../shared/views/dictionaries.ts'
import type { FunnelView } from '../../shared/views/funnel.ts'
import type { StatusDictionary } from '../usecases/dictionary.ts'
import type { StatusPreview } from '../usecases/merge-statuses.ts'
import type { StatusEntry } from '../usecases/statuses.ts'
import type { Reader } from './deals.ts'
import { presentFunnel } from './funnel.ts'

export function presentStatuses(statuses: StatusDictionary, reader: Reader): { items: StatusView[] } {
  return { items: statuses.all.map((status) => presentStatus({ statuses, id: status.id }, reader)) }
}

export function presentStatus({ statuses, id }: StatusEntry, reader: Reader): StatusView {
  const status = statuses.byId(id)
  const into = statuses.resolve(id)
  return {
    ...statuses.view(id, reader.locale),
    names: status.names,
    shownInFunnel: status.shownInFunnel,
    probabilityPct: status.probabilityPct,
    timeLimitHours: status.timeLimitHours,
    targetConversionPct: status.targetConversionPct,
    archived: status.archived,
    mergedInto: into.id === id ? null : { id: into.id, code: into.code, name: into.names[reader.locale] },
    version: status.version,
  }
}

/** Both pictures, and the layers in which they differ. */
export function presentPreview(preview: StatusPreview, reader: Reader): StatusPreviewView {
  const [before, after] = [presentFunnel(preview.before, reader), presentFunnel(preview.after, reader)]
  const names = new Map([...rowsOf(before), ...rowsOf(after)].map(({ status }) => [status.code, status]))
  return {
    before,
    after,
    changes: compareFunnels(comparedLayers(before), comparedLayers(after)).map(({ code, kind, figures }) => ({
      status: names.get(code)!,
      kind,
      figures: figures as StatusPreviewView['changes'][number]['figures'],
    })),
  }
}

/** Layers, and beside a snapshot what is lost. */
function rowsOf(view: FunnelView): readonly { readonly status: StatusRefView }[] {
  return view.basis === 'snapshot' ? [...view.layers, ...view.lost] : view.layers
}

function comparedLayers(view: FunnelView): ComparedLayer[] {
  if (view.basis === 'snapshot')
    return [...view.layers, ...view.lost].map(({ status, count, amountMinor, weightedMinor, overdue }) => ({
      code: status.code,
      figures: { count, amountMinor, weightedMinor, overdue },
    }))
  if (view.basis === 'flow') return []
  return view.layers.map(({ status, reached, passed, lost, open, finished, joined, conversion }) => ({
    code: status.code,
    figures: { reached, passed, lost, open, finished, joined, resolved: conversion.resolved },
  }))
}
