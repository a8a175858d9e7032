import type { Page, Route } from 'playwright-core'
import { checkDraft, type Known } from '../../shared/domain/process-draft.ts'
import type { ProcessDraft, StageDraft } from '../../shared/schemas/process.ts'
import type { DocumentTypeView, FactView, MigrationView, ProcessTemplateCardView } from '../../shared/views/processes.ts'
import type { Lang } from './canned-funnel.ts'
import { cannedStatuses } from './deals-canned.ts'

/** A server of processes inside the browser's own network: two processes, drafts checked as the real one does, versions compared. */
export type ProcessServer = {
  readonly cards: Map<string, ProcessTemplateCardView>
  /** Every change received: `PUT /api/process-templates/project/draft` with its body. */
  readonly changes: { readonly what: string; readonly body: unknown; readonly ifMatch: string | null }[]
  failWith: { readonly status: number; readonly code: string; readonly message: string } | null
}

const names = ['Заявка', 'Бриф и выезд', 'Смета', 'Договор', 'Поставка', 'Гарантия'] as const

function stageAt(index: number): StageDraft {
  const code = `stage-${index + 1}`
  const ways = [
    ...(index < names.length - 1 ? [{ to: `stage-${index + 2}` }] : []),
    ...(index > 0 ? [{ to: `stage-${index}` }] : []),
  ]
  const name = names[index] ?? ''
  return {
    code,
    names: { ru: name, en: name },
    status: null,
    timeLimitHours: index === 5 ? null : 24 * (index + 1),
    gates: [],
    tasks: [],
    ways,
  }
}

/** Six stages, gates, a task, a way round and a way back over several stages. */
export function cannedDraft(): ProcessDraft {
  const statuses = cannedStatuses('ru').map(({ code }) => code)
  const stages = names.map((_, index) => ({ ...stageAt(index), status: statuses[[0, 1, 2, 4, 6, 6][index] ?? 0] ?? null }))
  const [, brief, estimate, contract, delivery] = stages as [StageDraft, StageDraft, StageDraft, StageDraft, StageDraft]
  brief.gates = [{ kind: 'fields', facts: ['counterparty', 'field.area'] }]
  estimate.ways = [
    ...estimate.ways,
    {
      to: 'stage-5',
      names: { ru: 'Без договора', en: 'Without a contract' },
      condition: { all: [{ fact: 'amount', is: 'atMost', value: 10_000_000 }] },
    },
  ]
  contract.gates = [
    { kind: 'document', documentType: 'contract', goal: 'signed' },
    { kind: 'amount', fromMinor: 5_000_000, toMinor: null },
  ]
  contract.tasks = [{ title: { ru: 'Позвонить юристу', en: 'Call the lawyer' }, assignee: { kind: 'owner' }, dueInHours: 48 }]
  delivery.ways = [...delivery.ways, { to: 'stage-2' }]
  return { names: { ru: 'Проект', en: 'Project' }, status: null, stages }
}

const documentTypes: readonly DocumentTypeView[] = ['contract', 'invoice'].map((code, index) => {
  const name = ['Договор', 'Счёт'][index] ?? ''
  return { id: index + 1, code, name, names: { ru: name, en: name }, isPayable: code === 'invoice', archived: false, version: 1 }
})

function cannedFacts(lang: Lang): readonly FactView[] {
  const statuses = cannedStatuses(lang).map(({ code, name }) => ({ value: code, name }))
  return [
    { key: 'amount', name: 'Сумма', kind: 'money', choices: null, source: null },
    { key: 'status', name: 'Статус', kind: 'choice', choices: statuses, source: 'status' },
    { key: 'counterparty', name: 'Клиент', kind: 'choice', choices: null, source: 'counterparty' },
    { key: 'owner', name: 'Ответственный', kind: 'choice', choices: null, source: 'employee' },
    { key: 'expectedCloseOn', name: 'Ожидаемое закрытие', kind: 'day', choices: null, source: null },
    { key: 'contact', name: 'Контакт', kind: 'flag', choices: null, source: null },
    { key: 'tags', name: 'Метки', kind: 'choices', choices: null, source: null },
    { key: 'field.area', name: 'Площадь', kind: 'number', choices: null, source: null },
  ]
}

const known: Known = {
  statuses: new Set(cannedStatuses('ru').map(({ code }) => code)),
  documentTypes: new Set(documentTypes.map(({ code }) => code)),
  payableTypes: new Set(documentTypes.filter(({ isPayable }) => isPayable).map(({ code }) => code)),
  fields: new Map([['area', 'number']]),
  employees: new Set([1, 2]),
  roles: new Set(['admin', 'executive', 'head', 'manager', 'field']),
  dealTypes: [],
  givenOnlyHere: new Set(),
}

