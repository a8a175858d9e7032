import type { Phase, StatusCategory } from '../../shared/views/common.ts'

export type StatusSeed = {
  readonly id: number
  readonly code: string
  readonly names: { readonly ru: string; readonly en: string }
  readonly rank: number
  readonly phase: Phase
  readonly category: StatusCategory
  readonly isWon: boolean
  readonly probabilityPct: number
  readonly timeLimitHours: number | null
  readonly targetConversionPct: number | null
}

type Traits = Partial<Pick<StatusSeed, 'category' | 'isWon' | 'targetConversionPct' | 'timeLimitHours'>>

/** The common dictionary every installation starts with: eight statuses through the whole life of a deal, two lost ones beside them. */
export const statusSeeds: readonly StatusSeed[] = [
  status(1, 'new', 'Новая', 'New', 'presale', 10, { timeLimitHours: 48 }),
  status(2, 'qualification', 'Квалификация', 'Qualification', 'presale', 20, { timeLimitHours: 168 }),
  status(3, 'proposal', 'Предложение', 'Proposal', 'presale', 40, { timeLimitHours: 240, targetConversionPct: 65 }),
  status(4, 'negotiation', 'Переговоры', 'Negotiation', 'presale', 60, { timeLimitHours: 504, targetConversionPct: 75 }),
  status(5, 'contract', 'Договор', 'Contract', 'sale', 95, { timeLimitHours: 240, isWon: true, targetConversionPct: 90 }),
  status(6, 'payment', 'Оплата', 'Payment', 'sale', 98, { timeLimitHours: 336, targetConversionPct: 95 }),
  status(7, 'delivery', 'Исполнение', 'Delivery', 'delivery', 100, { timeLimitHours: 576, targetConversionPct: 95 }),
  status(8, 'support', 'Сопровождение', 'Support', 'support', 100, {}),
  status(9, 'lost', 'Проиграна', 'Lost', 'presale', 0, { category: 'lost' }),
  status(10, 'declined', 'Отказались мы', 'Declined by us', 'presale', 0, { category: 'lost' }),
]

/** The status with this code. @throws Error when the dictionary has none: a slip in the seeds themselves. */
export function statusSeed(code: string): StatusSeed {
  const found = statusSeeds.find((candidate) => candidate.code === code)
  if (!found) throw new Error(`the seeds have no status ${code}`)
  return found
}

function status(
  rank: number,
  code: string,
  ru: string,
  en: string,
  phase: Phase,
  probabilityPct: number,
  traits: Traits,
): StatusSeed {
  return {
    id: rank,
    code,
    names: { ru, en },
    rank,
    phase,
    category: 'open',
    isWon: false,
    probabilityPct,
    timeLimitHours: null,
    targetConversionPct: null,
    ...traits,
  }
}
