import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { kits } from '../../shared/kits/all.ts'
import type { KitView } from '../../shared/views/kits.ts'
import { type Client, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

let ada: Client
before(async () => {
  ada = await (await startServer(await createWorld())).login('ada')
})

async function readKits(lang = 'ru'): Promise<readonly KitView[]> {
  const answer = await ada.get(`/api/kits?lang=${lang}`)
  assert.equal(answer.status, 200)
  return answer.body.items
}

test('the kits are told in words: stages with their statuses, gates and ways, and rules as sentences', async () => {
  const items = await readKits()
  assert.deepEqual(
    items.map(({ code, installed }) => [code, installed]),
    kits.map(({ code }) => [code, false]),
  )
  const tender = items.find(({ code }) => code === 'tender')!
  assert.deepEqual(tender.newStatuses, ['Подача заявки', 'Приёмка'])
  const prepare = tender.process.stages.find(({ code }) => code === 'prepare')!
  assert.deepEqual(prepare.gates, [
    'Сумма сделки должна быть не меньше 1\u00a0₽.',
    'Завершите открытые задачи.',
    'Нужно согласование: директор.',
  ])
  assert.deepEqual(prepare.ways[1], {
    to: 'Торги и итоги',
    name: 'Запрос цен без площадки',
    kind: 'forward',
    condition: 'поле «Порядок закупки» — «Коммерческая»',
  })
  const bid = tender.process.stages.find(({ code }) => code === 'bid')!
  const proposal = tender.process.stages.find(({ code }) => code === 'prepare')!
  assert.deepEqual(bid.status, { name: 'Подача заявки', step: proposal.status!.step }, 'not there yet: as the one before')
  assert.equal(
    tender.rules[2]!.sentence,
    'Когда документ «Заявка на участие» подписан, статус становится «Подача заявки» (только вперёд).',
  )
})

test('no word of any kit is left untold, in either language', async () => {
  for (const lang of ['ru', 'en']) {
    const items = await readKits(lang)
    for (const word of ['…', 'undefined', 'field.', '{']) {
      const texts = textsIn(items)
      assert.deepEqual(
        texts.filter((text) => text.includes(word)),
        [],
        lang,
      )
    }
    if (lang === 'en') assert.doesNotMatch(JSON.stringify(items), /[а-яё]/i)
  }
})

test('a kit is installed once; then deals of its type can be made, and it says that it is there', async () => {
  const install = () => ada.request('POST', '/api/kits/tender/install', { body: {} })
  const made = await install()
  assert.equal(made.status, 201)
  assert.equal(made.body.installed, true)
  assert.deepEqual(made.body.newStatuses, [])
  const again = await install()
  assert.equal(again.status, 409)
  assert.match(JSON.stringify(again.body), /Набор «Тендер» второй раз не устанавливается: уже есть тип сделок «Тендер»/)
  const deal = await ada.request('POST', '/api/deals', {
    body: { title: 'Закупка', type: 'tender', amount: { amountMinor: 100, currency: 'RUB' } },
  })
  assert.equal(deal.status, 201)
  assert.equal(deal.body.stage.code, 'notice')
})

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
