import { parse, validate } from '@tma.js/init-data-node'
import type { Context } from 'koa'
import { z } from 'zod'
import { Employee } from '../../../db/entities/organization.ts'
import { TelegramLink } from '../../../db/entities/telegram.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { abilitiesOf } from '../../../shared/domain/permissions.ts'
import { ChangePassword, ChangeProfile, LogIn, LogInDemo, LogInTelegram } from '../../../shared/schemas/access.ts'
import { NoInput } from '../../../shared/schemas/directory.ts'
import { IdField } from '../../../shared/schemas/fields.ts'
import type { LoginOptionsView, LoginSessionView, SessionView } from '../../../shared/views/session.ts'
import {
  authenticateLogin,
  changePassword,
  changeProfile,
  endLogin,
  endOtherLogins,
  listLogins,
  logIn,
  logInDemo,
  logInTelegram,
  type NewLogin,
} from '../../usecases/access.ts'
import { findStartBoard } from '../../usecases/dashboards.ts'
import { clearLoginCookie, localeOf, sessionOf, setLoginCookie } from '../auth.ts'
import type { DoorState, HttpServices } from '../context.ts'
import { type Method, type Route, readInput } from '../endpoint.ts'
import { parseInput } from '../parse-input.ts'

/** Logging in and out has no actor yet, or changes the cookie: these routes are written out instead of adapted. */
type Handle<Schema extends z.ZodObject> = (ctx: Context, services: HttpServices, input: z.output<Schema>) => Promise<void>

function route<Schema extends z.ZodObject>(
  method: Method,
  path: string,
  schema: Schema,
  summary: string,
  handle: Handle<Schema>,
  open = false,
): Route {
  return {
    method,
    path,
    schema,
    summary,
    open,
    async handle(ctx, services) {
      if (!open) await sessionOf(ctx, services)
      await handle(ctx, services, parseInput(schema, readInput(ctx, schema), localeOf(ctx)))
    },
  }
}

/** Init data older than this is not a login any more. */
const initDataLifeS = 300

export const sessionRoutes: readonly Route[] = [
  route('GET', '/login-options', NoInput, 'What the login page offers', showLoginOptions, true),
  route('POST', '/session', LogIn, 'Log in by password', byPassword, true),
  route('POST', '/session/demo', LogInDemo, 'Log in as a demo person', byDemo, true),
  route('POST', '/session/telegram', LogInTelegram, 'Log in from the Telegram Mini App', byTelegram, true),
  route('GET', '/session', NoInput, 'Who is logged in', async (ctx, services) => {
    ctx.body = await presentSession(ctx, services)
  }),
  route('DELETE', '/session', NoInput, 'Log out', async (ctx, services) => {
    const { authenticated } = ctx.state as DoorState
    if (authenticated?.loginId != null) await endLogin(await sessionOf(ctx, services), { id: authenticated.loginId })
    clearLoginCookie(ctx, services)
    ctx.status = 204
  }),
  route('PATCH', '/session', ChangeProfile, 'Change the own language', async (ctx, services, input) => {
    await changeProfile(await sessionOf(ctx, services), input)
    ctx.body = await presentSession(ctx, services, input.locale)
  }),
  route('POST', '/session/password', ChangePassword, 'Change the own password', async (ctx, services, input) => {
    const session = await sessionOf(ctx, services)
    await services.limits.countGuess(ctx.ip)
    await changePassword(session, { ...input, loginId: (ctx.state as DoorState).authenticated?.loginId ?? null })
    ctx.status = 204
  }),
  route('GET', '/session/list', NoInput, 'Where the caller is logged in', async (ctx, services) => {
    const current = (ctx.state as DoorState).authenticated?.loginId
    const logins = await listLogins(await sessionOf(ctx, services))
    const items: LoginSessionView[] = logins.map(({ id, userAgent, createdAt, lastSeenAt }) => ({
      id,
      current: id === current,
      userAgent,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    }))
    ctx.body = { items }
  }),
  route('DELETE', '/session/list/:id', z.strictObject({ id: IdField }), 'End one login', async (ctx, services, input) => {
    await endLogin(await sessionOf(ctx, services), input)
    ctx.status = 204
  }),
  route('DELETE', '/session/list', NoInput, 'End all other logins', async (ctx, services) => {
    await endOtherLogins(await sessionOf(ctx, services), { exceptId: (ctx.state as DoorState).authenticated?.loginId ?? null })
    ctx.status = 204
  }),
]

