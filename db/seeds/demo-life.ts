import { addDays } from '../../shared/domain/periods.ts'
import { waysFrom } from '../../shared/domain/process.ts'
import { hoursPerDay, type WorkCalendar } from './demo-calendar.ts'
import type { CounterpartySeed } from './demo-counterparties.ts'
import { isJammed, jamAt } from './demo-course.ts'
import { center, headOf, ownersByType, type PersonSeed, person, personSeeds, projects, sales, south } from './demo-people.ts'
import { type StageSeed, type TypeSeed, typeSeeds } from './demo-processes.ts'
import { type Random, randomStream } from './demo-random.ts'
import type { DealScript, DemoDeed } from './demo-verbs.ts'
import {
  backComments,
  commentFor,
  descriptions,
  jamReasons,
  lossReasons,
  manualReasons,
  reassignComments,
  reopenReasons,
  titleOf,
} from './demo-wording.ts'

/** A deal as its story goes on; `hours` is the working time reached. */
type Life = {
  readonly random: Random
  readonly type: TypeSeed
  readonly calendar: WorkCalendar
  readonly client: CounterpartySeed
  hours: number
  owner: PersonSeed
  engineer: PersonSeed | null
  place: number
  statusCode: string
  held: boolean
  amountMinor: number
  returns: number
  reopenings: number
}
type Told = DemoDeed & { readonly actorId: number; readonly door: 'web' | 'bot'; readonly hours: number }

/**
 * Makes up one deal's life from its own fixed sequence, up to now: what would happen later has not happened yet.
 * @param bornHours working hours from the calendar's beginning. @param clients all counterparties.
 */
export function dealScript(
  index: number,
  bornHours: number,
  calendar: WorkCalendar,
  clients: readonly CounterpartySeed[],
): DealScript {
  const life = begin(index, bornHours, calendar, clients)
  const script = []
  for (const { hours, ...deed } of tell(life)) {
    if (hours > calendar.nowHours) break
    script.push({ ...deed, at: calendar.instantAt(hours) })
  }
  return script
}

function begin(index: number, hours: number, calendar: WorkCalendar, clients: readonly CounterpartySeed[]): Life {
  const random = randomStream(2026, index)
  const type = random.weigh(typeSeeds, (seed) => seed.share)
  const owner = random.weigh(ownersByType[type.code]!, (entry) => entry.weight).who
  const side = owner.departmentId === south.id ? 'south' : owner.departmentId === center.id ? 'center' : null
  const client = random.weigh(clients, (seed) => (side === null || seed.side === side ? seed.weight : 0))
  const { medianMinor, spread, fromMinor, toMinor } = type.amount
  const raised = medianMinor * (1 + 0.08 * (hours / (250 * hoursPerDay)))
  const amountMinor = roundAmount(Math.min(toMinor, Math.max(fromMinor, random.around(raised, spread))), random)
  const statusCode = type.version.stages[0]!.statusCode
  return {
    random,
    type,
    calendar,
    client,
    hours,
    owner,
    engineer: null,
    place: 0,
    statusCode,
    held: false,
    amountMinor,
    returns: 0,
    reopenings: 0,
  }
}

function* tell(life: Life): Generator<Told> {
  yield create(life)
  for (;;) {
    yield* stay(life)
    const stage = stageNow(life)
    const jam = jamAt(stage, life.owner, life.hours, life.calendar)
    if (isLast(life)) return
    if (life.random.chance(stage.goesOn * jam.goesOn * (skill[life.owner.login] ?? 1))) yield* goOn(life)
    else if (yield* lose(life, isJammed(jam))) return
  }
}

/** Some close more than others. */
const skill: Readonly<Record<string, number>> = {
  petrova: 1.04,
  safonova: 1.02,
  markov: 0.93,
  galiev: 0.98,
  lapteva: 1.03,
  orekhova: 1.03,
}

function create(life: Life): Told {
  const { random, type, client, owner, hours } = life
  const head = headOf[owner.departmentId]!
  const byHead = head.id !== owner.id && random.chance(0.08)
  return {
    verb: 'create',
    ...(byHead ? web(head) : own(life)),
    hours,
    typeCode: type.code,
    title: titleOf(type.code, random),
    description: random.chance(0.35) ? random.pick(descriptions) : '',
    counterpartyId: client.id,
    contactId: random.chance(0.8) ? random.pick(client.contacts).id : null,
    ownerId: owner.id,
    amountMinor: life.amountMinor,
    expectedCloseOn: random.chance(0.75) ? dayAfter(life, random.around(type.code === 'project' ? 75 : 38, 0.4)) : null,
  }
}

