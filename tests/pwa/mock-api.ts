import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { abilitiesOf } from '../../shared/domain/permissions.ts'
import type { Locale, Role } from '../../shared/views/common.ts'
import type { DealListView } from '../../shared/views/deals.ts'
import type { FunnelSplitView } from '../../shared/views/funnel.ts'
import type { LoginOptionsView, SessionView } from '../../shared/views/session.ts'
import { cannedActivity, cannedDepartments, cannedTrend } from './canned-charts.ts'
import { cannedCohort, cannedDeals, cannedEmpty, cannedFlow, cannedSnapshot, cannedSplit, type Lang } from './canned-funnel.ts'
import { cannedForecast, cannedForecastHistory, cannedVelocity, cannedWinRates } from './canned-outcomes.ts'
import { cannedComparison, cannedPaths, cannedStanding } from './canned-travel.ts'
import { contentSecurityPolicy, serveApp } from './serve-app.ts'

/** A small stand-in for the server: the built app and canned answers, with switches to make every state of the screens appear. */
export type MockApi = {
  readonly url: string
  /** What each request to `/api` meets: a canned answer, an error, or none at all. */
  mode: 'normal' | 'broken' | 'silent' | 'empty'
  /** Every request to `/api`, as `GET /api/funnel?…`, in order. */
  readonly requests: string[]
  /** Back to the start: this role (or nobody) logged in, Russian, nothing broken. */
  reset(role: Role | null): void
  tell(event: 'deal' | 'funnel', data: unknown): void
  /** Breaks the connections of live changes; browsers come again by themselves. */
  dropStreams(): void
  /** Publishes a new build: the worker's file is another one from now on. */
  publish(): void
  close(): Promise<void>
}

const demoPeople: LoginOptionsView['demoPeople'] = [
  { role: 'executive', name: 'Елена Власова', position: 'Генеральный директор' },
  { role: 'head', name: 'Павел Громов', position: 'Руководитель отдела продаж' },
  { role: 'manager', name: 'Анна Петрова', position: 'Менеджер по продажам' },
  { role: 'field', name: 'Сергей Титов', position: 'Инженер на выезде' },
  { role: 'admin', name: 'Ирина Котова', position: 'Администратор' },
]

function sessionOf(role: Role, locale: Locale): SessionView {
  const person = demoPeople.find((one) => one.role === role)!
  return {
    employee: { id: 1, name: person.name, login: role, role, department: null, locale },
    organization: { name: 'АО «Волга-Пак»', timeZone: 'Europe/Moscow', baseCurrency: 'RUB', demo: true },
    startBoard: null,
    abilities: abilitiesOf(role),
    telegram: { mode: 'off', botUsername: null, linked: false },
  }
}

type State = { role: Role | null; locale: Locale; mode: MockApi['mode'] }
type Answer = {
  readonly status?: number
  readonly body?: unknown
  readonly file?: { readonly name: string; readonly text: string }
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } }
}

/** As many deals as the canned figure says, where the figure is not a layer's. */
function countBehind(query: URLSearchParams, lang: Lang): number | undefined {
  const chapter = cannedCohort(lang, 'count', false).chapters.find(({ phase }) => phase === query.get('chapter'))
  const part = query.get('part') ?? 'reached'
  if (chapter) return { ...chapter, reached: chapter.entered }[part as 'reached' | 'passed' | 'lost' | 'open' | 'finished']
  const happened = query.get('happened') as 'created' | 'won' | 'lost' | 'worked' | null
  if (happened === 'worked') return 6
  return happened ? cannedTrend().weeks.at(-1)?.[happened] : undefined
}

function listBehind(query: URLSearchParams, lang: Lang): DealListView {
  const list = cannedDeals(Number(query.get('cursor') ?? 0), lang, countBehind(query, lang))
  const day = cannedActivity().days.find((one) => one.day === query.get('from'))
  return query.get('happened') === 'worked' && day ? { ...list, actions: day.actions } : list
}

function readFunnel(path: string, query: URLSearchParams, lang: Lang, state: State): Answer {
  const by = query.get('by') === 'amount' ? 'amount' : 'count'
  if (path === '/api/funnel') {
    if (state.mode === 'empty') return { body: cannedEmpty(lang) }
    switch (query.get('basis')) {
      case 'snapshot':
        return { body: cannedSnapshot(lang, by) }
      case 'flow':
        return { body: cannedFlow(lang, by) }
      default:
        return { body: cannedCohort(lang, by, query.get('strict') === '1') }
    }
  }
  if (path === '/api/funnel/deals') return { body: listBehind(query, lang) }
  if (/^\/api\/funnel\/(compare|paths)\/deals$/.test(path)) return { body: cannedDeals(Number(query.get('cursor') ?? 0), lang) }
  if (path === '/api/funnel/compare' && query.get('basis') === 'snapshot') return { body: cannedStanding(lang, by) }
  if (path === '/api/funnel/compare') return { body: cannedComparison(lang, by, query) }
  if (path === '/api/funnel/paths') return { body: cannedPaths(lang) }
  if (path === '/api/funnel/split')
    return { body: cannedSplit((query.get('split') ?? 'employee') as FunnelSplitView['by'], lang) }
  if (path === '/api/funnel/forecast') return { body: cannedForecast(lang) }
  if (path === '/api/funnel/forecast/history') return { body: cannedForecastHistory() }
  if (path === '/api/funnel/win-rates') return { body: cannedWinRates() }
  if (path === '/api/funnel/velocity') return { body: cannedVelocity(lang) }
  if (/^\/api\/funnel\/buckets\/\w+\/deals$/.test(path)) return { body: cannedDeals(Number(query.get('cursor') ?? 0), lang) }
  if (path === '/api/funnel/trend') return { body: cannedTrend() }
  if (path === '/api/funnel/departments') return { body: cannedDepartments() }
  if (path === '/api/funnel/activity') return { body: cannedActivity() }
  const kind = /^\/api\/funnel\.(pdf|xlsx|png)$/.exec(path)?.[1]
  return kind ? { file: { name: `voronka.${kind}`, text: `report ${kind}` } } : refusal(404, 'not_found', 'Не найдено')
}

