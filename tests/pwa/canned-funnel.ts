import type { StatusRefView } from '../../shared/views/common.ts'
import type { DealListView, DealRowView } from '../../shared/views/deals.ts'
import type {
  ChapterView,
  CohortFunnelView,
  CohortLayerView,
  FlowFunnelView,
  FunnelHeadView,
  FunnelSplitView,
  SnapshotFunnelView,
} from '../../shared/views/funnel.ts'

/** Invented answers of the funnel API, typed by the views: the figures of the design's pictures, so that screens can be laid beside them. */
const asOf = '2026-11-13T09:12:00+03:00'
const codes = ['new', 'qualification', 'proposal', 'negotiation', 'contract', 'payment', 'delivery', 'support'] as const
const names = {
  ru: ['Новая', 'Квалификация', 'Предложение', 'Переговоры', 'Договор', 'Оплата', 'Исполнение', 'Сопровождение'],
  en: ['New', 'Qualification', 'Proposal', 'Negotiation', 'Contract', 'Payment', 'Delivery', 'Support'],
} as const
const phases = ['presale', 'presale', 'presale', 'sale', 'sale', 'sale', 'delivery', 'support'] as const

export type Lang = 'ru' | 'en'

export function cannedStatus(index: number, lang: Lang): StatusRefView {
  const [code, name, phase] = [codes[index]!, names[lang][index]!, phases[index]!]
  return { id: index + 1, code, name, rank: (index + 1) * 10, phase, category: 'open', isWon: index === 4, step: index + 1 }
}

/** reached, passed, lost, finished, joined (of reached), average sum in thousands of roubles, baseline conversion. */
const figures = [
  [1284, 967, 221, 0, 0, 82, 0.8],
  [967, 702, 177, 0, 0, 83, 0.78],
  [702, 455, 145, 0, 0, 85, 0.76],
  [455, 229, 96, 0, 0, 86, 0.8],
  [241, 214, 6, 0, 12, 88, 0.95],
  [214, 178, 4, 0, 0, 89, 0.978],
  [178, 131, 2, 20, 0, 90, 0.96],
  [131, 0, 5, 52, 0, 91, null],
] as const

function cannedLayer(index: number, lang: Lang): CohortLayerView {
  const [reached, passed, lost, finished, joined, average, baseline] = figures[index]!
  const open = reached - passed - lost - finished
  const minor = (count: number): number => count * average * 100_000
  const resolved = passed + lost > 0 ? passed / (passed + lost) : null
  return {
    status: cannedStatus(index, lang),
    reached,
    passed,
    lost,
    finished,
    open,
    skipped: index === 2 ? 4 : 0,
    through: passed,
    joined,
    amountMinor: {
      reached: minor(reached),
      passed: minor(passed),
      lost: minor(lost),
      finished: minor(finished),
      open: minor(open),
      through: minor(passed),
      joined: minor(joined),
    },
    conversion: {
      resolved: index === 7 ? null : resolved,
      soFar: reached - finished > 0 ? passed / (reached - finished) : null,
      cumulative: reached / 1284,
      baseline,
    },
    time: {
      ...cannedStay(19 * 24, 44 * 24),
      baselineMedianHours: 12 * 24,
      deals: reached,
      stillThere: open,
      left: { medianHours: 17 * 24, p90Hours: 40 * 24 },
      working: { ...cannedStay(19 * 7, 44 * 7), baselineMedianHours: 12 * 7 },
    },
    bottleneck: index === 3 ? { kinds: ['conversion'], target: baseline, upperBound: 0.74, impactMinor: 310_000_000 } : null,
  }
}

function cannedStay(medianHours: number, p90Hours: number) {
  return { medianHours, p90Hours, medianOverHours: null, p90OverHours: null }
}

function head(by: 'count' | 'amount', strict: boolean): FunnelHeadView {
  return {
    period: { from: '2026-01-01', to: '2026-11-14', timeZone: 'Europe/Moscow' },
    asOf,
    currency: 'RUB',
    withoutRate: 0,
    historySince: '2024-09-02T10:00:00+03:00',
    slice: {
      types: [],
      counterparties: [],
      departments: [],
      employees: [],
      attribution: 'current',
      strict,
      by,
      phases: [],
      tags: [],
      fields: [],
    },
  }
}

