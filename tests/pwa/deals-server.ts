import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DealEventBody } from '../../shared/domain/events.ts'
import type { Locale, Role } from '../../shared/views/common.ts'
import type { DealCardView, DealEventView, DealListView, DealRowView } from '../../shared/views/deals.ts'
import type { TaskView, WaitingApprovalView } from '../../shared/views/processes.ts'
import type { Lang } from './canned-funnel.ts'
import {
  ago,
  cannedCard,
  cannedEvents,
  cannedImport,
  cannedRow,
  cannedStatuses,
  cannedTask,
  cannedTemplates,
  cannedTypes,
  cannedVisits,
  owner,
  stageRef,
  statusOfStage,
  statusRef,
} from './deals-canned.ts'
import { type MockApi, startMockApi } from './mock-api.ts'

/** Deals that can be changed, on top of the stand-in server: versions are checked as the real one does, so that conflicts can be played. */
export type DealServer = {
  readonly url: string
  readonly mock: MockApi
  /** Every change received: `PUT /api/deals/2417/stage` with body and headers. */
  readonly changes: {
    readonly what: string
    readonly body: unknown
    readonly ifMatch: string | null
    readonly key: string | null
  }[]
  reset(role: Role, locale?: Locale): void
  /** Another person changes deal 2417 behind the screen's back. */
  meddle(body: DealEventBody, name: string): void
  /** Lets the card of deal 2417 show this besides. */
  show(card: Partial<DealCardView>): void
  readonly tasks: TaskView[]
  readonly approvals: WaitingApprovalView[]
  /** How long each change takes, ms. */
  delayMs: number
  failWith: { readonly status: number; readonly code: string; readonly message: string } | null
  close(): Promise<void>
}

type DealMemory = { at: number; row: DealRowView; card: Partial<DealCardView>; events: DealEventView[] }
const dealCount = 120
const pageSize = 50

