import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildDemoDeals, demoDealCount } from '../../db/seeds/demo-company.ts'
import { departmentSeeds, person, personSeeds, south } from '../../db/seeds/demo-people.ts'
import type { PlayedDeal, PlayedVisit } from '../../db/seeds/demo-played.ts'
import { typeSeed } from '../../db/seeds/demo-processes.ts'
import type { DealScript } from '../../db/seeds/demo-verbs.ts'
import { statusSeed, statusSeeds } from '../../db/seeds/statuses.ts'
import { can, type DealAction, isAble, relationTo } from '../../shared/domain/permissions.ts'
import { stageOf, unmetRequirements } from '../../shared/domain/process.ts'

const now = new Date('2026-11-20T12:00:00Z')
const timeZone = 'Europe/Moscow'
const dayMs = 86_400_000
const { scripts, deals, calendar } = buildDemoDeals({ now, timeZone })

test('the same now gives the same company to the last comment', () => {
  assert.deepEqual(buildDemoDeals({ now: new Date(now), timeZone }).scripts, scripts)
})

test('there are 3,000 deals over 18 months, oldest first', () => {
  assert.equal(scripts.length, demoDealCount)
  assert.ok(deals.every(({ deal }, index) => index === 0 || deal.createdAt >= deals[index - 1]!.deal.createdAt))
  const months = (now.getTime() - deals[0]!.deal.createdAt.getTime()) / (30.4 * dayMs)
  assert.ok(months > 17 && months < 19, `${months} months`)
})

for (const [title, then, zone] of [
  ['on a Sunday night', new Date('2027-03-07T22:30:00Z'), 'Europe/Moscow'],
  ['in the New Year holidays', new Date('2028-01-04T09:00:00Z'), 'Asia/Vladivostok'],
  ['on a leap day before work', new Date('2028-02-29T03:00:00Z'), 'America/New_York'],
  ['at noon', now, timeZone],
] as const) {
  test(`nothing happens after now, and the newest deeds lead up to it: ${title}`, () => {
    const last = Math.max(...buildDemoDeals({ now: then, timeZone: zone }).scripts.map((script) => script.at(-1)!.at.getTime()))
    assert.ok(last <= then.getTime())
    assert.ok(then.getTime() - last < 12 * dayMs, `the last deed is ${(then.getTime() - last) / dayMs} days old`)
  })
}

test('people work on weekdays from nine to six', () => {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' })
  for (const { at } of scripts.flat()) {
    const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]))
    const hour = Number(parts['hour'])
    assert.ok(hour >= 9 && hour < 18 && !['Sat', 'Sun'].includes(parts['weekday']!), at.toISOString())
  }
})

test('every deed is within the rights of the person who does it', () => {
  for (const script of scripts) assertPermitted(script)
})

test('every move takes a way of the process, and lost deals are not moved', () => {
  for (const script of scripts) assertWays(script)
})

test('every type has its deals, in its range of amounts', () => {
  const ranges = { product_sale: [0.17, 5.4], service: [0.06, 0.66], project: [0.8, 33], support_contract: [0.04, 0.33] }
  for (const [code, [from, to]] of Object.entries(ranges) as [string, [number, number]][]) {
    const amounts = deals.filter(({ type }) => type.code === code).map(({ deal }) => deal.amountMinor / 1e8)
    assert.ok(amounts.length > 200, code)
    assert.ok(
      Math.min(...amounts) >= from && Math.max(...amounts) <= to,
      `${code}: ${Math.min(...amounts)} to ${Math.max(...amounts)}`,
    )
  }
})

test('deals come back, are lost everywhere, reopened, held, set by hand and handed over', () => {
  const count = (fits: (deal: PlayedDeal) => boolean) => deals.filter(fits).length
  const has = (kind: string) => count(({ events }) => events.some(({ body }) => body.kind === kind))
  const rank = (statusId: number) => statusSeeds.find(({ id }) => id === statusId)!
  const isLost = ({ deal }: PlayedDeal) => rank(deal.statusId).category === 'lost'
  const backward = ({ visits }: PlayedDeal) =>
    visits.some((visit, index) => index > 0 && rank(visit.statusId).rank < rank(visits[index - 1]!.statusId).rank)
  assert.ok(count((deal) => !isLost(deal) && backward(deal)) > 80)
  for (const code of ['new', 'qualification', 'proposal', 'negotiation', 'contract', 'payment', 'delivery']) {
    const before = statusSeed(code).id
    assert.ok(count((deal) => isLost(deal) && counted(deal).at(-2)!.statusId === before) >= 3, `lost at ${code}`)
  }
  for (const kind of ['deal_reopened', 'deal_reassigned', 'participants_changed', 'hold_lifted', 'deal_edited'])
    assert.ok(has(kind) > 15, kind)
  assert.ok(count(({ visits }) => visits.some(({ voidedAt }) => voidedAt !== null)) > 20, 'taken back')
  assert.ok(count(({ deal }) => deal.statusHeld) >= 3, 'held')
  assert.ok(
    count(({ visits }) => visits.some(({ cause, statusId }) => cause.kind === 'user' && rank(statusId).category === 'open')) > 80,
    'by hand',
  )
  const today = calendar.days.at(-1)!.day
  assert.ok(
    count((deal) => !isLost(deal) && deal.run.state === 'running' && (deal.deal.expectedCloseOn ?? today) < today) > 20,
    'overdue expectations',
  )
  assert.ok(count((deal) => deal.run.state === 'running' && isOverdue(deal)) > 40, 'beyond the limit')
})

