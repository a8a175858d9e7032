import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createDocument } from '../../api/usecases/documents/create-document.ts'
import { recordPayment, voidPayment } from '../../api/usecases/documents/payments.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { clients, createWorld, type DealName, departments, type Name, password, type World } from '../support/world.ts'

/**
 * Who may ask what and is told what: every route, every role, every relation to the deal; written out here a second time, on purpose
 * not derived from `shared/domain/permissions.ts`.
 */
type Role = 'admin' | 'executive' | 'head' | 'manager' | 'field'
const roles: Readonly<Record<Role, Name>> = { admin: 'ada', executive: 'eva', head: 'carl', manager: 'mira', field: 'finn' }

/** Deals by how each role stands to them: its own, one it takes part in, one of its department's subtree, any other. */
const dealsOf: Readonly<Record<Role, Readonly<Record<'own' | 'participant' | 'subtree' | 'other', DealName>>>> = {
  admin: { own: 'ada', participant: 'shared', subtree: 'hedda', other: 'sara' },
  executive: { own: 'eva', participant: 'shared', subtree: 'hedda', other: 'sara' },
  head: { own: 'carl', participant: 'shared', subtree: 'nina', other: 'sara' },
  manager: { own: 'mira', participant: 'shared', subtree: 'max', other: 'sara' },
  field: { own: 'finn', participant: 'shared', subtree: 'hedda', other: 'sara' },
}

/** A letter each for own, participant, subtree, other. y: may; n: 403, may not; -: 404, is not there. */
type DealRow = Readonly<Record<Role, string>>
type Sent = { readonly body?: object; readonly stale?: true; readonly permitted?: number }
const looking: DealRow = { admin: 'yyyy', executive: 'yyyy', head: 'yyy-', manager: 'yy--', field: 'yy--' }
const working: DealRow = { admin: 'yyyy', executive: 'ynnn', head: 'yyy-', manager: 'yy--', field: 'yy--' }
const deciding: DealRow = { admin: 'yyyy', executive: 'ynnn', head: 'yny-', manager: 'yn--', field: 'nn--' }
const redirecting: DealRow = { admin: 'yyyy', executive: 'yyyy', head: 'yny-', manager: 'nn--', field: 'nn--' }
const inviting: DealRow = { admin: 'yyyy', executive: 'yyyy', head: 'yny-', manager: 'yn--', field: 'nn--' }
const paying: DealRow = { admin: 'yyyy', executive: 'ynnn', head: 'yny-', manager: 'yn--', field: 'yn--' }
const reason = { reason: 'так решили' }

/** A permitted change is sent on a version that never was: 412 says that the right was there, and nothing changes. */
const dealRoutes: Readonly<Record<string, readonly [DealRow, Sent]>> = {
  'GET /deals/:number': [looking, {}],
  'GET /deals/:number/history': [looking, {}],
  'GET /deals/:number/outlook': [looking, {}],
  'PATCH /deals/:number': [deciding, { body: { title: 'Иначе' }, stale: true }],
  'PUT /deals/:number/stage': [working, { body: { stage: 'qualification' }, stale: true }],
  'PUT /deals/:number/status': [deciding, { body: { status: 'proposal', ...reason }, stale: true }],
  'DELETE /deals/:number/hold': [deciding, { stale: true }],
  'PUT /deals/:number/loss': [deciding, { body: { status: 'lost', ...reason }, stale: true }],
  'DELETE /deals/:number/loss': [deciding, { body: reason, stale: true }],
  'PUT /deals/:number/owner': [redirecting, { body: { employeeId: 6 }, stale: true }],
  'PUT /deals/:number/participants': [inviting, { body: { employeeIds: [6] }, stale: true }],
  'POST /deals/:number/comments': [
    { admin: 'yyyy', executive: 'yyyy', head: 'yyy-', manager: 'yy--', field: 'yy--' },
    { body: { text: 'слово' } },
  ],
  'POST /deals/:number/tasks': [looking, { body: { title: 'Позвонить' } }],
  'PUT /deals/:number/approvals': [looking, { body: { run: 1, stage: 'proposal', approved: true }, stale: true }],
  'POST /deals/:number/runs': [working, { body: { template: 'delivery' }, stale: true }],
  'DELETE /deals/:number/runs/:run': [working, { body: reason, stale: true }],
  'POST /deals/:number/undo': [working, { body: { eventId: 1 }, stale: true }],
  // The deal's own invoice, and the payment on it, which has been taken back already: whoever may is told so.
  'POST /deals/:deal/documents': [working, { body: { type: 'contract', number: '5', datedOn: '2026-10-01' } }],
  'PATCH /documents/:id': [working, { body: { number: '6' }, stale: true }],
  'PUT /documents/:id/state': [
    { admin: 'yyyy', executive: 'yyyn', head: 'yny-', manager: 'nn--', field: 'nn--' },
    { body: { state: 'approved' }, stale: true },
  ],
  'POST /documents/:id/payments': [
    paying,
    { body: { amount: { amountMinor: 1, currency: 'RUB' }, paidOn: '2026-10-02' }, stale: true },
  ],
  'DELETE /payments/:id': [paying, { permitted: 422 }],
}

