import type { ChapterView, FunnelPart, PartFigures } from '../../../../shared/views/funnel.ts'
import { t } from '../messages.ts'

/** Parts of a chapter in the order in which they are shown; `reached`: entered it. */
export const chapterParts = ['reached', 'passed', 'open', 'finished', 'lost'] as const satisfies readonly FunnelPart[]

/** The deals of each part. */
export function chapterFigures({ entered, passed, lost, finished, open }: ChapterView): PartFigures {
  return { reached: entered, passed, lost, finished, open }
}

/** The same by amount, minor units. */
export function chapterAmounts({ amountMinor: { entered, passed, lost, finished, open } }: ChapterView): PartFigures {
  return { reached: entered, passed, lost, finished, open }
}

export function chapterPartName(part: FunnelPart): string {
  return t(part === 'reached' ? 'part.entered' : `part.${part}`)
}
