import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { ApiToken, LoginSession } from '../../db/entities/access.ts'
import { Employee } from '../../db/entities/organization.ts'
import { TelegramLink } from '../../db/entities/telegram.ts'
import type { Em } from '../../db/orm.ts'
import { selectKnownRows, selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { ChangePasswordInput, ChangeProfileInput, LogInDemoInput, LogInInput } from '../../shared/schemas/access.ts'
import type { Locale, Role } from '../../shared/views/common.ts'
import { type Actor, type Session, transact } from '../session.ts'

/** What a login is made from, besides the person: no session exists yet. */
export type Visitor = { readonly em: Em; readonly now: Date; readonly userAgent: string }

/** A fresh login. `token` goes to the device once; only its SHA-256 is kept. */
export type NewLogin = { readonly token: string; readonly employeeId: number; readonly expiresAt: Date }

const dayMs = 86_400_000
/** Idle and absolute life of a login in days, by role: those who configure or see all are asked again sooner. */
const idleDays: { readonly [R in Role]: number } = { admin: 1, executive: 14, head: 14, manager: 14, field: 14 }
const absoluteDays: { readonly [R in Role]: number } = { admin: 7, executive: 90, head: 90, manager: 90, field: 90 }

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. */
const argon2id = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** Verified when there is no such login, so that the answer takes as long. */
const decoyHash = hash('no such employee', argon2id)

/** @returns argon2id in PHC form */
export function hashPassword(password: string): Promise<string> {
  return hash(password, argon2id)
}

/** Logs in by password. The same refusal, after the same work, for an unknown login, a wrong password and a deactivated employee. @throws AppError login_failed */
export async function logIn(visitor: Visitor, input: LogInInput): Promise<NewLogin> {
  const found = await findByLogin(visitor.em, input.login.toLowerCase())
  const matches = await verify(found?.passwordHash ?? (await decoyHash), input.password)
  if (!found?.passwordHash || !matches || found.deactivatedAt !== null) throw new AppError('login_failed')
  return openLogin(visitor, found)
}

/** By login, else by an e-mail address that only one employee has. */
async function findByLogin(em: Em, login: string): Promise<Employee | null> {
  const byLogin = await em.findOne(Employee, { login }, { populate: ['passwordHash'] })
  if (byLogin) return byLogin
  const byEmail = await em.find(
    Employee,
    { email: { $ilike: login.replace(/[\\%_]/g, '\\$&') } },
    { populate: ['passwordHash'], limit: 2 },
  )
  return byEmail.length === 1 ? (byEmail[0] ?? null) : null
}

/** One-tap login as the demo person of a role. @throws AppError demo_login_off, not_found */
export async function logInDemo(visitor: Visitor, input: LogInDemoInput, allowed: boolean): Promise<NewLogin> {
  if (!allowed) throw new AppError('demo_login_off')
  const found = await visitor.em.findOne(Employee, { role: input.role, isDemoLogin: true, deactivatedAt: null })
  if (!found) throw new AppError('not_found', { what: input.role })
  return openLogin(visitor, found)
}

/** Logs in the employee linked to a Telegram account whose init data the door has verified. @throws AppError login_failed */
export async function logInTelegram(visitor: Visitor, telegramUserId: number): Promise<NewLogin> {
  const link = await visitor.em.findOne(TelegramLink, { telegramUserId, endedAt: null }, { populate: ['employee'] })
  if (!link || link.employee.deactivatedAt !== null) throw new AppError('login_failed')
  return openLogin(visitor, link.employee)
}

async function openLogin({ em, now, userAgent }: Visitor, employee: Employee): Promise<NewLogin> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now.getTime() + absoluteDays[employee.role] * dayMs)
  em.persist(
    em.create(LoginSession, {
      tokenHash: sha256(token),
      employee,
      userAgent: userAgent.slice(0, 300),
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
    }),
  )
  await em.flush()
  return { token, employeeId: employee.id, expiresAt }
}

/** Who a token belongs to. */
export type Authenticated = { readonly actor: Actor; readonly locale: Locale; readonly loginId: number | null }

type FoundActor = Actor & { readonly locale: Locale; readonly loginId: number; readonly lastSeenAt: Date }

