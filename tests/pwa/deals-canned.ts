import type { DealEventBody, StatusRef } from '../../shared/domain/events.ts'
import { actionsFor } from '../../shared/domain/permissions.ts'
import type { Role, StatusRefView } from '../../shared/views/common.ts'
import type {
  DealCardView,
  DealEventView,
  DealRowView,
  ProcessRunView,
  RunStageView,
  VisitView,
} from '../../shared/views/deals.ts'
import type { DealTypeView, ProcessTemplateView, StatusView } from '../../shared/views/dictionaries.ts'
import type { ImportBatchView } from '../../shared/views/imports.ts'
import type { DealDocumentView, TaskView } from '../../shared/views/processes.ts'
import { cannedStatus, type Lang } from './canned-funnel.ts'

/** Invented deals, typed by the views. Moments count back from `now`, so that ages stay as told. */
const hourMs = 3_600_000
export const ago = (hours: number): string => new Date(Date.now() - hours * hourMs).toISOString()
export const dayFromNow = (days: number): string => new Date(Date.now() + days * 24 * hourMs).toISOString().slice(0, 10)

export const lostStatus = (lang: Lang): StatusRefView => ({
  id: 20,
  code: 'lost',
  name: lang === 'ru' ? 'Проиграна' : 'Lost',
  rank: 1000,
  phase: 'sale',
  category: 'lost',
  isWon: false,
  step: null,
})

export function cannedStatuses(lang: Lang): readonly StatusView[] {
  const extra = {
    shownInFunnel: true,
    probabilityPct: 40,
    timeLimitHours: 240,
    targetConversionPct: null,
    archived: false,
    mergedInto: null,
    version: 1,
  }
  const open = Array.from({ length: 8 }, (_, index) => cannedStatus(index, lang))
  const lost = [
    lostStatus(lang),
    { ...lostStatus(lang), id: 21, code: 'refused', name: lang === 'ru' ? 'Отказались мы' : 'We refused' },
  ]
  return [...open, ...lost].map((status) => ({ ...status, ...extra, names: { ru: status.name, en: status.name } }))
}

const stageNames = {
  ru: [
    'Заявка',
    'Обследование',
    'Смета',
    'Согласование',
    'Договор',
    'Аванс',
    'Поставка оборудования',
    'Пусконаладка',
    'Гарантия',
  ],
  en: ['Request', 'Survey', 'Estimate', 'Agreement', 'Contract', 'Advance', 'Delivery of equipment', 'Commissioning', 'Warranty'],
} as const
const stageStatus = [0, 1, 2, 3, 4, 5, 6, 6, 7] as const
export const stageCode = (index: number): string => `stage-${index + 1}`

export function statusOfStage(index: number, lang: Lang): StatusRefView {
  return cannedStatus(stageStatus[index] ?? 0, lang)
}

export function cannedRun(at: number, lang: Lang): ProcessRunView {
  const refOf = (index: number) => ({ id: index + 1, code: stageCode(index), name: stageNames[lang][index] ?? '' })
  const stages: RunStageView[] = stageNames[lang].map((_, index) => ({
    ...refOf(index),
    state: index < at ? 'done' : index === at ? 'current' : 'ahead',
    status: statusOfStage(index, lang),
    enteredAt: index <= at ? ago(30 + (at - index) * 100) : null,
    timeLimitHours: 144,
  }))
  const open = { wayName: null, missing: [], approvals: [] }
  const next = [
    ...(at < stages.length - 1
      ? [{ ...refOf(at + 1), kind: 'forward' as const, status: statusOfStage(at + 1, lang), ...open }]
      : []),
    ...(at > 0 ? [{ ...refOf(at - 1), kind: 'back' as const, status: statusOfStage(at - 1, lang), ...open }] : []),
  ]
  const state = at === stages.length - 1 ? 'finished' : 'running'
  return { id: 1, name: lang === 'ru' ? 'Этапы проекта' : 'Project stages', isMain: true, versionNumber: 3, state, stages, next }
}

/** A task on deal 2417. */
export function cannedTask(id: number, fields: Partial<TaskView> = {}): TaskView {
  return {
    id,
    deal: { number: 2417, title: 'Пусконаладка линии розлива' },
    title: 'Позвонить главному инженеру',
    assignee: owner,
    dueAt: null,
    overdue: false,
    state: 'open',
    origin: 'user',
    closedAt: null,
    closedBy: null,
    canClose: true,
    version: 1,
    ...fields,
  }
}

export function cannedTypes(lang: Lang): readonly DealTypeView[] {
  const names = lang === 'ru' ? ['Проект', 'Продажа'] : ['Project', 'Sale']
  const processTemplate = { id: 1, code: 'project', name: names[0] ?? '' }
  return ['project', 'sale'].map((code, index) => ({
    id: index + 1,
    code,
    name: names[index] ?? '',
    icon: 'box',
    processTemplate: code === 'project' ? processTemplate : null,
    archived: false,
    version: 1,
  }))
}