/** A stay in the present stage: what happens in it, in order; afterwards `hours` stands at its end. */
function* stay(life: Life): Generator<Told> {
  const { random } = life
  const stage = stageNow(life)
  const jam = jamAt(stage, life.owner, life.hours, life.calendar)
  const stuck = random.chance(0.02) ? 3.5 : 1
  const lasts = isLast(life) ? 420 : Math.max(0.4, random.around(stage.usualHours * jam.slowness * stuck, 0.7))
  const began = life.hours
  const presale = ['qualification', 'proposal', 'negotiation'].includes(stage.statusCode)
  const happenings: { readonly share: number; readonly deed: () => Told | null }[] = []
  const happen = (chance: number, deed: () => Told | null) => {
    if (random.chance(chance)) happenings.push({ share: random.next(), deed })
  }
  for (const chance of [0.5, 0.3, 0.15]) happen(chance, () => comment(life))
  happen(presale ? 0.16 : 0, () => edit(life))
  happen(0.018, () => reassign(life))
  happen(presale ? 0.02 : 0, () => setByHand(life))
  happen(life.held ? 0.4 : 0, () => ({ verb: 'liftHold', ...own(life), hours: life.hours }))
  happen(stage.code === 'diagnostics' ? 0.4 : 0, () => sendEngineer(life))
  for (const { share, deed } of happenings.sort((a, b) => a.share - b.share)) {
    life.hours = began + share * lasts
    const told = deed()
    if (told?.verb === 'liftHold') life.held = false
    if (told) yield told
  }
  life.hours = began + lasts
}

function* goOn(life: Life): Generator<Told> {
  const { random, type } = life
  const stage = stageNow(life)
  const ways = waysFrom(type.version, stage.id)
  const back = ways.find((way) => way.kind === 'back')
  const forward = ways.filter((way) => way.kind === 'forward')
  const returns = back && life.returns < 2 && random.chance(['delivery', 'payment'].includes(stage.statusCode) ? 0.012 : 0.055)
  if (returns) life.returns++
  const to = returns ? back : forward.length > 1 && random.chance(0.08) ? forward[1]! : forward[0]!
  const comment = returns ? random.pick(backComments) : random.chance(0.12) ? commentFor(stage.statusCode, random) : undefined
  const byEngineer = life.engineer !== null && stage.statusCode === 'delivery' && random.chance(0.65)
  const who = byEngineer
    ? { actorId: life.engineer!.id, door: random.chance(0.6) ? ('bot' as const) : ('web' as const) }
    : own(life)
  yield { verb: 'move', ...who, hours: life.hours, stage: to.stage.code, ...(comment ? { comment } : {}) }
  life.place = type.version.stages.findIndex((candidate) => candidate.id === to.stage.id)
  if (!life.held) life.statusCode = stageNow(life).statusCode
  yield* handOver(life)
}

/** Who comes in when a deal is won or goes to the site. */
function* handOver(life: Life): Generator<Told> {
  const { random } = life
  const stage = stageNow(life)
  const selling: readonly number[] = [sales.id, center.id, south.id]
  const fromSales = selling.includes(life.owner.departmentId)
  if (life.type.code === 'project' && stage.code === 'advance' && fromSales && random.chance(0.6)) {
    life.hours += 0.5 + random.next() * 6
    life.owner = person(random.pick(['krylov', 'lapteva']))
    yield {
      verb: 'reassign',
      ...web(person('gromov')),
      hours: life.hours,
      employeeId: life.owner.id,
      comment: 'Договор подписан, ведёт отдел проектов',
    }
  }
  if (stage.statusCode === 'delivery' && life.engineer === null) {
    life.hours += 0.3 + random.next() * 3
    const told = sendEngineer(life)
    if (told) yield told
  }
}

/** @returns true when the deal stays lost. */
function* lose(life: Life, jammed: boolean): Generator<Told, boolean> {
  const { random } = life
  const early = life.statusCode === 'new' || life.statusCode === 'qualification'
  const status = random.chance(early ? 0.36 : 0.08) ? 'declined' : 'lost'
  const reason = jammed && random.chance(0.75) ? random.pick(jamReasons) : random.pick(lossReasons[status])
  const before = life.statusCode
  yield { verb: 'lose', ...own(life), hours: life.hours, status: jammed ? 'lost' : status, reason }
  life.held = false
  if (life.reopenings > 0 || !random.chance(0.07)) return true
  life.reopenings++
  life.hours += random.around(110, 0.6)
  yield { verb: 'reopen', ...own(life), hours: life.hours, reason: random.pick(reopenReasons) }
  life.statusCode = before
  return false
}