/** The employee behind a cookie, or null: unknown, ended, idle too long, or of a deactivated employee. */
export async function authenticateLogin(em: Em, token: string, now: Date): Promise<Authenticated | null> {
  const [found] = await selectKnownRows<FoundActor>(
    em,
    sql`select e.id, e.name, e.role, e.department_id as "departmentId", e.locale, s.id as "loginId", s.last_seen_at as "lastSeenAt"
    from login_session s join employee e on e.id = s.employee_id
    where s.token_hash = ${sha256(token)} and s.revoked_at is null and s.expires_at > ${now} and e.deactivated_at is null`,
  )
  if (!found || found.lastSeenAt.getTime() + idleDays[found.role] * dayMs < now.getTime()) return null
  if (now.getTime() - found.lastSeenAt.getTime() > 60_000)
    await selectRows(em, sql`update login_session set last_seen_at = ${now} where id = ${found.loginId}`)
  return { actor: actorOf(found), locale: found.locale, loginId: found.loginId }
}

/** The employee behind `Authorization: Bearer`, or null. */
export async function authenticateToken(em: Em, token: string): Promise<Authenticated | null> {
  const [found] = await selectKnownRows<Actor & { locale: Locale }>(
    em,
    sql`select e.id, e.name, e.role, e.department_id as "departmentId", e.locale from api_token t join employee e on e.id = t.employee_id
    where t.token_hash = ${sha256(token)} and t.revoked_at is null and e.deactivated_at is null`,
  )
  return found ? { actor: actorOf(found), locale: found.locale, loginId: null } : null
}

/** The employee as an actor, read fresh; null when deactivated. For doors that know the person otherwise (bot, jobs). */
export async function findActor(em: Em, employeeId: number): Promise<Authenticated | null> {
  const [found] = await selectKnownRows<Actor & { locale: Locale }>(
    em,
    sql`select id, name, role, department_id as "departmentId", locale from employee where id = ${employeeId} and deactivated_at is null`,
  )
  return found ? { actor: actorOf(found), locale: found.locale, loginId: null } : null
}

function actorOf({ id, name, role, departmentId }: Actor): Actor {
  return { id, name, role, departmentId }
}

/** Makes a token for a program that acts as the actor. It is shown once. */
export async function createApiToken(session: Session, input: { readonly name: string }): Promise<{ token: string }> {
  const token = `vk_${randomBytes(32).toString('base64url')}`
  return transact(session, async ({ em, actor, now }) => {
    em.persist(
      em.create(ApiToken, {
        tokenHash: sha256(token),
        employee: em.getReference(Employee, actor.id),
        name: input.name,
        createdAt: now,
      }),
    )
    await em.flush()
    return { token }
  })
}

/** Ends one login of the actor's own. @throws AppError not_found */
export async function endLogin(session: Session, input: { readonly id: number }): Promise<void> {
  await transact(session, async ({ em, actor, now }) => {
    const login = await em.findOne(LoginSession, { id: input.id, employee: { id: actor.id }, revokedAt: null })
    if (!login) throw new AppError('not_found')
    login.revokedAt = now
  })
}

/** Ends all logins of an employee but one. */
export async function endOtherLogins(session: Session, input: { readonly exceptId: number | null }): Promise<void> {
  await transact(session, ({ em, actor, now }) =>
    em.nativeUpdate(
      LoginSession,
      { employee: { id: actor.id }, revokedAt: null, id: { $ne: input.exceptId ?? -1 } },
      { revokedAt: now },
    ),
  )
}

/** The actor's live logins, the latest seen first. */
export function listLogins(session: Session): Promise<LoginSession[]> {
  return session.em.find(
    LoginSession,
    { employee: { id: session.actor.id }, revokedAt: null, expiresAt: { $gt: session.now } },
    { orderBy: { lastSeenAt: 'desc' }, limit: 50 },
  )
}

/** Changes one's own language. */
export async function changeProfile(session: Session, input: ChangeProfileInput): Promise<void> {
  await transact(session, async ({ em, actor }) => {
    const employee = await em.findOneOrFail(Employee, actor.id)
    if (input.locale) employee.locale = input.locale
  })
}

/** Changes one's own password and ends every other login. @throws AppError login_failed when the current one is wrong */
export async function changePassword(
  session: Session,
  input: ChangePasswordInput & { readonly loginId: number | null },
): Promise<void> {
  await transact(session, async (inside) => {
    const employee = await inside.em.findOneOrFail(Employee, inside.actor.id, { populate: ['passwordHash'] })
    if (!employee.passwordHash || !(await verify(employee.passwordHash, input.current))) throw new AppError('login_failed')
    employee.passwordHash = await hashPassword(input.next)
    await inside.em.flush()
    await endOtherLogins(inside, { exceptId: input.loginId })
  })
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
