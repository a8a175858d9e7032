import type { ProcessStage, ProcessVersion } from '../../shared/domain/process.ts'
import { statusSeed } from './statuses.ts'

type Names = { readonly ru: string; readonly en: string }

/** A stage of a demo template with what usually happens in it. */
export type StageSeed = ProcessStage & {
  readonly names: Names
  readonly statusCode: string
  readonly timeLimitHours: number | null
  /** Working hours a deal usually stands here. */
  readonly usualHours: number
  /** Share of the deals that go on from here. */
  readonly goesOn: number
}

/** A deal type with its process: id of the type, the template and the version are one. */
export type TypeSeed = {
  readonly id: number
  readonly code: string
  readonly names: Names
  readonly icon: string
  readonly version: Omit<ProcessVersion, 'stages'> & { readonly stages: readonly StageSeed[] }
  readonly processNames: Names
  /** Share of all deals, amounts in minor units. */
  readonly share: number
  readonly amount: { readonly medianMinor: number; readonly spread: number; readonly fromMinor: number; readonly toMinor: number }
}

type StageLine = readonly [
  code: string,
  ru: string,
  en: string,
  status: string,
  limitHours: number | null,
  usualHours: number,
  goesOn: number,
]

const million = 100_000_000
const thousand = 100_000

const lines: readonly {
  readonly code: string
  readonly names: Names
  readonly processNames: Names
  readonly icon: string
  readonly share: number
  readonly amount: TypeSeed['amount']
  /** Ways past a stage, from and to. */
  readonly skips: readonly (readonly [string, string])[]
  readonly stages: readonly StageLine[]
}[] = [
  {
    code: 'product_sale',
    names: { ru: 'Продажа', en: 'Product sale' },
    processNames: { ru: 'Продажа оборудования', en: 'Equipment sale' },
    icon: 'box',
    share: 0.48,
    amount: { medianMinor: 0.85 * million, spread: 0.65, fromMinor: 0.2 * million, toMinor: 5 * million },
    skips: [
      ['request', 'proposal'],
      ['proposal', 'contract'],
    ],
    stages: [
      ['request', 'Заявка', 'Request', 'new', null, 8, 0.86],
      ['qualification', 'Квалификация', 'Qualification', 'qualification', null, 30, 0.78],
      ['proposal', 'Коммерческое предложение', 'Quotation', 'proposal', null, 51, 0.76],
      ['negotiation', 'Переговоры', 'Negotiation', 'negotiation', null, 84, 0.78],
      ['contract', 'Договор поставки', 'Supply contract', 'contract', null, 38, 0.968],
      ['payment', 'Предоплата', 'Prepayment', 'payment', null, 62, 0.985],
      ['shipment', 'Отгрузка', 'Shipment', 'delivery', 480, 97, 0.996],
      ['warranty', 'Гарантия', 'Warranty', 'support', null, 0, 1],
    ],
  },
  {
    code: 'service',
    names: { ru: 'Услуга', en: 'Service' },
    processNames: { ru: 'Сервисные работы', en: 'Service works' },
    icon: 'wrench',
    share: 0.25,
    amount: { medianMinor: 210 * thousand, spread: 0.5, fromMinor: 80 * thousand, toMinor: 600 * thousand },
    skips: [['request', 'estimate']],
    stages: [
      ['request', 'Обращение', 'Enquiry', 'new', 24, 5, 0.92],
      ['diagnostics', 'Диагностика', 'Diagnostics', 'qualification', null, 22, 0.87],
      ['estimate', 'Смета', 'Estimate', 'proposal', 120, 30, 0.7],
      ['order', 'Заказ-наряд', 'Work order', 'contract', 72, 17, 0.98],
      ['prepayment', 'Предоплата', 'Prepayment', 'payment', null, 31, 0.985],
      ['works', 'Выполнение работ', 'Works', 'delivery', 336, 57, 0.995],
      ['acceptance', 'Акт выполненных работ', 'Acceptance act', 'delivery', 120, 21, 0.998],
      ['warranty', 'Гарантия на работы', 'Works warranty', 'support', null, 0, 1],
    ],
  },
  {
    code: 'project',
    names: { ru: 'Проект', en: 'Project' },
    processNames: { ru: 'Проект под ключ', en: 'Turnkey project' },
    icon: 'layers',
    share: 0.09,
    amount: { medianMinor: 4.6 * million, spread: 0.75, fromMinor: 1 * million, toMinor: 30 * million },
    skips: [],
    stages: [
      ['request', 'Заявка', 'Request', 'new', 72, 12, 0.9],
      ['survey', 'Обследование', 'Site survey', 'qualification', 240, 78, 0.76],
      ['proposal', 'Предложение', 'Proposal', 'proposal', 336, 105, 0.7],
      ['negotiation', 'Переговоры', 'Negotiation', 'negotiation', 504, 144, 0.74],
      ['contract', 'Договор', 'Contract', 'contract', 240, 81, 0.965],
      ['advance', 'Аванс', 'Advance', 'payment', null, 70, 0.98],
      ['equipment', 'Поставка оборудования', 'Equipment delivery', 'delivery', 1080, 195, 0.99],
      ['commissioning', 'Пусконаладка', 'Commissioning', 'delivery', null, 115, 0.997],
      ['warranty', 'Гарантия', 'Warranty', 'support', null, 0, 1],
    ],
  },
  {
    code: 'support_contract',
    names: { ru: 'Поддержка', en: 'Support contract' },
    processNames: { ru: 'Договор сопровождения', en: 'Support contract' },
    icon: 'shield',
    share: 0.18,
    amount: { medianMinor: 125 * thousand, spread: 0.4, fromMinor: 50 * thousand, toMinor: 300 * thousand },
    skips: [],
    stages: [
      ['offer', 'Предложение', 'Offer', 'proposal', null, 39, 0.68],
      ['contract', 'Договор', 'Contract', 'contract', null, 28, 0.965],
      ['payment', 'Оплата периода', 'Period payment', 'payment', null, 36, 0.985],
      ['support', 'Сопровождение', 'Support', 'support', null, 0, 1],
    ],
  },
]

/** The four types with ids as they are loaded. Every stage leads to the next and back to the one before. */
export const typeSeeds: readonly TypeSeed[] = lines.map(({ stages, skips, ...line }, index) => {
  const firstId = 1 + lines.slice(0, index).reduce((sum, earlier) => sum + earlier.stages.length, 0)
  const idOf = (code: string) => firstId + stages.findIndex((stage) => stage[0] === code)
  return {
    ...line,
    id: index + 1,
    version: {
      id: index + 1,
      statusId: null,
      stages: stages.map(([code, ru, en, status, timeLimitHours, usualHours, goesOn], place) => ({
        id: firstId + place,
        code,
        names: { ru, en },
        position: place + 1,
        statusId: statusSeed(status).id,
        statusCode: status,
        timeLimitHours,
        usualHours,
        goesOn,
        gates: [],
        ways: [
          ...(place + 1 < stages.length ? [firstId + place + 1] : []),
          ...skips.filter(([from]) => from === code).map(([, to]) => idOf(to)),
          ...(place > 0 ? [firstId + place - 1] : []),
        ].map((to) => ({ to, names: null, condition: null })),
      })),
    },
  }
})

/** The type with this code. @throws Error when the seeds have none. */
export function typeSeed(code: string): TypeSeed {
  const found = typeSeeds.find((type) => type.code === code)
  if (!found) throw new Error(`the seeds have no deal type ${code}`)
  return found
}
