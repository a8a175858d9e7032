import { waysFrom } from '../../shared/domain/process.ts'
import { hoursPerDay, type WorkCalendar } from './demo-calendar.ts'
import type { CounterpartySeed } from './demo-counterparties.ts'
import { isJammed, jamAt } from './demo-course.ts'
import { comment, createdBy, edit, reassign, sendEngineer, setByHand } from './demo-deeds.ts'
import { center, person, sales, south } from './demo-people.ts'
import { beginLife, isLast, type Life, own, stageNow, type Told, web } from './demo-story.ts'
import type { DealScript } from './demo-verbs.ts'
import { backComments, commentFor, jamReasons, lossReasons, reopenReasons } from './demo-wording.ts'

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
  const life = beginLife(index, bornHours, calendar, clients)
  const script = []
  for (const { hours, ...deed } of tell(life)) {
    if (hours > calendar.nowHours) break
    script.push({ ...deed, at: calendar.instantAt(hours) })
  }
  return script
}

function* tell(life: Life): Generator<Told> {
  yield createdBy(life)
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
  yield* slip(life, forward[0]!.stage.code)
  yield { verb: 'move', ...who, hours: life.hours, stage: to.stage.code, ...(comment ? { comment } : {}) }
  life.place = type.version.stages.findIndex((candidate) => candidate.id === to.stage.id)
  if (!life.held) life.statusCode = stageNow(life).statusCode
  yield* handOver(life)
}

/** Now and then a wrong tap, taken back within the ten minutes. */
function* slip(life: Life, stage: string): Generator<Told> {
  const { random } = life
  const dayEndsSoon = life.hours % hoursPerDay > hoursPerDay - 0.5
  if (dayEndsSoon || !random.chance(0.008)) return
  const who = own(life)
  yield { verb: 'move', ...who, hours: life.hours, stage }
  life.hours += 0.02 + random.next() * 0.12
  yield { verb: 'undo', ...who, hours: life.hours }
  life.hours += 0.1 + random.next() * 2
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