function cardOf(code: string, body: ProcessDraft, published: number | null): ProcessTemplateCardView {
  const own = { id: code === 'project' ? 1 : 2, code, name: body.names.ru, names: body.names, version: 1, archived: false }
  return {
    ...own,
    published: published === null ? null : { number: published, publishedAt: '2026-10-01T09:00:00+03:00', body },
    draft: published === null ? { number: 1, body, findings: checkDraft(body, known) } : null,
    running: [],
    dealTypes: [],
  }
}

/** Answers the page's requests for processes and their words from now on. */
export async function serveProcesses(page: Page, lang: Lang = 'ru'): Promise<ProcessServer> {
  const server: ProcessServer = { cards: new Map(), changes: [], failWith: null }
  const project = cardOf('project', cannedDraft(), 4)
  const stages = (project.published?.body.stages ?? []).map(({ code, names: { ru } }, index) => ({
    id: index + 1,
    code,
    name: ru,
  }))
  server.cards.set('project', {
    ...project,
    running: [
      { number: 3, runs: 12, stages: [...stages.slice(0, 5), { id: 9, code: 'old-end', name: 'Архив' }] },
      { number: 4, runs: 30, stages },
    ],
    dealTypes: [{ id: 1, code: 'project', name: 'Проект' }],
  })
  const lists: Readonly<Record<string, unknown>> = {
    '/api/statuses': { items: cannedStatuses(lang) },
    '/api/facts': { items: cannedFacts(lang) },
    '/api/document-types': { items: documentTypes },
  }
  for (const [path, body] of Object.entries(lists)) await page.route(`**${path}?*`, (route) => route.fulfill({ json: body }))
  await page.route('**/api/process-templates**', (route) => answer(server, route))
  await page.route('**/api/process-templates/**', (route) => answer(server, route))
  return server
}

function refuse(route: Route, status: number, code: string, message: string): Promise<void> {
  return route.fulfill({ status, json: { error: { code, message } } })
}

async function answer(server: ProcessServer, route: Route): Promise<void> {
  const request = route.request()
  const { pathname } = new URL(request.url())
  const [, code = '', tail = ''] = /^\/api\/process-templates(?:\/([\w~-]+))?(?:\/(\w+))?$/.exec(pathname) ?? []
  const method = request.method()
  const card = server.cards.get(code)
  if (method === 'GET') {
    if (code === '') return route.fulfill({ json: { items: [...server.cards.values()] } })
    return card ? route.fulfill({ json: card }) : refuse(route, 404, 'not_found', 'Не найдено.')
  }
  const body = (request.postDataJSON() ?? {}) as Record<string, unknown>
  const ifMatch = request.headers()['if-match'] ?? null
  server.changes.push({ what: `${method} ${pathname}`, body, ifMatch })
  if (server.failWith) return refuse(route, server.failWith.status, server.failWith.code, server.failWith.message)
  if (code === '') {
    const made = cardOf(`process-${server.cards.size + 1}`, body['draft'] as ProcessDraft, null)
    server.cards.set(made.code, made)
    return route.fulfill({ status: 201, json: made })
  }
  if (!card) return refuse(route, 404, 'not_found', 'Не найдено.')
  if (tail === 'migration') return route.fulfill({ json: migrate(card, body) })
  if (ifMatch !== `"${card.version}"`) return refuse(route, 412, 'version_stale', 'Пока вы смотрели, запись изменили.')
  const next = changeCard(card, `${method} ${tail}`, body)
  server.cards.set(code, { ...next, version: card.version + 1 })
  return route.fulfill({ json: server.cards.get(code) })
}

function changeCard(card: ProcessTemplateCardView, verb: string, body: Record<string, unknown>): ProcessTemplateCardView {
  const number = (card.published?.number ?? 0) + 1
  switch (verb) {
    case 'PUT draft': {
      const draft = body['draft'] as ProcessDraft
      return { ...card, draft: { number, body: draft, findings: checkDraft(draft, known) } }
    }
    case 'POST publish': {
      const draft = card.draft?.body ?? cannedDraft()
      return { ...card, draft: null, published: { number, publishedAt: '2026-11-01T09:00:00+03:00', body: draft } }
    }
    case 'DELETE draft':
      return { ...card, draft: null }
    default:
      return { ...card, archived: body['archived'] === true }
  }
}

/** Two running deals stand in each stage of the old version. */
function migrate(card: ProcessTemplateCardView, body: Record<string, unknown>): MigrationView {
  const mapped = body['stages'] as Record<string, string>
  const stages = card.running.at(-1)?.stages ?? []
  const old = card.running.find(({ number }) => number === body['fromVersion'])?.stages ?? []
  const target = (code: string) => stages.find((stage) => stage.code === mapped[code])
  return {
    moved: old.filter(({ code }) => mapped[code]).length * 2,
    unmapped: old.filter(({ code }) => !mapped[code]),
    dryRun: body['dryRun'] === true,
    stages: old.map((from) => ({
      from,
      to: target(from.code) ?? null,
      runs: 2,
      statusChanges: from.code === 'old-end' && mapped[from.code] ? 2 : 0,
    })),
  }
}