function comment(life: Life): Told {
  const { random, engineer } = life
  const byEngineer = engineer !== null && ['delivery', 'support'].includes(life.statusCode) && random.chance(0.6)
  const who = byEngineer ? { actorId: engineer.id, door: random.chance(0.7) ? ('bot' as const) : ('web' as const) } : own(life)
  return { verb: 'comment', ...who, hours: life.hours, text: commentFor(life.statusCode, random) }
}

function edit(life: Life): Told | null {
  const { random } = life
  const kind = random.weigh(['amount', 'day', 'probability'], (what) => ({ amount: 5, day: 4, probability: 1 })[what]!)
  const base = { verb: 'edit' as const, ...own(life), hours: life.hours }
  if (kind === 'day') return { ...base, expectedCloseOn: dayAfter(life, random.around(30, 0.4)) }
  if (kind === 'probability') return { ...base, probabilityPct: random.pick([15, 25, 35, 55, 70, 80, 90]) }
  const amountMinor = roundAmount(life.amountMinor * (0.86 + random.next() * 0.22), random)
  if (amountMinor === life.amountMinor) return null
  life.amountMinor = amountMinor
  return { ...base, amountMinor }
}

/** Within the department by its head, between the sales departments by the head of sales. */
function reassign(life: Life): Told | null {
  const { random, owner } = life
  const selling: readonly number[] = [center.id, south.id]
  const far = selling.includes(owner.departmentId) && random.chance(0.3)
  const candidates = personSeeds.filter(
    (to) =>
      to.role === 'manager' &&
      to.id !== owner.id &&
      (far ? selling.includes(to.departmentId) : to.departmentId === owner.departmentId),
  )
  if (candidates.length === 0) return null
  const head = far ? person('sokolov') : headOf[owner.departmentId]!
  life.owner = random.pick(candidates)
  return { verb: 'reassign', ...web(head), hours: life.hours, employeeId: life.owner.id, comment: random.pick(reassignComments) }
}

/** The next stage's status ahead of the process, sometimes held. */
function setByHand(life: Life): Told | null {
  const { random, type, place } = life
  const next = type.version.stages[place + 1]
  if (!next || life.held || next.statusCode === life.statusCode) return null
  life.statusCode = next.statusCode
  life.held = random.chance(0.45)
  return {
    verb: 'setStatus',
    ...own(life),
    hours: life.hours,
    status: next.statusCode,
    reason: random.pick(manualReasons),
    hold: life.held,
  }
}

function sendEngineer(life: Life): Told | null {
  if (life.engineer !== null) return null
  const { random } = life
  const team = life.owner.departmentId === projects.id ? 'maslov 5 orlov 4 chernov 1' : 'orlov 5 chernov 5 maslov 1'
  const names = team.split(' ').filter((_, index) => index % 2 === 0)
  life.engineer = person(random.weigh(names, (name) => Number(team.split(' ')[team.split(' ').indexOf(name) + 1])))
  return { verb: 'participants', ...web(headOf[life.owner.departmentId]!), hours: life.hours, employeeIds: [life.engineer.id] }
}

function stageNow(life: Life): StageSeed {
  return life.type.version.stages[life.place]!
}

function isLast(life: Life): boolean {
  return life.place === life.type.version.stages.length - 1
}

function own({ owner, random }: Life): { readonly actorId: number; readonly door: 'web' | 'bot' } {
  return { actorId: owner.id, door: random.chance(0.4) ? 'bot' : 'web' }
}

function web(who: PersonSeed): { readonly actorId: number; readonly door: 'web' } {
  return { actorId: who.id, door: 'web' }
}

function dayAfter(life: Life, calendarDays: number): string {
  const index = Math.min(Math.floor(life.hours / hoursPerDay), life.calendar.days.length - 1)
  return addDays(life.calendar.days[index]!.day, Math.round(calendarDays))
}

/** Whole thousands mostly, sometimes to the kopeck, as real estimates are. */
function roundAmount(minor: number, random: Random): number {
  const step = random.chance(0.12) ? 1 : minor < 30_000_000 ? 50_000 : 100_000
  return Math.round(minor / step) * step
}
