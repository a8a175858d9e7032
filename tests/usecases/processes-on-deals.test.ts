import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../api/session.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { readWays } from '../../api/usecases/deals/read-ways.ts'
import { refused } from './deal-facts.ts'
import { filled, gated, move, next, view, world } from './gated-deals.ts'

test('what is missing for the next stage is said before the press, as the press would say it', async () => {
  const card = await gated('mira', 500_00)
  const { missing } = next('mira', card)
  assert.deepEqual(
    missing.map(({ kind, text }) => [kind, text.replaceAll('\u00a0', ' ')]),
    [
      ['fields', 'Заполните: Ожидаемое закрытие.'],
      ['amount', 'Сумма сделки должна быть не меньше 1 000 ₽.'],
    ],
  )
  const error = await refused(move('mira', card, 'work'), 'stage_blocked')
  const said = error.details['requirements'] as readonly { readonly text: string }[]
  assert.deepEqual(
    said.map(({ text }) => text),
    missing.map(({ text }) => text),
  )
})

test('what is missing goes when it is filled in, and the way is open', async () => {
  const card = await filled(await gated())
  assert.deepEqual(next('mira', card).missing, [])
  assert.equal((await move('mira', card, 'work')).deal.stageCode, 'work')
})

test('a card whose stages have neither gates nor conditions reads nothing for them', async () => {
  const card = await world.newDeal('mira')
  const em = new Proxy({} as Session['em'], {
    get() {
      throw new Error('the database was read')
    },
  })
  const ways = await readWays({ ...world.as('mira'), em }, card.deal, card.runs, card.versions)
  assert.ok((ways.get(card.runs[0]!.id)?.length ?? 0) > 0)
})

test('a way whose condition does not hold is not offered', async () => {
  const branched = async (amountMinor: number) => {
    const deal = await world.newDeal('mira', { type: 'branched', amountMinor })
    return view('mira', deal).runs[0]!.next.map(({ code }) => code)
  }
  assert.deepEqual(await branched(100_00), [])
  assert.deepEqual(await branched(900_00), ['large'])
})

test('all of it left every invariant whole', async () => {
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
})
