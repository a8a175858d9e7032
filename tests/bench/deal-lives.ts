import { type TypeSeed, typeSeeds } from '../../db/seeds/demo-processes.ts'
import { randomStream } from '../../db/seeds/demo-random.ts'
import { statusSeed } from '../../db/seeds/statuses.ts'

/** One stay of a life: it begins so many seconds after the deal's creation, and lasts until the next one. */
export type LifeStep = { readonly statusId: number; readonly stageId: number; readonly afterS: number }
/** What becomes of a deal of this type, were it watched for ever; a load cuts it off at the present. */
export type DealLife = { readonly id: number; readonly typeId: number; readonly steps: readonly LifeStep[] }

const hourS = 3600
/** Clock hours to one working hour. */
const calendarPerWorking = 4.2
const goesBack = 0.1
const skips = 0.08
const isReopened = 0.03

/**
 * Lives to hand out to millions of deals: log-normal stays, one move in ten backwards, one in twelve past a stage, three of a hundred lost
 * deals taken up again. The same every time.
 * @param count in all, shared among the types as in the demo company
 */
export function dealLives(count: number): DealLife[] {
  const lives: DealLife[] = []
  for (const type of typeSeeds)
    for (let nth = 0; nth < Math.round(count * type.share); nth++)
      lives.push({ id: lives.length + 1, typeId: type.id, steps: liveOn(type, nth) })
  return lives
}

function liveOn(type: TypeSeed, nth: number): LifeStep[] {
  const random = randomStream(type.id, nth, 77)
  const { stages } = type.version
  const lostIds = [statusSeed('lost').id, statusSeed('declined').id]
  const steps: LifeStep[] = []
  let place = 0
  let afterS = 0
  const enter = (statusId: number | null) => {
    const stage = stages[place]!
    // Some stages of a process give one status: the deal stays in it.
    if (statusId !== null && steps.at(-1)?.statusId !== statusId)
      steps.push({ statusId, stageId: stage.id, afterS: Math.round(afterS) })
    afterS += Math.max(0.2, random.around(Math.max(4, stage.usualHours), 0.7)) * calendarPerWorking * hourS
  }
  enter(stages[0]!.statusId)
  while (place < stages.length - 1) {
    if (!random.chance(stages[place]!.goesOn)) {
      enter(random.chance(0.8) ? lostIds[0]! : lostIds[1]!)
      if (!random.chance(isReopened)) return steps
    } else if (place > 0 && random.chance(goesBack)) place -= 1
    else place = Math.min(stages.length - 1, place + (random.chance(skips) ? 2 : 1))
    enter(stages[place]!.statusId)
  }
  return steps
}