/** admin, executive, head, manager, field; a stranger and a deactivated employee get 401 everywhere. */
type Statuses = readonly [admin: number, executive: number, head: number, manager: number, field: number]
const everybody: Statuses = [200, 200, 200, 200, 200]
const newDeal = { title: 'Новая', type: 'service', amount: { amountMinor: 100, currency: 'RUB' } }
const newRule = {
  names: { ru: 'Правило', en: 'Rule' },
  dealTypes: [],
  trigger: { kind: 'deal_created' },
  condition: { all: [] },
  forwardOnly: false,
  actions: [{ kind: 'set_status', status: 'proposal' }],
  isActive: false,
}
/** For another: who answers for nobody keeps schedules for himself alone. */
const newSchedule = {
  name: 'Утро',
  query: {},
  period: 'year',
  format: 'png',
  locale: 'ru',
  rhythm: { kind: 'daily' },
  time: '09:00',
  timeZone: 'Europe/Moscow',
  emails: [],
  employeeIds: [3],
}
const newProcess = { names: { ru: 'Новый', en: 'New' }, status: null, stages: [] }
const otherRoutes: Readonly<Record<string, readonly [path: string, Statuses, Sent?]>> = {
  'GET /session': ['/session', everybody],
  'PATCH /session': ['/session', everybody, { body: { locale: 'ru' } }],
  'GET /session/list': ['/session/list', everybody],
  'DELETE /session/list': ['/session/list', [204, 204, 204, 204, 204]],
  'DELETE /session/list/:id': ['/session/list/999999', [404, 404, 404, 404, 404]],
  'POST /session/password': [
    '/session/password',
    [401, 401, 401, 401, 401],
    { body: { current: 'не то', next: 'длинный-пароль' } },
  ],
  'POST /telegram/link': ['/telegram/link', [201, 201, 201, 201, 201]],
  'GET /telegram/notices': ['/telegram/notices', everybody],
  'PATCH /telegram/notices': ['/telegram/notices', everybody, { body: { topics: { comment: false } } }],
  'DELETE /telegram/link': ['/telegram/link', [204, 204, 204, 204, 204]],
  'GET /deals': ['/deals', everybody],
  'POST /deals': ['/deals', [201, 403, 201, 201, 403], { body: newDeal }],
  'GET /funnel': ['/funnel', everybody],
  'GET /funnel.pdf': ['/funnel.pdf', everybody],
  'GET /funnel.png': ['/funnel.png', everybody],
  'GET /funnel.xlsx': ['/funnel.xlsx', everybody],
  'GET /funnel/deals': ['/funnel/deals?layer=new', everybody],
  'GET /funnel/split': ['/funnel/split?layer=new', everybody],
  'GET /funnel/forecast': ['/funnel/forecast', everybody],
  'GET /funnel/forecast/history': ['/funnel/forecast/history', everybody],
  'GET /funnel/win-rates': ['/funnel/win-rates', everybody],
  'GET /funnel/velocity': ['/funnel/velocity', everybody],
  'GET /funnel/buckets/:bucket/deals': ['/funnel/buckets/expected/deals', everybody],
  'GET /funnel/compare': ['/funnel/compare', everybody],
  'GET /funnel/compare/deals': ['/funnel/compare/deals?side=before&part=won', everybody],
  'GET /funnel/paths': ['/funnel/paths', everybody],
  'GET /funnel/paths/deals': ['/funnel/paths/deals?way=..new', everybody],
  'GET /funnel/trend': ['/funnel/trend', everybody],
  'GET /funnel/departments': ['/funnel/departments', everybody],
  'GET /funnel/activity': ['/funnel/activity', everybody],
  'POST /reports/share': ['/reports/share', [201, 201, 201, 201, 201], { body: { query: {}, format: 'png' } }],
  'GET /reports/shares': ['/reports/shares', everybody],
  'DELETE /reports/shares/:id': ['/reports/shares/999999', [404, 404, 404, 404, 404]],
  'GET /reports/mail': ['/reports/mail', everybody],
  // Mail is not set up here: whoever may is told so.
  'POST /reports/email': [
    '/reports/email',
    [422, 422, 422, 422, 422],
    { body: { to: ['a@b.example'], query: {}, format: 'pdf' } },
  ],
  'GET /reports/deliveries': ['/reports/deliveries', everybody],
  'POST /reports/deliveries/:id/retry': ['/reports/deliveries/999999/retry', [404, 404, 404, 404, 404], { body: {} }],
  'GET /schedules': ['/schedules', everybody],
  'POST /schedules': ['/schedules', [201, 201, 201, 403, 403], { body: newSchedule }],
  'GET /schedules/:id': ['/schedules/999999', [404, 404, 404, 404, 404]],
  'PATCH /schedules/:id': ['/schedules/999999', [404, 404, 404, 404, 404], { body: { active: false }, stale: true }],
  'DELETE /schedules/:id': ['/schedules/999999', [404, 404, 404, 404, 404], { stale: true }],
  'POST /schedules/:id/run': ['/schedules/999999/run', [404, 404, 404, 404, 404], { body: {} }],
  'GET /dashboards': ['/dashboards', everybody],
  'POST /dashboards': ['/dashboards', [201, 201, 201, 201, 201], { body: { name: 'Моя панель' } }],
  'GET /dashboards/:id': ['/dashboards/none-such-one', [404, 404, 404, 404, 404]],
  'PATCH /dashboards/:id': ['/dashboards/none-such-one', [404, 404, 404, 404, 404], { body: { shared: true }, stale: true }],
  'DELETE /dashboards/:id': ['/dashboards/none-such-one', [404, 404, 404, 404, 404], { stale: true }],
  'POST /dashboards/:id/copies': ['/dashboards/none-such-one/copies', [404, 404, 404, 404, 404], { body: {} }],
  'PUT /session/start-page': ['/session/start-page', [204, 204, 204, 204, 204], { body: { dashboardId: null } }],
  'GET /statuses': ['/statuses', everybody],
  'POST /statuses': [
    '/statuses',
    [201, 403, 403, 403, 403],
    { body: { names: { ru: 'Пробный', en: 'Trial' }, phase: 'presale' } },
  ],
  'PUT /statuses/order': ['/statuses/order', [409, 403, 403, 403, 403], { body: { codes: ['new'], seen: ['new'] } }],
  'POST /statuses/preview': [
    '/statuses/preview',
    [200, 403, 403, 403, 403],
    { body: { merge: { code: 'qualification', into: 'proposal' } } },
  ],
  'POST /statuses/:code/merge': [
    '/statuses/qualification/merge',
    [412, 403, 403, 403, 403],
    { body: { into: 'proposal' }, stale: true },
  ],
  'PATCH /statuses/:code': ['/statuses/new', [412, 403, 403, 403, 403], { body: { probabilityPct: 1 }, stale: true }],
  'GET /deal-types': ['/deal-types', everybody],
  'POST /deal-types': ['/deal-types', [201, 403, 403, 403, 403], { body: { names: { ru: 'Тип', en: 'Type' } } }],
  'GET /deal-types/:code': ['/deal-types/service', everybody],
  'PATCH /deal-types/:code': ['/deal-types/service', [412, 403, 403, 403, 403], { body: { icon: 'deals' }, stale: true }],
  'POST /deal-types/:code/fields': [
    '/deal-types/service/fields',
    [201, 403, 403, 403, 403],
    { body: { names: { ru: 'Поле', en: 'Field' }, kind: 'text' } },
  ],
  'PATCH /deal-types/:code/fields/:field': [
    '/deal-types/service/fields/none',
    [404, 403, 403, 403, 403],
    { body: { inList: true }, stale: true },
  ],
  'GET /document-types': ['/document-types', everybody],
  'POST /document-types': ['/document-types', [201, 403, 403, 403, 403], { body: { names: { ru: 'Акт', en: 'Act' } } }],
  'PATCH /document-types/:code': ['/document-types/none', [404, 403, 403, 403, 403], { body: { isPayable: true }, stale: true }],
  'GET /process-templates': ['/process-templates', everybody],
  'POST /process-templates': ['/process-templates', [201, 403, 403, 403, 403], { body: { draft: newProcess } }],
  'GET /process-templates/:code': ['/process-templates/service', [200, 403, 403, 403, 403]],
  'PATCH /process-templates/:code': [
    '/process-templates/service',
    [412, 403, 403, 403, 403],
    { body: { archived: true }, stale: true },
  ],
  'PUT /process-templates/:code/draft': [
    '/process-templates/service/draft',
    [412, 403, 403, 403, 403],
    { body: { draft: newProcess }, stale: true },
  ],
  'DELETE /process-templates/:code/draft': ['/process-templates/service/draft', [412, 403, 403, 403, 403], { stale: true }],
  'POST /process-templates/:code/publish': ['/process-templates/service/publish', [412, 403, 403, 403, 403], { stale: true }],
  'POST /process-templates/:code/migration': [
    '/process-templates/service/migration',
    [422, 403, 403, 403, 403],
    { body: { fromVersion: 1, stages: {}, dryRun: true } },
  ],
  'GET /process-templates/:code/bpmn': ['/process-templates/service/bpmn', [200, 403, 403, 403, 403]],
  // Who may is told of the form of the file.
  'POST /process-templates/bpmn': ['/process-templates/bpmn', [415, 403, 403, 403, 403], { body: {} }],
  'GET /departments': ['/departments', everybody],
  'POST /departments': ['/departments', [201, 403, 403, 403, 403], { body: { name: 'Новое' } }],
  'PATCH /departments/:id': [
    `/departments/${departments.north}`,
    [412, 403, 403, 403, 403],
    { body: { name: 'Н' }, stale: true },
  ],
  'GET /employees': ['/employees', everybody],
  'POST /employees': [
    '/employees',
    [201, 403, 403, 403, 403],
    { body: { login: 'fresh', name: 'Новый', role: 'field', departmentId: departments.company } },
  ],
  'PATCH /employees/:id': ['/employees/6', [412, 403, 403, 403, 403], { body: { name: 'Н' }, stale: true }],
  'GET /counterparties': ['/counterparties', everybody],
  'POST /counterparties': ['/counterparties', [201, 403, 201, 201, 403], { body: { name: 'ООО «Дельта»' } }],
  'GET /counterparties/:id': [`/counterparties/${clients.hidden}`, [200, 200, 200, 200, 404]],
  'PATCH /counterparties/:id': [
    `/counterparties/${clients.alpha}`,
    [412, 403, 412, 412, 403],
    { body: { name: 'Н' }, stale: true },
  ],
  'POST /counterparties/:id/contacts': [
    `/counterparties/${clients.alpha}/contacts`,
    [201, 403, 201, 201, 403],
    { body: { name: 'Лицо' } },
  ],
  // Who may import is told of the form of the file, all others that they may not.
  'POST /imports': ['/imports?kind=deals&fileName=a.csv', [415, 403, 403, 403, 403], { body: {} }],
  'GET /imports': ['/imports', [200, 403, 403, 403, 403]],
  'GET /imports/:id': ['/imports/999', [404, 403, 403, 403, 403]],
  'GET /imports/:id/refused.csv': ['/imports/999/refused.csv', [404, 403, 403, 403, 403]],
  'DELETE /imports/:id': ['/imports/999', [404, 403, 403, 403, 403]],
  // Whoever works on deals may store a file; nobody reads one that no deal of his carries.
  'POST /files': ['/files?name=a.pdf', [415, 415, 415, 415, 415], { body: {} }],
  'GET /files/:id': ['/files/999999', [404, 404, 404, 404, 404]],
  'GET /facts': ['/facts', [200, 403, 403, 403, 403]],
  'GET /calendar': ['/calendar', [200, 403, 403, 403, 403]],
  'PUT /calendar': [
    '/calendar',
    [412, 403, 403, 403, 403],
    { body: { limitsInWorkingTime: false, workDays: [1], from: '09:00', to: '18:00', days: [] }, stale: true },
  ],
  'GET /exchange-rates': ['/exchange-rates', everybody],
  'POST /exchange-rates': [
    '/exchange-rates',
    [201, 403, 403, 403, 403],
    { body: { currency: 'USD', validFrom: '2026-01-01', rate: '92.5' } },
  ],
  'POST /exchange-rates/preview': [
    '/exchange-rates/preview',
    [200, 403, 403, 403, 403],
    { body: { currency: 'USD', validFrom: '2026-01-01', rate: null } },
  ],
  'DELETE /exchange-rates/:currency/:validFrom': ['/exchange-rates/EUR/2026-01-01', [404, 403, 403, 403, 403]],
  'GET /rules': ['/rules', [200, 403, 403, 403, 403]],
  'POST /rules': ['/rules', [201, 403, 403, 403, 403], { body: newRule }],
  'PATCH /rules/:code': ['/rules/none', [404, 403, 403, 403, 403], { body: { isActive: false }, stale: true }],
  'POST /rules/preview': ['/rules/preview', [200, 403, 403, 403, 403], { body: { from: '2026-01-01', to: '2026-02-01' } }],
  'GET /rules/firings': ['/rules/firings?failed=1', [200, 403, 403, 403, 403]],
  'POST /rules/firings/:id/retry': ['/rules/firings/999999/retry', [404, 403, 403, 403, 403], { body: {} }],
  'GET /tasks': ['/tasks', everybody],
  'PUT /tasks/:id/state': ['/tasks/999999/state', [404, 404, 404, 404, 404], { body: { state: 'done' }, stale: true }],
  'GET /approvals': ['/approvals', everybody],
  'GET /documents': ['/documents', everybody],
  'GET /kits': ['/kits', [200, 403, 403, 403, 403]],
  'POST /kits/:code/install': ['/kits/none/install', [404, 403, 403, 403, 403], { body: {} }],
  'GET /audit': ['/audit', [200, 200, 403, 403, 403]],
}