test('negotiation has become the bottleneck, in the south and with Maria Kim most of all', () => {
  const recent = new Date(now.getTime() - 140 * dayMs)
  const early = new Date(now.getTime() - 240 * dayMs)
  const share = (fits: (deal: PlayedDeal) => boolean) => {
    const resolved = deals.filter(fits).flatMap((deal) => outcomeOfNegotiation(deal))
    assert.ok(resolved.length >= 10, `only ${resolved.length} resolved`)
    return resolved.filter((won) => won).length / resolved.length
  }
  const before = share(({ deal }) => deal.createdAt < early)
  const after = share(({ deal }) => deal.createdAt >= recent)
  const southAfter = share(({ deal }) => deal.createdAt >= recent && deal.departmentId === south.id)
  const elsewhere = share(({ deal }) => deal.createdAt >= recent && deal.departmentId !== south.id)
  const kim = share(({ deal }) => deal.createdAt >= recent && deal.ownerId === person('kim').id)
  assert.ok(before > 0.72 && after < before - 0.1, `${before} to ${after}`)
  assert.ok(southAfter < elsewhere - 0.2 && kim <= southAfter, `south ${southAfter}, elsewhere ${elsewhere}, Kim ${kim}`)
})

test('every salesperson owns deals, engineers take part in some, and nobody else owns any', () => {
  for (const { id, role, name } of personSeeds) {
    const owned = deals.filter(({ deal }) => deal.ownerId === id).length
    const joined = deals.filter(({ participants }) => participants.includes(id)).length
    if (role === 'manager') assert.ok(owned > 50, `${name} owns ${owned}`)
    if (role === 'field') assert.ok(joined > 50, `${name} takes part in ${joined}`)
    if (role === 'field' || role === 'admin' || role === 'executive') assert.equal(owned, 0, name)
  }
})

/** Visits that were not taken back. */
function counted({ visits }: PlayedDeal): readonly PlayedVisit[] {
  return visits.filter(({ voidedAt }) => voidedAt === null)
}

/** Won or lost at negotiation; nothing while undecided or elsewhere. */
function outcomeOfNegotiation(played: PlayedDeal): boolean[] {
  const { deal } = played
  const ranks = counted(played)
    .map(({ statusId }) => statusSeeds.find(({ id }) => id === statusId)!)
    .filter(({ category }) => category !== 'lost')
  const top = Math.max(...ranks.map(({ rank }) => rank))
  const negotiation = statusSeed('negotiation')
  if (!ranks.some(({ id }) => id === negotiation.id) || top < negotiation.rank) return []
  if (top > negotiation.rank) return [true]
  return statusSeeds.find(({ id }) => id === deal.statusId)!.category === 'lost' ? [false] : []
}

function isOverdue({ deal, run, type }: PlayedDeal): boolean {
  const stage = type.version.stages.find(({ id }) => id === run.stageId)!
  const limit = stage.timeLimitHours ?? statusSeeds.find(({ id }) => id === deal.statusId)!.timeLimitHours
  return limit !== null && now.getTime() - deal.statusSince.getTime() > limit * 3_600_000
}

const actions: Readonly<Record<string, DealAction>> = {
  move: 'move',
  setStatus: 'setStatus',
  liftHold: 'setStatus',
  lose: 'lose',
  reopen: 'reopen',
  reassign: 'reassign',
  participants: 'invite',
  edit: 'edit',
  comment: 'comment',
  undo: 'undo',
}

function assertPermitted(script: DealScript): void {
  let ownerId = 0
  let participants: readonly number[] = []
  for (const verb of script) {
    const actor = personSeeds.find(({ id }) => id === verb.actorId)!
    const owner = personSeeds.find(({ id }) => id === (verb.verb === 'create' ? verb.ownerId : ownerId))!
    const inSubtree = isBelow(owner.departmentId, actor.departmentId)
    if (verb.verb === 'create') {
      ownerId = verb.ownerId
      assert.ok(
        isAble(actor, 'deal.create') && (owner.id === actor.id || (actor.role === 'head' && inSubtree)),
        `${actor.name} creates for ${owner.name}`,
      )
      continue
    }
    const relation = relationTo(actor, { ownerId, isParticipant: participants.includes(actor.id), inSubtree })
    assert.ok(can(actor, actions[verb.verb]!, relation), `${actor.name}, ${relation}: ${verb.verb}`)
    if (verb.verb === 'participants') participants = verb.employeeIds
    if (verb.verb === 'reassign') {
      const to = personSeeds.find(({ id }) => id === verb.employeeId)!
      assert.ok(
        to.id !== ownerId && (actor.role === 'executive' || isBelow(to.departmentId, actor.departmentId)),
        `${actor.name} gives to ${to.name}`,
      )
      ownerId = to.id
    }
  }
}

function isBelow(departmentId: number, rootId: number): boolean {
  for (
    let id: number | null = departmentId;
    id !== null;
    id = departmentSeeds.find((department) => department.id === id)!.parentId
  )
    if (id === rootId) return true
  return false
}

function assertWays(script: DealScript): void {
  const first = script[0]!
  assert.equal(first.verb, 'create')
  const { version } = typeSeed(first.verb === 'create' ? first.typeCode : '')
  let stage = version.stages[0]!
  let before = stage
  let lost = false
  for (const verb of script) {
    assert.ok(verb.verb === 'reopen' ? lost : !lost || verb.verb === 'comment', `${verb.verb} while lost is ${lost}`)
    lost = verb.verb === 'lose' || (lost && verb.verb !== 'reopen')
    if (verb.verb === 'undo') stage = before
    if (verb.verb !== 'move') continue
    before = stage
    const to = version.stages.find(({ code }) => code === verb.stage)!
    assert.deepEqual(unmetRequirements(version, stage.id, to.id, {}), [])
    stage = stageOf(version, to.id) as typeof stage
  }
}