export function cannedTemplates(lang: Lang): readonly ProcessTemplateView[] {
  const { stages } = cannedRun(0, lang)
  return [
    {
      id: 1,
      code: 'project',
      name: lang === 'ru' ? 'Проект' : 'Project',
      versionNumber: 3,
      stages: stages.map((stage, index) => ({
        id: stage.id,
        code: stage.code,
        name: stage.name,
        position: index + 1,
        status: stage.status,
        timeLimitHours: 144,
        next: [index + 1, index - 1].filter((other) => other >= 0 && other < stages.length).map(stageCode),
      })),
    },
  ]
}

export const owner = { id: 1, name: 'Анна Петрова' }
const clients = [
  'АО «Волга-Пак»',
  'ООО «Северный лес»',
  'АО «Уралэнергомаш»',
  'ООО «ТехноПарк-Юг»',
  'ГК «Балтика Трейд»',
  'АО «Камский завод»',
]
const titles = [
  'Пусконаладка линии розлива',
  'Лесопильный комплекс',
  'Модернизация насосной',
  'Сервис холодильных камер',
  'Складская автоматика',
  'Второе КП на компрессоры',
]
const amounts = [186_000_000, 124_000_000, 86_000_000, 21_500_050, 9_600_000, 7_200_000]

export function cannedRow(index: number, at: number, lang: Lang): DealRowView {
  const ageHours = [30, 41 * 24, 36 * 24, 33 * 24, 11 * 24, 9 * 24][index % 6] ?? 24
  const client = clients[index % 6] ?? ''
  return {
    number: 2417 - index,
    title: titles[index % 6] ?? '',
    type: { id: 1, code: 'project', name: lang === 'ru' ? 'Проект' : 'Project' },
    counterparty: { id: (index % 6) + 1, name: client },
    owner,
    department: { id: 1, name: 'Продажи Центр' },
    amount: { amountMinor: amounts[index % 6] ?? 0, currency: 'RUB' },
    baseAmount: { amountMinor: amounts[index % 6] ?? 0, currency: 'RUB' },
    status: statusOfStage(at, lang),
    stage: { id: at + 1, code: stageCode(at), name: stageNames[lang][at] ?? '' },
    createdAt: ago(2000 + index),
    statusSince: ago(ageHours),
    ageHours,
    overdue: ageHours > 24 * 24,
    expectedCloseOn: index % 6 === 4 ? dayFromNow(2) : index % 6 === 5 ? dayFromNow(-1) : null,
    fields: [],
    version: 7,
  }
}

export function cannedDocumentTypes(lang: Lang): DealCardView['documentTypes'] {
  const names = lang === 'ru' ? ['Договор', 'Счёт'] : ['Contract', 'Invoice']
  return ['contract', 'invoice'].map((code, index) => ({ id: index + 1, code, name: names[index] ?? '', isPayable: index === 1 }))
}

/** A signed contract with its scan, and an invoice on approval, paid in part. */
export function cannedDocuments(role: Role, lang: Lang): readonly DealDocumentView[] {
  const [contract, invoice] = cannedDocumentTypes(lang)
  const money = (amountMinor: number) => ({ amountMinor, currency: 'RUB' })
  const may = role !== 'executive'
  const payment = { paidOn: '2026-10-21', by: owner, comment: 'аванс', voided: false }
  return [
    {
      id: 11,
      type: contract!,
      number: 'ДП-114/26',
      datedOn: '2026-10-01',
      amount: null,
      paid: money(0),
      isPayable: false,
      state: 'signed',
      next: may ? ['void'] : [],
      actions: [],
      file: { id: 5, name: 'Договор ДП-114.pdf', sizeBytes: 240_000 },
      payments: [],
      version: 4,
    },
    {
      id: 12,
      type: invoice!,
      number: '871',
      datedOn: '2026-10-20',
      amount: money(186_000_000),
      paid: money(55_800_000),
      isPayable: true,
      state: 'on_approval',
      next: role === 'head' || role === 'admin' ? ['approved', 'rejected', 'void'] : may ? ['void'] : [],
      actions: may ? ['attach', 'pay', 'voidPayment'] : [],
      file: null,
      payments: [
        { id: 31, amount: money(55_800_000), ...payment },
        { id: 32, amount: money(1_000_000), ...payment, comment: '', voided: true },
      ],
      version: 2,
    },
  ]
}