/** These answer strangers too, or answer for ever; they have tests of their own. */
const elsewhere = [
  'GET /login-options',
  'POST /session',
  'POST /session/demo',
  'POST /session/telegram',
  'DELETE /session',
  'GET /events',
]

let world: World
let server: TestServer
/** By the number of the deal. */
const documents = new Map<number, { readonly documentId: number; readonly paymentId: number }>()
before(async () => {
  world = await createWorld({ deals: true })
  for (const deal of Object.values(world.deals)) documents.set(deal, await addInvoice(deal))
  server = await startServer(world)
  for (const name of Object.values(roles)) await server.login(name)
})

/** An invoice on the deal, with a payment that was taken back. */
async function addInvoice(deal: number): Promise<{ documentId: number; paymentId: number }> {
  const amount = { amountMinor: 100, currency: 'RUB' }
  const added = await createDocument(world.as('ada'), { deal, type: 'invoice', number: '1', datedOn: '2026-10-01', amount })
  const { id, version } = added.documents[0]!.row
  const paid = await recordPayment(world.as('ada'), { id, version, amount, paidOn: '2026-10-01', comment: '' })
  const paymentId = paid.documents[0]!.row.payments[0]!.id
  await voidPayment(world.as('ada'), { id: paymentId })
  return { documentId: id, paymentId }
}

