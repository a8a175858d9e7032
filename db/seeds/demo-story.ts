import { addDays } from '../../shared/domain/periods.ts'
import { hoursPerDay, type WorkCalendar } from './demo-calendar.ts'
import type { CounterpartySeed } from './demo-counterparties.ts'
import { center, ownersByType, type PersonSeed, south } from './demo-people.ts'
import { type StageSeed, type TypeSeed, typeSeeds } from './demo-processes.ts'
import { type Random, randomStream } from './demo-random.ts'
import type { DemoDeed } from './demo-verbs.ts'

/** A deal as its story goes on; `hours` is the working time reached. */
export type Life = {
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
/** A deed with who does it, by which door and at which working hour. */
export type Told = DemoDeed & { readonly actorId: number; readonly door: 'web' | 'bot'; readonly hours: number }

/** A deal about to be created: its type, owner, client and amount are drawn from its own fixed sequence. */
export function beginLife(index: number, hours: number, calendar: WorkCalendar, clients: readonly CounterpartySeed[]): Life {
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

export function stageNow(life: Life): StageSeed {
  return life.type.version.stages[life.place]!
}

export function isLast(life: Life): boolean {
  return life.place === life.type.version.stages.length - 1
}

export function own({ owner, random }: Life): { readonly actorId: number; readonly door: 'web' | 'bot' } {
  return { actorId: owner.id, door: random.chance(0.4) ? 'bot' : 'web' }
}

export function web(who: PersonSeed): { readonly actorId: number; readonly door: 'web' } {
  return { actorId: who.id, door: 'web' }
}

export function dayAfter(life: Life, calendarDays: number): string {
  const index = Math.min(Math.floor(life.hours / hoursPerDay), life.calendar.days.length - 1)
  return addDays(life.calendar.days[index]!.day, Math.round(calendarDays))
}

/** Whole thousands mostly, sometimes to the kopeck, as real estimates are. */
export function roundAmount(minor: number, random: Random): number {
  const step = random.chance(0.12) ? 1 : minor < 30_000_000 ? 50_000 : 100_000
  return Math.round(minor / step) * step
}
