// First, so that bots stop before databases do.
import './stop-first.ts'

import { pino } from 'pino'
import type { Session } from '../../api/session.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import { linkAccount } from '../../api/usecases/telegram.ts'
import { type Emulator, startEmulator } from '../../bot/emulator/emulator.ts'
import type { UserDriver } from '../../bot/emulator/user-driver.ts'
import { type BotMode, type RunningBot, startBot } from '../../bot/main.ts'
import type { Orm } from '../../db/orm.ts'
import { selectRows, sql } from '../../db/sql.ts'
import type { FunnelQuery } from '../../shared/schemas/funnel.ts'
import type { Locale, Role } from '../../shared/views/common.ts'
import { freshDatabase } from '../support/database.ts'
import { running } from './stop-first.ts'

/** A small company with a bot on an emulated Telegram: two sales departments, one process of four stages, six people. */
export type Office = {
  readonly orm: Orm
  readonly emulator: Emulator
  readonly bot: RunningBot
  /** Another process takes the bot's place. */
  readonly restart: () => Promise<void>
  /** The employee's Telegram, linked. */
  readonly telegram: (person: Person) => UserDriver
  /** Somebody whom the company does not know. */
  readonly stranger: (id?: number) => UserDriver
  /** A session at another door, such as the web. */
  readonly session: (person: Person, locale?: Locale) => Session
  readonly deal: (owner: Person, fields?: { title?: string; amountMinor?: number; counterpartyId?: number }) => Promise<DealCard>
  /** Everything that people sent is handled and everything the bot wrote is delivered. */
  readonly quiet: () => Promise<void>
  readonly clock: { now: Date }
  /** What the makers of report files were asked for; `fail` makes the next ones throw. */
  readonly reports: { asked: { person: string; query: FunnelQuery; format: string }[]; fail: number }
}
export type Person = keyof typeof people

const people = {
  anna: { id: 1, name: 'Анна Петрова', role: 'manager', department: 2 },
  boris: { id: 2, name: 'Борис <b>Ким</b> & Ко', role: 'manager', department: 3 },
  vera: { id: 3, name: 'Вера Орлова', role: 'head', department: 2 },
  elena: { id: 4, name: 'Елена Власова', role: 'executive', department: 1 },
  fedor: { id: 5, name: 'Фёдор Лунин', role: 'field', department: 2 },
  admin: { id: 6, name: 'Администратор', role: 'admin', department: 1 },
} as const satisfies Record<string, { id: number; name: string; role: Role; department: number }>
export const persons = Object.keys(people) as Person[]
export const roleOf = (person: Person): Role => people[person].role

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const telegramId = (person: Person) => 1000 + people[person].id
export const employeeId = (person: Person) => people[person].id

export async function openOffice(
  options: { mode?: BotMode; linked?: boolean; start?: boolean; publicUrl?: string } = {},
): Promise<Office> {
  const orm = await freshDatabase()
  await fillCompany(orm)
  const emulator = await startEmulator({ allowLocalLinks: true })
  const clock = { now: new Date('2026-11-13T06:41:00Z') }
  const em = () => orm.em.fork()
  if (options.linked ?? true) {
    for (const person of persons)
      await linkAccount(
        { em: em(), now: clock.now },
        { employeeId: employeeId(person), telegramUserId: telegramId(person), chatId: telegramId(person), username: null },
      )
  }
  const reports: Office['reports'] = { asked: [], fail: 0 }
  const start = () =>
    startBot({
      orm,
      log: pino({ level: process.env['BOT_LOG'] ?? 'silent' }),
      mode: options.start === false ? 'off' : (options.mode ?? 'demo'),
      token: emulator.token,
      apiRoot: emulator.apiRoot,
      publicUrl: options.publicUrl ?? 'http://localhost:8080',
      makeReportFile: async ({ actor }, query, format) => {
        if (reports.fail-- > 0) throw new Error('no file')
        reports.asked.push({ person: actor.name, query, format })
        return { name: `Воронка «Опт».${format}`, bytes: format === 'png' ? pixel : Buffer.from('%PDF-1.7') }
      },
      now: () => new Date(clock.now.getTime() + (Date.now() - startedAt)),
    })
  const startedAt = Date.now()
  let bot = start()
  const session = (person: Person, locale: Locale = 'ru'): Session => ({
    em: em(),
    actor: {
      id: people[person].id,
      name: people[person].name,
      role: people[person].role,
      departmentId: people[person].department,
    },
    now: clock.now,
    locale,
    door: 'web',
    organization: { name: 'Волга', timeZone: 'Europe/Moscow', baseCurrency: 'RUB', isDemo: true },
  })
  running.push(async () => {
    await bot.stop()
    await emulator.close()
  })
  await bot.settled()
  return {
    orm,
    emulator,
    get bot() {
      return bot
    },
    async restart() {
      await bot.stop()
      bot = start()
      await bot.settled()
    },
    clock,
    reports,
    telegram: (person) => emulator.user({ id: telegramId(person), first_name: people[person].name }),
    stranger: (id = 555) => emulator.user({ id, first_name: 'Чужой' }),
    session,
    deal: (owner, fields = {}) =>
      createDeal(session(owner), {
        title: fields.title ?? 'Поставка насосов',
        type: 'sale',
        amount: { amountMinor: fields.amountMinor ?? 186_000_000, currency: 'RUB' },
        counterpartyId: fields.counterpartyId ?? 1,
        description: '',
      }),
    async quiet() {
      for (let round = 0; round < 3; round++) {
        await emulator.idle({ quietMs: 15 })
        await bot.settled()
      }
    },
  }
}