/** Where the route leads for a deal; for one that is not there, to what is not there either. */
function pathFor(route: string, deal: number): string {
  const path = route.split(' ')[1]!
  const { documentId = deal, paymentId = deal } = documents.get(deal) ?? {}
  return path
    .replace(/:number|:deal/, String(deal))
    .replace(':run', '1')
    .replace(':id', String(path.startsWith('/payments') ? paymentId : documentId))
}

const send = (client: Client, route: string, path: string, { body, stale }: Sent) =>
  client.request(route.split(' ')[0]!, `/api${path.replace(':run', '1')}`, {
    ...(body && { body }),
    ...(stale && { version: 999_999 }),
  })

test('every route has its row here, and no row is without a route', () => {
  const known = [...Object.keys(dealRoutes), ...Object.keys(otherRoutes), ...elsewhere].sort()
  assert.deepEqual(server.routes.map((route) => `${route.method} ${route.path}`).sort(), known)
})

for (const [route, [row, sent]] of Object.entries(dealRoutes)) {
  for (const role of Object.keys(roles) as Role[]) {
    test(`${route}: ${role} is answered by his relation to the deal (${row[role]})`, async () => {
      const client = await server.login(roles[role])
      for (const [index, [relation, deal]] of Object.entries(dealsOf[role]).entries()) {
        const path = pathFor(route, world.deals[deal])
        const { status, body } = await send(client, route, path, sent)
        const permitted = sent.permitted ?? (sent.stale ? 412 : route.startsWith('POST') ? 201 : 200)
        const expected = { y: permitted, n: 403, '-': 404 }[row[role][index]!]
        assert.equal(status, expected, `${relation}: ${JSON.stringify(body).slice(0, 200)}`)
      }
    })
  }
}

