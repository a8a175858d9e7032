import { formatShare } from '../../../../shared/messages/format.ts'
import type { LayerChangeView } from '../../../../shared/views/dictionaries.ts'
import type { FunnelView } from '../../../../shared/views/funnel.ts'
import { i18n } from '../i18n.svelte.ts'
import { t } from './messages.ts'
import type { PreviewRow } from './PreviewFunnel.svelte'

/** The layers of a funnel as a picture draws them; of a cohort with the conversion. */
export function rowsOf(view: FunnelView): PreviewRow[] {
  if (view.basis === 'snapshot')
    return [...view.layers, ...view.lost].map(({ status, count, amountMinor }) => ({
      status,
      count,
      sum: amountMinor,
      note: null,
    }))
  if (view.basis !== 'cohort') return []
  return view.layers.map(({ status, reached, amountMinor, conversion: { resolved } }) => ({
    status,
    count: reached,
    sum: amountMinor.reached,
    note: `${t('figure.resolved')} ${resolved === null ? t('preview.noData') : formatShare(resolved, i18n.locale)}`,
  }))
}

/** How layers differ, by the status's code; null for one that stands in its place with other figures. */
export function marksOf(changes: readonly LayerChangeView[]): ReadonlyMap<string, string | null> {
  return new Map(changes.map(({ status, kind }) => [status.code, kind === 'same_place' ? null : t(`preview.${kind}`)]))
}
