import { before } from 'node:test'
import { presentDealCard } from '../../api/presenters/deals.ts'
import { decideApproval } from '../../api/usecases/approvals/decide-approval.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import { listTasks } from '../../api/usecases/tasks/list-tasks.ts'
import { setTaskState } from '../../api/usecases/tasks/set-task-state.ts'
import { EditDeal } from '../../shared/schemas/deals.ts'
import { DecideApproval, ListTasks } from '../../shared/schemas/work.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { seen } from './deal-facts.ts'

/**
 * Prepares the database of the test file that imports it.
 * Deals of the type `gated` go draft -> work (fields, amount) -> review (tasks; gives two tasks) -> done (approval by a head and a director).
 * Beside it run `delivery` (pack -> send -> handed) and `early` (a status of the lowest rank).
 */
export let world: World
export const hour = 3_600_000
const titled = (ru: string) => ({ ru, en: `${ru} (en)` })
before(async () => {
  world = await createWorld()
  const main = await insertProcess(world.orm, 'gated', [
    { code: 'draft', status: 'new' },
    {
      code: 'work',
      status: 'proposal',
      to: ['review', 'draft'],
      gates: [
        { kind: 'fields', facts: ['counterparty', 'expectedCloseOn'] },
        { kind: 'amount', fromMinor: 1000_00, toMinor: null },
      ],
      tasks: [
        { title: titled('Позвонить'), assignee: { kind: 'owner' }, dueInHours: 24 },
        { title: titled('Проверить'), assignee: { kind: 'role', role: 'field' }, dueInHours: null },
      ],
    },
    { code: 'review', gates: [{ kind: 'tasks' }] },
    {
      code: 'done',
      status: 'payment',
      gates: [
        { kind: 'approval', role: 'head' },
        { kind: 'approval', role: 'executive' },
      ],
    },
  ])
  const delivery = await insertProcess(world.orm, 'delivery', [
    { code: 'pack', tasks: [{ title: titled('Упаковать'), assignee: { kind: 'owner' }, dueInHours: 1 }] },
    { code: 'send', status: 'payment' },
    { code: 'handed' },
  ])
  const early = await insertProcess(world.orm, 'early', [
    { code: 'first', status: 'new' },
    { code: 'second', status: 'new' },
  ])
  const branched = await insertProcess(world.orm, 'branched', [
    { code: 'start', condition: { fact: 'amount', is: 'atLeast', value: 500_00 } },
    { code: 'large' },
  ])
  await insertType(world.orm, 'branched', branched)
  await insertType(world.orm, 'gated', main, [delivery, early])
})

export const view = (name: Name, card: DealCard) => presentDealCard(card, world.as(name))
export const run = (card: DealCard, template: string) => {
  const version = card.versions.find((one) => one.templateCode === template)
  return card.runs.filter((one) => one.templateVersionId === version?.id).at(-1)!
}
export const next = (name: Name, card: DealCard) => view(name, card).runs[0]!.next[0]!
export const move = (name: Name, card: DealCard, stage: string, template = 'gated') =>
  moveDeal(world.as(name), { ...seen(card), stage, run: run(card, template).id })
export const gated = (owner: Name = 'mira', amountMinor = 5000_00) =>
  world.newDeal(owner, { type: 'gated', amountMinor, counterpartyId: 1 })
export const filled = async (card: DealCard) =>
  editDeal(world.as('ada'), EditDeal.parse({ ...seen(card), expectedCloseOn: '2027-01-31' }))
export const tasks = async (name: Name, card: DealCard, state?: 'open' | 'done' | 'cancelled') =>
  (await listTasks(world.as(name), ListTasks.parse({ deal: card.deal.number, ...(state && { state }) }))).rows
export const decide = (name: Name, card: DealCard, approved: boolean, comment = '') =>
  decideApproval(
    world.as(name),
    DecideApproval.parse({ ...seen(card), run: run(card, 'gated').id, stage: 'done', approved, comment }),
  )
/** A deal in review, its tasks done. */
export async function inReview(owner: Name = 'mira'): Promise<DealCard> {
  let card = await move(owner, await filled(await gated(owner)), 'work')
  for (const task of await tasks('ada', card, 'open'))
    await setTaskState(world.as('ada'), { id: task.id, version: task.version, state: 'done' })
  card = await move(owner, card, 'review')
  return card
}