async function showLoginOptions(ctx: Context, services: HttpServices): Promise<void> {
  const { name } = await services.organization()
  const people = services.demoLogins
    ? await services.orm.em.fork().find(Employee, { isDemoLogin: true, deactivatedAt: null }, { orderBy: { id: 'asc' } })
    : []
  ctx.body = {
    organizationName: name,
    demo: services.demoLogins,
    demoPeople: people.map((person) => ({ role: person.role, name: person.name, position: person.position })),
  } satisfies LoginOptionsView
}

async function byPassword(ctx: Context, services: HttpServices, input: z.output<typeof LogIn>): Promise<void> {
  await services.limits.countLogin(ctx.ip, input.login)
  const login = await logIn(visitor(ctx, services), input)
  await services.limits.clearLogin(input.login)
  await welcome(ctx, services, login)
}

async function byDemo(ctx: Context, services: HttpServices, input: z.output<typeof LogInDemo>): Promise<void> {
  await welcome(ctx, services, await logInDemo(visitor(ctx, services), input, services.demoLogins))
}

async function byTelegram(ctx: Context, services: HttpServices, input: z.output<typeof LogInTelegram>): Promise<void> {
  await services.limits.countGuess(ctx.ip)
  await welcome(ctx, services, await logInTelegram(visitor(ctx, services), verifiedTelegramUser(services, input.initData)))
}

/** @throws AppError login_failed when the data were not signed for our bot, or are old */
function verifiedTelegramUser(services: HttpServices, initData: string): number {
  try {
    if (services.telegram.token === null) throw new Error('no bot')
    validate(initData, services.telegram.token, { expiresIn: initDataLifeS })
    const id = parse(initData).user?.id
    if (id !== undefined) return id
  } catch {
    // Whatever is wrong with it, the answer is the same.
  }
  throw new AppError('login_failed')
}

function visitor(ctx: Context, services: HttpServices) {
  return { em: services.orm.em.fork(), now: services.now(), userAgent: ctx.get('user-agent') }
}

async function welcome(ctx: Context, services: HttpServices, login: NewLogin): Promise<void> {
  setLoginCookie(ctx, services, login)
  ctx.state = {
    authenticated: await authenticateLogin(services.orm.em.fork(), login.token, services.now()),
    byToken: false,
  } satisfies DoorState
  ctx.body = await presentSession(ctx, services)
}

async function presentSession(ctx: Context, services: HttpServices, locale?: 'ru' | 'en'): Promise<SessionView> {
  const session = await sessionOf(ctx, services)
  const employee = await session.em.findOneOrFail(Employee, session.actor.id, { populate: ['department'] })
  const linked = await session.em.count(TelegramLink, { employee, endedAt: null })
  const startBoard = await findStartBoard(session)
  const { name, timeZone, baseCurrency } = session.organization
  const { mode, botUsername } = services.telegram
  return {
    employee: {
      id: employee.id,
      name: employee.name,
      login: employee.login,
      role: employee.role,
      department: { id: employee.department.id, name: employee.department.name },
      locale: locale ?? employee.locale,
    },
    organization: { name, timeZone, baseCurrency, demo: services.demoLogins },
    abilities: abilitiesOf(employee.role),
    startBoard: startBoard && { id: startBoard.id, name: startBoard.name },
    telegram: { mode, botUsername: botUsername(), linked: linked > 0 },
  }
}