export function cannedCard(row: DealRowView, at: number, role: Role, lang: Lang): DealCardView {
  const codes = [...new Set(stageStatus)]
  const isLost = row.status.category === 'lost'
  const current = codes.indexOf(stageStatus[at] ?? 0)
  return {
    ...row,
    description: 'Линия розлива на 6 000 бутылок в час. Просят запустить до Нового года.',
    contact: { id: 5, name: 'Рустам Галеев', phone: '+7 848 200-10-20', email: 'galeev@volga-pak.example' },
    participants: [{ id: 8, name: 'Дмитрий Орлов' }],
    probabilityPct: 90,
    timeLimitHours: 24 * 24,
    held: false,
    lostReason: null,
    cause: { kind: 'rule', at: row.statusSince, person: null, name: 'Счёт оплачен', reason: null },
    lifeCycle: codes.map((code, index) => ({
      ...cannedStatus(code, lang),
      state: index < current ? 'passed' : index === current ? 'current' : 'ahead',
    })),
    runs: [{ ...cannedRun(at, lang), ...(isLost ? { state: 'cancelled' as const } : {}) }],
    startable: [],
    actions: actionsFor({ id: 1, role }, role === 'executive' ? 'other' : 'own').filter((action) =>
      action === 'undo'
        ? false
        : action === 'reopen'
          ? isLost
          : !(isLost && (action === 'move' || action === 'setStatus' || action === 'lose')),
    ),
    undo: null,
    externalId: null,
    documents: cannedDocuments(role, lang),
    documentTypes: role === 'executive' ? [] : cannedDocumentTypes(lang),
  }
}

const refOf = (index: number): StatusRef => ({
  code: cannedStatus(index, 'ru').code,
  name: { ru: cannedStatus(index, 'ru').name, en: cannedStatus(index, 'en').name },
})
export const stageRef = (index: number): StatusRef => ({
  code: stageCode(index),
  name: { ru: stageNames.ru[index] ?? '', en: stageNames.en[index] ?? '' },
})
export const statusRef = (status: StatusRefView): StatusRef => ({ code: status.code, name: { ru: status.name, en: status.name } })

export function cannedEvents(): DealEventView[] {
  const bodies: readonly (readonly [number, DealEventBody])[] = [
    [
      30,
      {
        kind: 'status_changed',
        from: refOf(5),
        to: refOf(6),
        cause: { kind: 'rule', rule: { id: 1, name: { ru: 'Счёт оплачен', en: 'Invoice paid' } }, eventId: 3 },
      },
    ],
    [31, { kind: 'deal_edited', changes: [{ field: 'amountMinor', before: 180_000_000, after: 186_000_000 }] }],
    [33, { kind: 'comment_added', text: 'Просят отгрузить до 20-го, склад подтвердил' }],
    [80, { kind: 'status_changed', from: refOf(4), to: refOf(5), cause: { kind: 'user', reason: 'аванс обещан письмом' } }],
    [120, { kind: 'stage_entered', runId: 1, from: stageRef(4), to: stageRef(5) }],
    [
      300,
      { kind: 'deal_reassigned', from: { id: 9, name: 'Мария Ким' }, to: owner, department: { id: 1, name: 'Продажи Центр' } },
    ],
    [900, { kind: 'deal_created', status: refOf(0) }],
  ]
  return bodies.map(([hours, body], index) => ({
    id: 100 - index,
    at: ago(hours),
    recordedAt: ago(hours),
    person: index === 0 ? null : owner,
    door: index === 0 ? 'system' : index === 2 ? 'bot' : 'web',
    body,
    voided: false,
  }))
}

export function cannedVisits(lang: Lang): readonly VisitView[] {
  return [6, 5, 4].map((index, at) => ({
    id: 10 - at,
    status: cannedStatus(index, lang),
    enteredAt: ago(30 + at * 50),
    leftAt: at === 0 ? null : ago(30 + (at - 1) * 50),
    recordedAt: ago(30 + at * 50),
    owner,
    department: { id: 1, name: 'Продажи Центр' },
    amount: { amountMinor: 186_000_000, currency: 'RUB' },
    cause: { kind: 'stage', at: ago(30 + at * 50), person: owner, name: stageNames[lang][index] ?? '', reason: null },
    voided: false,
  }))
}

/** A dry run that took most rows, repaired a slip and refused two. */
export function cannedImport(): ImportBatchView {
  return {
    id: 7,
    kind: 'deals',
    fileName: 'сделки-октябрь.xlsx',
    state: 'checked',
    dryRun: true,
    rowsTotal: 1240,
    rowsTaken: 1238,
    rowsUnchanged: 0,
    rowsRefused: 2,
    created: { deals: 1238, counterparties: 84, employees: 0, departments: 0, dealTypes: 1, statuses: 0 },
    repairs: [{ column: 'Статус', value: 'Переговры', proposal: 'Переговоры', rows: 3, applied: true }],
    problems: [
      { row: 17, column: 'Сумма', code: 'money_malformed', message: 'Это не сумма: «сто».' },
      { row: 903, column: null, code: 'row_too_few_cells', message: 'Ячеек меньше, чем столбцов: 4 из 8.' },
    ],
    warnings: [{ code: 'client_missing', column: 'Клиент', rows: 12, message: 'Клиент не указан.' }],
    createdAt: ago(2),
    finishedAt: ago(1.9),
  }
}
