import type { BoardCard } from '../../../../shared/schemas/dashboards.ts'
import type { IconName } from '../ui/icons.ts'
import { usualSize } from './cards.ts'

/** What can be put on a dashboard, in the order in which it is offered. The three funnels are one kind of card asked in three ways. */
export const gallery = [
  { key: 'funnel', icon: 'funnel' },
  { key: 'number', icon: 'check' },
  { key: 'deals', icon: 'deals' },
  { key: 'snapshot', icon: 'layers' },
  { key: 'flow', icon: 'refresh' },
  { key: 'comparison', icon: 'compare' },
  { key: 'split', icon: 'people' },
  { key: 'trend', icon: 'slice' },
  { key: 'departments', icon: 'table' },
  { key: 'times', icon: 'clock' },
  { key: 'forecast', icon: 'calendar' },
  { key: 'winRates', icon: 'shield' },
  { key: 'velocity', icon: 'bolt' },
  { key: 'activity', icon: 'today' },
] as const satisfies readonly { readonly key: string; readonly icon: IconName }[]
export type GalleryKey = (typeof gallery)[number]['key']

/** A new card of what was chosen. @param layer code of the layer that a figure, a list or a split begins with */
export function cardFrom(key: GalleryKey, id: string, layer: string): BoardCard {
  const plain = { id, title: '' }
  switch (key) {
    case 'flow':
    case 'snapshot':
      return { ...plain, kind: 'funnel', size: usualSize('funnel'), words: { basis: key } }
    case 'number':
    case 'deals':
      return { ...plain, kind: key, size: usualSize(key), words: {}, layer, part: 'open' }
    case 'split':
      return { ...plain, kind: key, size: usualSize(key), words: {}, layer, split: 'employee' }
    default:
      return { ...plain, kind: key, size: usualSize(key), words: {} }
  }
}
