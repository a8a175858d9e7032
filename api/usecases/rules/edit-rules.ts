import { RuleFiring, StatusRuleEntity } from '../../../db/entities/rules.ts'
import { selectFactDictionary } from '../../../db/queries/facts.ts'
import { type FiringRow, selectFiringPage, selectRules } from '../../../db/queries/firings.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { CreateRuleInput, EditRuleInput, RetryFiringInput, RuleBody } from '../../../shared/schemas/process.ts'
import { type Session, transact } from '../../session.ts'
import { assertSettings } from '../people.ts'
import { checkRule } from './check-rule.ts'
import { settleCalendar } from './hear-calendar.ts'
import { readRuleWords, type ToldRules } from './list-rules.ts'

/** Adds a rule behind all others. @throws AppError forbidden, input_invalid with everything that is wrong */
export function createRule(session: Session, input: CreateRuleInput): Promise<ToldRules> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    await assertSound(inside, input)
    const order = await lockOrder(inside)
    const rule = inside.em.create(StatusRuleEntity, {
      code: freeCode(input.names.en, new Set(order.map(({ code }) => code))),
      ...columnsOf(input),
      position: order.filter(({ archived }) => !archived).length,
    })
    inside.em.persist(rule)
    await inside.em.flush()
    return tell(inside, rule.code)
  })
}

/**
 * Changes any part of a rule, switches it on or off, archives it, or moves it to a place among the others (whose own versions stay).
 * A rule that is in force, or changed in what it says, must be sound; switching off and archiving is always possible.
 * @throws AppError forbidden, not_found, version_stale, input_invalid with everything that is wrong
 */
export function editRule(session: Session, input: EditRuleInput): Promise<ToldRules> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const order = await lockOrder(inside)
    const rule = await inside.em.findOne(StatusRuleEntity, { code: input.code })
    if (!rule) throw new AppError('not_found')
    if (rule.version !== input.version) throw new AppError('version_stale', { current: { version: rule.version } })
    const { code: _code, version: _version, position, archived, ...given } = input
    const body: RuleBody = { ...bodyOf(rule), ...withoutGaps(given) }
    const { isActive: _on, names: _names, ...said } = withoutGaps(given)
    const wakes = (given.isActive === true && !rule.isActive) || (archived === false && rule.archivedAt !== null)
    if (wakes || Object.keys(said).length > 0) await assertSound(inside, body)
    Object.assign(rule, columnsOf(body))
    if (archived !== undefined) rule.archivedAt = archived ? (rule.archivedAt ?? inside.now) : null
    if (position !== undefined || archived !== undefined) {
      const others = order.filter((one) => !one.archived && one.id !== rule.id)
      const place = Math.min(position ?? others.length, others.length)
      if (rule.archivedAt === null) rule.position = place
      await renumber(
        inside,
        rule.archivedAt === null ? others.toSpliced(place, 0, { id: rule.id, code: rule.code, archived: false }) : others,
        rule.id,
      )
    }
    await inside.em.flush()
    return tell(inside, rule.code)
  })
}

/** Has what failed of a firing tried again, within a minute. @throws AppError forbidden, not_found, conflict when nothing of it failed */
export async function retryFiring(session: Session, { id }: RetryFiringInput): Promise<FiringRow> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const find = async (): Promise<FiringRow> => {
      const page = await selectFiringPage(inside.em, inside.actor, { id, limit: 1, cursor: null })
      if (!page.rows[0]) throw new AppError('not_found')
      return page.rows[0]
    }
    if (!(await find()).outcomes.some(({ outcome }) => outcome === 'failed')) throw new AppError('conflict', { what: 'firing' })
    await inside.em.nativeUpdate(RuleFiring, { id, hasFailed: true }, { retryAt: inside.now })
    return find()
  })
}

async function tell(session: Session, code: string): Promise<ToldRules> {
  await settleCalendar(session)
  const rows = await selectRules(session.em, code)
  return { rows, words: await readRuleWords(session, rows) }
}

async function assertSound(session: Session, rule: RuleBody): Promise<void> {
  const [dictionary, employees] = [
    await selectFactDictionary(session.em),
    await selectRows<{ id: number }>(session.em, sql`select id from employee where deactivated_at is null`),
  ]
  const problems = checkRule(rule, {
    dictionary,
    activeEmployees: new Set(employees.map(({ id }) => id)),
    locale: session.locale,
  })
  if (problems.length > 0) throw new AppError('input_invalid', { problems })
}

type Placed = { readonly id: number; readonly code: string; readonly archived: boolean }

/** All rules by place, locked: two who move rules take turns. */
function lockOrder({ em }: Session): Promise<Placed[]> {
  return selectRows<Placed>(
    em,
    sql`select id, code, archived_at is not null as archived from status_rule order by position, id for update`,
  )
}

/** Puts the others in their places; the rule that moves is written with its own change. */
async function renumber({ em }: Session, order: readonly Placed[], except: number): Promise<void> {
  const ids = order.map(({ id }) => id)
  await selectRows(
    em,
    sql`update status_rule r set position = o.place - 1 from unnest(${ids}::int[]) with ordinality as o (id, place)
      where r.id = o.id and r.id <> ${except} and r.position <> o.place - 1`,
  )
}

function bodyOf(rule: StatusRuleEntity): RuleBody {
  const { nameRu, nameEn, dealTypes, trigger, condition, forwardOnly, actions, isActive } = rule
  return {
    names: { ru: nameRu, en: nameEn },
    dealTypes: [...dealTypes],
    trigger,
    condition,
    forwardOnly,
    actions: [...actions],
    isActive,
  }
}

function columnsOf({ names, dealTypes, trigger, condition, forwardOnly, actions, isActive }: RuleBody) {
  const { ru: nameRu, en: nameEn } = names
  return { nameRu, nameEn, dealTypes, triggerKind: trigger.kind, trigger, condition, forwardOnly, actions, isActive }
}

function withoutGaps<Given extends object>(given: Given): { [Key in keyof Given]?: NonNullable<Given[Key]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never
}

/** What stands in place of a code in addresses. */
const reserved = ['new', 'firings']

/** A code from the English name, with a number behind it where it is taken. */
function freeCode(name: string, taken: ReadonlySet<string>): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'rule'
  for (let number = 1; ; number++) {
    const code = number === 1 ? base : `${base}-${number}`
    if (!taken.has(code) && !reserved.includes(code)) return code
  }
}