export async function startDealServer(): Promise<DealServer> {
  const mock = await startMockApi()
  let role: Role = 'manager'
  let lang: Lang = 'ru'
  let deals = new Map<number, DealMemory>()
  const changes: DealServer['changes'] = []
  const answered = new Map<string, unknown>()
  const tasks: TaskView[] = []
  const approvals: WaitingApprovalView[] = []

  function fill(): void {
    deals = new Map(
      Array.from({ length: dealCount }, (_, index) => {
        const at = index === 0 ? 6 : (index * 5) % 8
        const row = cannedRow(index, at, lang)
        return [row.number, { at, row, card: {}, events: index === 0 ? cannedEvents() : [] }] as const
      }),
    )
  }

  const cardOf = (deal: DealMemory): DealCardView => {
    const card = { ...cannedCard(deal.row, deal.at, role, lang), ...deal.card }
    return card.undo ? { ...card, actions: [...card.actions, 'undo'] } : card
  }
  function record(deal: DealMemory, body: DealEventBody, person: { id: number; name: string } = owner): number {
    const id = 1000 + deal.events.length
    deal.events.unshift({ id, at: ago(0), recordedAt: ago(0), person, door: 'web', body, voided: false })
    return id
  }
  function remember(deal: DealMemory, body: DealEventBody): void {
    const eventId = record(deal, body)
    deal.row = { ...deal.row, version: deal.row.version + 1 }
    deal.card = { ...deal.card, undo: { until: new Date(Date.now() + 600_000).toISOString(), eventId, body } }
  }
  function moveTo(deal: DealMemory, code: string): DealEventBody {
    const to = Number(code.replace('stage-', '')) - 1
    const body: DealEventBody = { kind: 'stage_entered', runId: 1, from: stageRef(deal.at), to: stageRef(to) }
    const name = stageRef(to).name[lang]
    deal.at = to
    deal.row = {
      ...deal.row,
      stage: { id: to + 1, code, name },
      status: statusOfStage(to, lang),
      statusSince: ago(0),
      ageHours: 0,
      overdue: false,
    }
    deal.card = { ...deal.card, cause: { kind: 'stage', at: ago(0), person: null, name, reason: null } }
    return body
  }
  function changeStatus(deal: DealMemory, verb: string, input: Record<string, unknown>): DealEventBody {
    const reason = String(input['reason'] ?? '')
    const from = statusRef(deal.row.status)
    const wanted = cannedStatuses(lang).find((status) => status.code === input['status']) ?? statusOfStage(deal.at, lang)
    deal.row = { ...deal.row, status: wanted, statusSince: ago(0), ageHours: 0 }
    const cause = { kind: 'user' as const, at: ago(0), person: owner, name: null, reason }
    deal.card = { ...deal.card, cause, lostReason: verb === 'PUT loss' ? reason : null, held: input['hold'] === true }
    const to = statusRef(wanted)
    if (verb === 'PUT status') return { kind: 'status_changed', from, to, cause: { kind: 'user', reason } }
    return { kind: verb === 'PUT loss' ? 'deal_lost' : 'deal_reopened', from, to, reason }
  }
  /** @returns the event that can be undone afterwards, if any. */
  function apply(deal: DealMemory, verb: string, input: Record<string, unknown>): DealEventBody | null {
    switch (verb) {
      case 'PUT stage':
        return moveTo(deal, String(input['stage']))
      case 'PUT status':
      case 'PUT loss':
      case 'DELETE loss':
        return changeStatus(deal, verb, input)
      case 'POST comments':
        record(deal, { kind: 'comment_added', text: String(input['text']) })
        return null
      case 'POST undo':
        deal.events = deal.events.map((event) => (event.id === input['eventId'] ? { ...event, voided: true } : event))
        deal.row = { ...deal.row, version: deal.row.version + 1 }
        deal.card = { ...deal.card, undo: null }
        return null
      case 'PUT approvals':
      case 'POST runs':
      case 'DELETE runs':
        return { kind: 'comment_added', text: verb }
      case 'PUT owner': {
        const to = { id: Number(input['employeeId']), name: 'Игорь Соколов' }
        deal.row = { ...deal.row, owner: to }
        return { kind: 'deal_reassigned', from: owner, to, department: deal.row.department }
      }
      default: {
        const before = deal.row
        deal.row = { ...deal.row, ...(input as Partial<DealRowView>) }
        return { kind: 'deal_edited', changes: [{ field: 'title', before: before.title, after: deal.row.title }] }
      }
    }
  }
  function change(deal: DealMemory, verb: string, input: Record<string, unknown>): void {
    const body = apply(deal, verb, input)
    if (body) remember(deal, body)
  }

  function listDeals(query: URLSearchParams): DealListView {
    const text = query.get('q')?.toLowerCase() ?? ''
    const statuses = query.get('status')?.split(',') ?? []
    const all = [...deals.values()]
      .map((deal) => deal.row)
      .filter((row) => text === '' || `${row.number} ${row.title} ${row.counterparty?.name}`.toLowerCase().includes(text))
      .filter((row) => query.get('overdue') === null || row.overdue)
      // As if some were somebody else's.
      .filter((row) => query.get('others') === null || row.number % 5 !== 0)
      .filter((row) => statuses.length === 0 || statuses.includes(row.status.code))
      .filter((row) => query.get('counterparty') === null || query.get('counterparty') === String(row.counterparty?.id))
    if (query.get('sort') === 'waiting') all.sort((a, b) => b.ageHours - a.ageHours)
    const from = Number(query.get('cursor') ?? 0)
    const size = Math.min(Number(query.get('limit') ?? pageSize), 200)
    const next = from + size
    const amountMinor = all.reduce((sum, row) => sum + row.amount.amountMinor, 0)
    return {
      items: all.slice(from, next),
      nextCursor: next < all.length ? String(next) : null,
      total: all.length,
      amountMinor,
      currency: 'RUB',
      withoutRate: 0,
    }
  }

  function read(path: string, query: URLSearchParams): unknown {
    if (path === '/api/deals') return listDeals(query)
    if (path === '/api/tasks') {
      const number = query.get('deal')
      const items = tasks.filter((task) => (number ? String(task.deal.number) === number : task.state === 'open'))
      return { items, total: items.length }
    }
    if (path === '/api/approvals') return { items: approvals }
    if (path === '/api/imports') return { items: [cannedImport()] }
    if (path === '/api/imports/7') return cannedImport()
    if (path === '/api/statuses') return { items: cannedStatuses(lang) }
    if (path === '/api/deal-types') return { items: cannedTypes(lang) }
    if (path === '/api/process-templates') return { items: cannedTemplates(lang) }
    if (path === '/api/counterparties/1')
      return {
        id: 1,
        name: 'АО «Волга-Пак»',
        inn: '6320001234',
        kpp: '632001001',
        address: 'Тольятти, Индустриальная, 7',
        phone: '+7 848 200-10-00',
        email: 'info@volga-pak.example',
        dealCount: 20,
        version: 3,
        contacts: [{ id: 5, name: 'Рустам Галеев', position: 'Главный инженер', phone: '+7 848 200-10-20', email: null }],
      }
    if (path === '/api/session/list')
      return {
        items: [
          {
            id: 1,
            current: true,
            userAgent: 'Mozilla/5.0 (Linux; Android 15) Chrome/140.0',
            createdAt: ago(50),
            lastSeenAt: ago(0),
          },
          { id: 2, current: false, userAgent: 'Mozilla/5.0 (iPhone) Safari/605', createdAt: ago(500), lastSeenAt: ago(30) },
        ],
      }
    const [, number, tail] = /^\/api\/deals\/(\d+)(\/history)?$/.exec(path) ?? []
    const deal = deals.get(Number(number))
    if (!deal) return undefined
    return tail ? { visits: cannedVisits(lang), events: deal.events } : cardOf(deal)
  }

  function createDeal(body: Record<string, unknown>): DealCardView {
    const row = {
      ...cannedRow(0, 0, lang),
      number: 3000,
      title: String(body['title']),
      amount: body['amount'] as DealRowView['amount'],
    }
    const deal: DealMemory = { at: 0, row, card: {}, events: [] }
    deals.set(3000, deal)
    return cardOf(deal)
  }

  /** A task closed, opened again, or given. */
  function changeTask(path: string, body: Record<string, unknown>): TaskView | undefined {
    const index = tasks.findIndex((task) => path === `/api/tasks/${task.id}/state`)
    const before = tasks[index]
    if (before) {
      const next = { ...before, state: body['state'] as TaskView['state'], version: before.version + 1 }
      tasks[index] = next
      return next
    }
    const number = Number(/^\/api\/deals\/(\d+)\/tasks$/.exec(path)?.[1] ?? Number.NaN)
    if (Number.isNaN(number)) return undefined
    const given = cannedTask(tasks.length + 1, { title: String(body['title']), dueAt: (body['dueAt'] as string | null) ?? null })
    tasks.push(given)
    return given
  }

  async function answerChange(request: IncomingMessage, path: string, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await readBody(request)) || '{}') as Record<string, unknown>
    const ifMatch = request.headers['if-match'] ?? null
    const key = request.headers['idempotency-key']?.toString() ?? null
    changes.push({ what: `${request.method} ${path}`, body, ifMatch, key })
    await new Promise((resolve) => setTimeout(resolve, server.delayMs))
    if (server.failWith) {
      const { status, code, message } = server.failWith
      return send(response, status, { error: { code, message } })
    }
    if (key && answered.has(key)) return send(response, 200, answered.get(key))
    const task = changeTask(path, body)
    if (task) return send(response, 200, task)
    if (path === '/api/deals') return send(response, 201, createDeal(body))
    const [, number, tail = ''] = /^\/api\/deals\/(\d+)(?:\/(\w+)(?:\/\d+)?)?$/.exec(path) ?? []
    const deal = deals.get(Number(number))
    if (!deal) return send(response, 404, { error: { code: 'not_found', message: 'Не найдено.' } })
    if (tail !== 'comments' && ifMatch !== `"${deal.row.version}"`) {
      const error = { code: 'version_stale', message: 'Пока вы смотрели, запись изменили.', details: { current: cardOf(deal) } }
      return send(response, 412, { error })
    }
    change(deal, `${request.method} ${tail}`.trim(), body)
    if (key) answered.set(key, cardOf(deal))
    send(response, 200, cardOf(deal))
  }

  const http: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://deals')
    const isDeals =
      /^\/api\/(deals|tasks|approvals|statuses|deal-types|process-templates|counterparties\/1$|session\/list|imports)/.test(
        url.pathname,
      )
    if (isDeals && request.method !== 'GET') return void answerChange(request, url.pathname, response)
    if (isDeals) {
      mock.requests.push(`${request.method} ${request.url}`)
      const data = read(url.pathname, url.searchParams)
      return data === undefined
        ? send(response, 404, { error: { code: 'not_found', message: 'Не найдено.' } })
        : send(response, 200, data)
    }
    const passed = httpRequest(mock.url + request.url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    response.on('close', () => passed.destroy())
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))

  const server: DealServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    mock,
    changes,
    tasks,
    approvals,
    delayMs: 0,
    failWith: null,
    show(card) {
      const deal = deals.get(2417)
      if (deal) deal.card = { ...deal.card, ...card }
    },
    reset(nextRole, locale = 'ru') {
      role = nextRole
      lang = locale
      mock.reset(nextRole)
      changes.length = 0
      answered.clear()
      tasks.length = 0
      approvals.length = 0
      server.delayMs = 0
      server.failWith = null
      fill()
    },
    meddle(body, name) {
      const deal = deals.get(2417)
      if (!deal) return
      record(deal, body, { id: 77, name })
      deal.row = {
        ...deal.row,
        version: deal.row.version + 1,
        title: body.kind === 'deal_edited' ? String(body.changes[0]?.after) : deal.row.title,
      }
    },
    async close() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await mock.close()
    },
  }
  server.reset('manager')
  return server
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
