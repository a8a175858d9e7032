import { center, headOf, person, personSeeds, projects, south } from './demo-people.ts'
import { dayAfter, type Life, own, roundAmount, type Told, web } from './demo-story.ts'
import { commentFor, descriptions, manualReasons, reassignComments, titleOf } from './demo-wording.ts'

/** Single deeds in a deal's life: each says what is done, and notes it in the life. Null: not possible now. */

export function createdBy(life: Life): Told {
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

export function comment(life: Life): Told {
  const { random, engineer } = life
  const byEngineer = engineer !== null && ['delivery', 'support'].includes(life.statusCode) && random.chance(0.6)
  const who = byEngineer ? { actorId: engineer.id, door: random.chance(0.7) ? ('bot' as const) : ('web' as const) } : own(life)
  return { verb: 'comment', ...who, hours: life.hours, text: commentFor(life.statusCode, random) }
}

export function edit(life: Life): Told | null {
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
export function reassign(life: Life): Told | null {
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
export function setByHand(life: Life): Told | null {
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

export function sendEngineer(life: Life): Told | null {
  if (life.engineer !== null) return null
  const { random } = life
  const team = life.owner.departmentId === projects.id ? 'maslov 5 orlov 4 chernov 1' : 'orlov 5 chernov 5 maslov 1'
  const names = team.split(' ').filter((_, index) => index % 2 === 0)
  life.engineer = person(random.weigh(names, (name) => Number(team.split(' ')[team.split(' ').indexOf(name) + 1])))
  return { verb: 'participants', ...web(headOf[life.owner.departmentId]!), hours: life.hours, employeeIds: [life.engineer.id] }
}