for (const [route, [path, statuses, sent = {}]] of Object.entries(otherRoutes)) {
  test(`${route}: admin, executive, head, manager and field are answered ${statuses.join(', ')}`, async () => {
    for (const [index, role] of (Object.keys(roles) as Role[]).entries()) {
      const client = await server.login(roles[role])
      const fresh = route === 'POST /employees' ? { body: { ...sent.body, login: `fresh-${role}` } } : sent
      assert.equal((await send(client, route, path, fresh)).status, statuses[index], role)
    }
  })
}

test('a stranger, a made-up cookie and a deactivated employee are told to log in, on every route alike', async () => {
  const login = await server.stranger.request('POST', '/api/session', { body: { login: 'gena', password } })
  assert.equal(login.status, 401)
  const madeUp = server.withCookie('sid=c29tZXRoaW5nIG1hZGUgdXA')
  for (const route of Object.keys(dealRoutes).concat(Object.keys(otherRoutes), 'GET /events', 'DELETE /session')) {
    const [sent, path] = [
      dealRoutes[route]?.[1] ?? otherRoutes[route]?.[2] ?? {},
      otherRoutes[route]?.[0] ?? route.split(' ')[1]!,
    ]
    for (const client of [server.stranger, madeUp]) {
      const answer = await send(client, route, path.replace(/:number|:deal|:id/, String(world.deals.mira)), sent)
      assert.deepEqual([answer.status, answer.body?.error.code], [401, 'not_logged_in'], route)
    }
  }
})

test('the login of an employee who is deactivated ends at once, his token too', async () => {
  const admin = await server.login('ada')
  const nina = await server.loginAgain('nina')
  assert.equal((await nina.get('/api/deals')).status, 200)
  const ended = await admin.request('PATCH', `/api/employees/${world.people.nina.id}`, { body: { active: false }, version: 1 })
  assert.equal(ended.status, 200)
  assert.equal((await nina.get('/api/deals')).status, 401)
})

test('a deal that is not visible and one that does not exist get the same answer, byte for byte', async () => {
  const field = await server.login('finn')
  for (const [route, [, sent]] of Object.entries(dealRoutes)) {
    const at = (number: number) => send(field, route, pathFor(route, number), sent)
    const [hidden, absent] = [await at(world.deals.hedda), await at(987_654)]
    assert.deepEqual([hidden.status, hidden.text], [absent.status, absent.text], route)
  }
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