const lists: Readonly<Record<string, unknown>> = {
  '/api/deal-types': {
    items: [{ id: 1, code: 'sale', name: 'Продажа', icon: 'box', processTemplate: null, archived: false, version: 1 }],
  },
  '/api/departments': {
    items: ['Продажи Центр', 'Продажи Юг', 'Проекты', 'Сервис'].map((name, index) => ({
      id: index + 1,
      name,
      parentId: null,
      depth: 0,
      archived: false,
      version: 1,
    })),
  },
  '/api/employees': {
    items: ['Игорь Соколов', 'Анна Петрова'].map((name, index) => ({
      id: index + 1,
      name,
      login: `u${index}`,
      email: null,
      role: 'manager',
      department: { id: 1, name: 'Продажи Центр' },
      active: true,
      version: 1,
    })),
    nextCursor: null,
    total: 2,
  },
  '/api/counterparties': {
    items: [
      {
        id: 1,
        name: 'ООО «Северный лес»',
        inn: '7701234567',
        kpp: null,
        address: null,
        phone: null,
        email: null,
        dealCount: 3,
        version: 1,
      },
    ],
    nextCursor: null,
    total: 1,
  },
}

function answerApi(method: string, url: URL, body: string, state: State): Answer {
  const lang: Lang =
    url.searchParams.get('lang') === 'en' || (url.searchParams.get('lang') === null && state.locale === 'en') ? 'en' : 'ru'
  if (url.pathname === '/api/login-options')
    return { body: { organizationName: 'АО «Волга-Пак»', demo: true, demoPeople } satisfies LoginOptionsView }
  if (url.pathname === '/api/session/demo' && method === 'POST') state.role = (JSON.parse(body) as { role: Role }).role
  else if (url.pathname === '/api/session' && method === 'POST') {
    if ((JSON.parse(body) as { password: string }).password !== 'right')
      return refusal(401, 'login_failed', 'Логин или пароль не подходят.')
    state.role = 'executive'
  } else if (url.pathname === '/api/session' && method === 'PATCH') state.locale = (JSON.parse(body) as { locale: Locale }).locale
  else if (url.pathname === '/api/session' && method === 'DELETE') {
    state.role = null
    return { status: 204 }
  }
  if (!state.role) return refusal(401, 'not_logged_in', 'Вы не вошли.')
  if (url.pathname.startsWith('/api/session')) return { body: sessionOf(state.role, state.locale) }
  if (url.pathname.startsWith('/api/funnel')) return readFunnel(url.pathname, url.searchParams, lang, state)
  return lists[url.pathname] ? { body: lists[url.pathname] } : refusal(404, 'not_found', 'Не найдено')
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

function sendAnswer(response: ServerResponse, answer: Answer): void {
  if (answer.file) {
    response
      .writeHead(200, {
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; filename="${answer.file.name}"`,
      })
      .end(answer.file.text)
    return
  }
  response.writeHead(answer.status ?? 200, { 'Content-Type': 'application/json' })
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
}

/** Starts the stand-in on a free port of the loopback (or the given one). @throws when `pwa/build` holds no built app. */
export async function startMockApi(port = 0): Promise<MockApi> {
  const csp = await contentSecurityPolicy()
  const state: State = { role: null, locale: 'ru', mode: 'normal' }
  const requests: string[] = []
  let build = 1
  const streams = new Set<ServerResponse>()

  const server: Server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://mock')
      if (!url.pathname.startsWith('/api')) return serveApp(url.pathname, response, csp, build)
      requests.push(`${request.method} ${request.url}`)
      if (state.mode === 'silent') return request.socket.destroy()
      if (url.pathname === '/api/events') {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': here\n\n')
        streams.add(response)
        response.on('close', () => streams.delete(response))
        return
      }
      const body = await readBody(request)
      const isFigure = url.pathname.startsWith('/api/funnel')
      if (state.mode === 'broken' && isFigure) return sendAnswer(response, refusal(500, 'unexpected', 'На сервере ошибка.'))
      return sendAnswer(response, answerApi(request.method ?? 'GET', url, body, state))
    })()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get mode() {
      return state.mode
    },
    set mode(next) {
      state.mode = next
    },
    requests,
    reset: (role) => {
      Object.assign(state, { role, locale: 'ru', mode: 'normal' } satisfies State)
      requests.length = 0
    },
    tell: (event, data) => {
      for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
    dropStreams: () => {
      for (const stream of streams) stream.destroy()
    },
    publish: () => {
      build++
    },
    close: async () => {
      for (const stream of streams) stream.end()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
