import { shareOf } from '../../shared/domain/funnel-cohort.ts'
import { wilsonInterval } from '../../shared/domain/funnel-wilson.ts'
import type { CohortFunnelView } from '../../shared/views/funnel.ts'
import type { ReportSlice, ReportSliceRowView, ReportSliceView, ShareView } from '../../shared/views/reports.ts'
import type { ShareRow } from '../usecases/reports/share-report.ts'
import type { SlicedFunnel } from '../usecases/reports/slice-funnel.ts'
import type { Reader } from './deals.ts'

/** @param loud code of the layer that the report speaks of. */
export function presentSlices(
  sliced: readonly SlicedFunnel[],
  by: ReportSlice,
  whole: CohortFunnelView,
  loud: string | null,
): ReportSliceView {
  const layer = whole.layers.find(({ status }) => status.code === loud)
  const wholeShare = layer ? shareOf(layer.passed, layer.passed + layer.lost) : null
  return { by, rows: sliced.map((row) => presentSlice(row, layer?.status.id ?? null, wholeShare)) }
}

function presentSlice({ id, name, funnel }: SlicedFunnel, loudId: number | null, wholeShare: number | null): ReportSliceRowView {
  const { deals, amountMinor, won, wonAmountMinor, lost } = funnel.totals
  const loud = funnel.layers.find(({ status }) => status.id === loudId)
  const upper = loud && wilsonInterval(loud.passed, loud.passed + loud.lost)?.upper
  return {
    id,
    name: name ?? '—',
    deals,
    amountMinor,
    won,
    wonAmountMinor,
    lost,
    reached: funnel.layers.map(({ reached }) => reached),
    loud: loud
      ? {
          figures: partsOf(loud),
          amountMinor: partsOf(loud.amountMinor),
          resolved: shareOf(loud.passed, loud.passed + loud.lost),
          worse: upper != null && wholeShare !== null && upper < wholeShare,
        }
      : null,
  }
}

type Parts = NonNullable<ReportSliceRowView['loud']>['figures']

function partsOf({ reached, passed, lost, open, finished }: Parts): Parts {
  return { reached, passed, lost, open, finished }
}

export function presentShare(row: ShareRow, { now }: Pick<Reader, 'now'>): ShareView {
  const { id, title, format, asOf, createdAt, expiresAt, revokedAt, opened, openedAt } = row
  return {
    id,
    title,
    format,
    asOf: asOf.toISOString(),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    state: revokedAt ? 'revoked' : expiresAt <= now ? 'expired' : 'open',
    owner: { id: row.ownerId, name: row.ownerName },
    opened,
    openedAt: openedAt?.toISOString() ?? null,
  }
}
