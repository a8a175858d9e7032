import { formatDay } from '../../../../shared/messages/format.ts'
import type { BoardCard } from '../../../../shared/schemas/dashboards.ts'
import type { StatusView } from '../../../../shared/views/dictionaries.ts'
import { chapterPartName, chapterParts } from '../funnel/chapter-parts.ts'
import { sayPeriod } from '../funnel/say.ts'
import type { Basis } from '../funnel/slice.ts'
import { i18n } from '../i18n.svelte.ts'
import { t as tApp } from '../messages.ts'
import { sliceOf } from './cards.ts'
import { t } from './messages.ts'

/** What a card is called where its owner has not said. */
export function usualTitle(card: BoardCard, statuses: readonly StatusView[]): string {
  if ('chapter' in card && card.chapter !== undefined) {
    const part = chapterParts.find((one) => one === card.part)
    return part ? `${tApp(`phase.${card.chapter}`)}: ${chapterPartName(part).toLowerCase()}` : tApp(`phase.${card.chapter}`)
  }
  if ('layer' in card) {
    const layer = statuses.find(({ code }) => code === card.layer)?.name ?? card.layer ?? ''
    if (card.kind === 'split') return `${layer}: ${t(`split.${card.split}`).toLowerCase()}`
    return card.part ? `${layer}: ${tApp(`part.${card.part}`).toLowerCase()}` : layer
  }
  if (card.kind === 'departments') return tApp(`chart.won.${wonOf(card)}`)
  if (card.kind !== 'funnel') return t(`kind.${card.kind}`)
  const { basis } = sliceOf(card.words)
  return t(basis === 'cohort' ? 'kind.funnel' : `kind.${basis}`)
}

const cuts = ['department', 'type', 'employee'] as const
function wonOf({ words }: BoardCard): (typeof cuts)[number] {
  return cuts.find((cut) => cut === words['won']) ?? 'department'
}

const againsts = ['previous', 'year', 'other'] as const
function againstOf({ words }: BoardCard): (typeof againsts)[number] {
  return againsts.find((one) => one === words['against']) ?? 'previous'
}

/** `с периодом перед этим`; of a snapshot, `с тем же днём месяц назад`. */
export function sayAgainst(against: (typeof againsts)[number], basis: Basis): string {
  return t(basis === 'snapshot' && against !== 'other' ? `against.moment.${against}` : `against.${against}`)
}

export function titleOf(card: BoardCard, statuses: readonly StatusView[]): string {
  return card.title || usualTitle(card, statuses)
}

/** Period and slices in a line. A forecast and a velocity say their own period. @param names of what the card is cut by */
export function captionOf(card: BoardCard, names: readonly string[]): string {
  const slice = sliceOf(card.words)
  const isOwnPeriod = card.kind === 'forecast' || card.kind === 'velocity'
  const [asOfDay, time] = slice.asOf?.split('T') ?? []
  const moment = asOfDay ? tApp('period.asOf', { day: [formatDay(asOfDay, i18n.locale), time].filter(Boolean).join(', ') }) : null
  return [
    ...(isOwnPeriod ? [] : [slice.basis === 'snapshot' ? (moment ?? tApp('period.now')) : sayPeriod(slice, i18n.locale)]),
    ...(moment !== null && slice.basis !== 'snapshot' ? [moment] : []),
    ...(card.kind === 'comparison' ? [sayAgainst(againstOf(card), slice.basis)] : []),
    ...names,
    ...slice.phases.map((phase) => tApp(`phase.${phase}`)),
    ...slice.tags.map((tag) => `#${tag}`),
    ...Object.values(slice.fields),
  ].join(' · ')
}