async function fillCompany(orm: Orm): Promise<void> {
  const em = orm.em.fork()
  const run = (query: Parameters<typeof selectRows>[1]) => selectRows(em, query)
  await run(
    sql`insert into organization (id, name, time_zone, base_currency, locale, is_demo) values (1, 'Волга', 'Europe/Moscow', 'RUB', 'ru', true)`,
  )
  await run(sql`insert into department (id, name, parent_id) values (1, 'Дирекция', null), (2, 'Продажи', 1), (3, 'Опт', 1)`)
  for (const [login, { id, name, role, department }] of Object.entries(people))
    await run(
      sql`insert into employee (id, login, name, role, department_id, is_demo_login) values (${id}, ${login}, ${name}, ${role}, ${department}, ${id !== 2})`,
    )
  await run(sql`insert into counterparty (id, name) values (1, 'АО «Волга-Пак»'), (2, 'ООО <Вектор> & Ко'), (3, 'ООО «Север»')`)
  await run(sql`insert into status (id, code, name_ru, name_en, rank, phase, category, is_won, time_limit_hours) values
    (1, 'new', 'Новая', 'New', 1, 'presale', 'open', false, 72), (2, 'proposal', 'Предложение', 'Proposal', 2, 'presale', 'open', false, 72),
    (3, 'contract', 'Договор', 'Contract', 3, 'sale', 'open', true, null), (4, 'delivery', 'Исполнение', 'Delivery', 4, 'delivery', 'open', false, null),
    (5, 'paused', 'На паузе', 'Paused', 5, 'sale', 'paused', false, null), (6, 'lost', 'Проиграна', 'Lost', 90, 'sale', 'lost', false, null),
    (7, 'spam', 'Не по адресу', 'Not for us', 91, 'presale', 'lost', false, null)`)
  await run(sql`insert into process_template (id, code, name_ru, name_en) values (1, 'sale', 'Продажа', 'Sale')`)
  await run(sql`insert into process_template_version (id, template_id, number, state) values (1, 1, 1, 'draft')`)
  await run(sql`insert into stage (id, template_version_id, code, name_ru, name_en, position, status_id, time_limit_hours) values
    (1, 1, 'lead', 'Заявка', 'Lead', 1, 1, null), (2, 1, 'offer', 'КП отправлено', 'Offer sent', 2, 2, 72),
    (3, 1, 'sign', 'Подписание', 'Signing', 3, 3, 120), (4, 1, 'supply', 'Поставка оборудования', 'Supply', 4, 4, null)`)
  await run(
    sql`insert into stage_transition (from_stage_id, to_stage_id, position) values (1, 2, 0), (2, 3, 0), (2, 1, 1), (3, 4, 0), (3, 2, 1)`,
  )
  await run(sql`update process_template_version set state = 'published', published_at = now()`)
  await run(
    sql`insert into deal_type (id, code, name_ru, name_en, process_template_id) values (1, 'sale', 'Продажа', 'Sale', 1), (2, 'simple', 'Разовая', 'One-off', null)`,
  )
  for (const table of ['department', 'employee', 'counterparty', 'status', 'deal_type'])
    await run(sql`select setval(pg_get_serial_sequence(${table}, 'id'), 100)`)
}