function cannedChapters(layers: readonly CohortLayerView[]): readonly ChapterView[] {
  return [...Map.groupBy(layers, ({ status }) => status.phase)].map(([phase, own]) => {
    const [first, last] = [own[0]!, own.at(-1)!]
    const lost = own.reduce((sum, layer) => sum + layer.lost, 0)
    const open = first.reached - last.passed - lost - last.finished
    return {
      phase,
      layers: own.map(({ status }) => status.code),
      entered: first.reached,
      passed: last.passed,
      lost,
      finished: last.finished,
      open,
      amountMinor: {
        entered: first.amountMinor.reached,
        passed: last.amountMinor.passed,
        lost: lost * 8_400_000,
        finished: last.amountMinor.finished,
        open: open * 8_400_000,
      },
      conversion: { resolved: last.passed > 0 ? last.passed / (last.passed + lost) : null, baseline: null },
    }
  })
}

export function cannedCohort(lang: Lang, by: 'count' | 'amount', strict: boolean): CohortFunnelView {
  const layers = codes.map((_, index) => cannedLayer(index, lang))
  const sentence = {
    ru: 'Узкое место: Переговоры → Договор: проходят 70\u00a0% решённых, в предыдущие 12\u00a0мес. 80\u00a0%, недобор ≈\u00a03,1\u00a0млн\u00a0₽; ждут 130 сделок.',
    en: 'Bottleneck: Negotiation → Contract: 70% of the resolved pass, 80% in the preceding 12 months, about ₽3.1M short; 130 deals are waiting.',
  }[lang]
  return {
    ...head(by, strict),
    basis: 'cohort',
    layers,
    totals: { deals: 1284, amountMinor: 10_530_000_000, won: 241, wonAmountMinor: 2_120_000_000, lost: 656, winRate: 0.27 },
    narrowest: 'negotiation',
    narrowestTooFew: false,
    chapters: cannedChapters(layers),
    time: { clock: 'calendar', sampledDeals: null },
    sentence,
  }
}

export function cannedEmpty(lang: Lang): CohortFunnelView {
  const full = cannedCohort(lang, 'count', false)
  const service = { ru: 'Сервис', en: 'Service' }[lang]
  return {
    ...full,
    slice: { ...full.slice, departments: [{ id: 4, name: service }] },
    layers: [],
    totals: { deals: 0, amountMinor: 0, won: 0, wonAmountMinor: 0, lost: 0, winRate: null },
    narrowest: null,
    sentence: '',
  }
}

/** Every deal that entered a layer: gone on, still there, handed off, back, lost. */
export function cannedFlow(lang: Lang, by: 'count' | 'amount'): FlowFunnelView {
  const layers = codes.map((_, index) => {
    const [reached, passed, lost] = figures[index]!
    const [handedOff, movedBack] = index === 2 ? [3, 7] : [0, 0]
    const parts = { advanced: passed, lost, handedOff, movedBack, stillThere: reached - passed - lost - handedOff - movedBack }
    const minor = Object.fromEntries(
      Object.entries({ entered: reached, ...parts }).map(([part, count]) => [part, count * 100_000]),
    )
    return {
      status: cannedStatus(index, lang),
      entered: reached,
      ...parts,
      entries: reached + index * 5,
      pingPong: (index * 5) / reached,
      amountMinor: minor as FlowFunnelView['layers'][number]['amountMinor'],
    }
  })
  return { basis: 'flow', ...head(by, false), layers, totals: { deals: 1500, amountMinor: 150_000_000, entries: 5000 } }
}

export function cannedSnapshot(lang: Lang, by: 'count' | 'amount'): SnapshotFunnelView {
  const counts = [96, 88, 102, 130, 21, 32, 25, 74]
  const layers = counts.map((count, index) => ({
    status: cannedStatus(index, lang),
    count,
    amountMinor: count * 8_600_000,
    weightedMinor: count * 4_300_000,
    overdue: index === 3 ? 17 : index,
    medianAgeHours: 24 * (4 + index * 2),
  }))
  const lost = {
    status: {
      id: 9,
      code: 'lost',
      name: { ru: 'Проиграна', en: 'Lost' }[lang],
      rank: 90,
      phase: 'presale',
      category: 'lost',
      isWon: false,
      step: null,
    } as const,
    count: 640,
    amountMinor: 5_100_000_000,
    weightedMinor: 0,
    overdue: 0,
    medianAgeHours: 2400,
  }
  return {
    ...head(by, false),
    basis: 'snapshot',
    layers,
    lost: [lost],
    totals: { deals: 568, amountMinor: 4_884_800_000, weightedMinor: 2_442_400_000, overdue: 41 },
  }
}

const people = [
  'Игорь Соколов',
  'Анна Петрова',
  'Дмитрий Орлов',
  'Мария Ким',
  'Олег Белов',
  'Нина Гусева',
  'Пётр Лаптев',
  'Вера Зимина',
]
const splitFigures = [
  [112, 41, 41, 30],
  [98, 61, 19, 18],
  [91, 49, 22, 20],
  [86, 52, 18, 16],
  [24, 9, 6, 9],
  [20, 8, 5, 7],
  [14, 5, 4, 5],
  [10, 4, 3, 3],
] as const

export function cannedSplit(by: FunnelSplitView['by'], lang: Lang): FunnelSplitView {
  const rows = splitFigures.map(([reached, passed, open, lost], index) => {
    const parts = { reached, passed, open, lost, finished: 0 }
    const money = Object.fromEntries(Object.entries(parts).map(([part, count]) => [part, count * 8_600_000])) as typeof parts
    return {
      id: index + 1,
      name: people[index]!,
      figures: parts,
      amountMinor: money,
      resolved: passed / (passed + lost),
      worse: index === 0,
    }
  })
  return { by, layer: cannedStatus(3, lang), rows }
}

const clients = [
  'ООО «Северный лес»',
  'АО «Уралэнергомаш»',
  'ООО «ТехноПарк-Юг»',
  'ГК «Балтика Трейд»',
  'ООО «Вектор Плюс»',
  'АО «Камский завод»',
  'ООО «Гранит-Сервис»',
]

export function cannedDeal(index: number, lang: Lang): DealRowView {
  const days = Math.max(1, 41 - index * 4)
  return {
    number: 1001 + index,
    title: `Поставка ${index + 1}`,
    type: { id: 1, code: 'sale', name: { ru: 'Продажа', en: 'Sale' }[lang] },
    counterparty: { id: index + 1, name: clients[index % clients.length]! },
    owner: { id: (index % 8) + 1, name: people[index % 8]! },
    department: { id: 1, name: { ru: 'Продажи Центр', en: 'Sales Centre' }[lang] },
    amount: { amountMinor: 124_000_000 - index * 3_100_000, currency: 'RUB' },
    baseAmount: { amountMinor: 124_000_000 - index * 3_100_000, currency: 'RUB' },
    status: cannedStatus(3, lang),
    stage: { id: 4, code: 'talks', name: { ru: 'Правки договора', en: 'Contract edits' }[lang] },
    createdAt: '2026-09-01T10:00:00+03:00',
    statusSince: '2026-10-03T10:00:00+03:00',
    ageHours: days * 24,
    overdue: days > 25,
    expectedCloseOn: null,
    fields: [],
    version: 3,
  }
}

/** Deals of the open part of «Переговоры», unless told how many: in pages of 25. @param offset of the page. */
export function cannedDeals(offset: number, lang: Lang, total = 130): DealListView {
  const size = Math.min(25, total - offset)
  return {
    items: Array.from({ length: size }, (_, index) => cannedDeal(offset + index, lang)),
    nextCursor: offset + size < total ? String(offset + size) : null,
    total,
    amountMinor: 1_010_000_000,
    currency: 'RUB',
    withoutRate: 0,
  }
}
