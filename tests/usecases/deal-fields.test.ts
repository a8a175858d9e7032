import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentDealType } from '../../api/presenters/deal-types.ts'
import { presentDealCard, presentDealList, presentHistory } from '../../api/presenters/deals.ts'
import type { Session } from '../../api/session.ts'
import { createDealType, editDealType, showDealType } from '../../api/usecases/deal-types/deal-types.ts'
import { createDealField, editDealField } from '../../api/usecases/deal-types/type-fields.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { storeFile } from '../../api/usecases/files.ts'
import { readFacts } from '../../api/usecases/rules/read-facts.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { describeEvent } from '../../shared/messages/describe.ts'
import { CreateDealField, CreateDealType, EditDealField, EditDealType } from '../../shared/schemas/deal-types.ts'
import { CreateDeal, EditDeal, ListDeals } from '../../shared/schemas/deals.ts'
import { clients, createWorld, type Name, type World } from '../support/world.ts'

let world: World
const mira = () => world.as('mira')
const code = 'delivery'
const both = (name: string) => ({ ru: name, en: name })

before(async () => {
  world = await createWorld()
  await createDealType(world.as('ada'), CreateDealType.parse({ names: both('Delivery'), processTemplate: 'service' }))
  const add = (field: string, kind: string, more: object = {}) =>
    createDealField(
      world.as('ada'),
      CreateDealField.parse({ code, field, kind, names: { ru: `Поле ${field}`, en: field }, inFilter: true, ...more }),
    )
  const options = [
    { code: 'air', ru: 'Самолёт', en: 'Air' },
    { code: 'sea', ru: 'Море', en: 'Sea' },
  ]
  await add('note', 'text', { isRequired: true })
  await add('weight', 'number', { inList: true })
  await add('price', 'money')
  await add('ready', 'day')
  await add('way', 'choice', { options, inList: true })
  await add('ways', 'several', { options })
  await add('urgent', 'flag')
  await add('scan', 'file')
  await add('carrier', 'counterparty')
  await add('driver', 'employee')
})

const enter = (fields: object, session: Session = mira(), more: object = {}) =>
  createDeal(
    session,
    CreateDeal.parse({ title: 'Груз', type: code, amount: { amountMinor: 100, currency: 'RUB' }, fields, ...more }),
  )
const card = async (number: number, session = mira()) => presentDealCard(await showDeal(session, { number }), session)
const edit = (deal: { number: number; version: number }, fields: object, session = mira()) =>
  editDeal(session, EditDeal.parse({ number: deal.number, version: deal.version, fields }))
const refusal = (error: unknown, field: string, words: RegExp) => {
  assert.ok(error instanceof AppError)
  assert.equal(error.code, 'input_invalid')
  const problems = error.details['problems'] as { path: string; message: string }[]
  const found = problems.find(({ path }) => path === `fields.${field}`)
  assert.match(found?.message ?? '', words)
  return true
}

test('a field of every kind is kept, and said in the reader’s language on the card', async () => {
  const file = await storeFile(mira(), { name: 'накладная.pdf', mediaType: 'application/pdf' }, Buffer.from('x'))
  const { deal } = await enter({
    note: ' Срочно ',
    weight: 12_500.5,
    price: 150_000_00,
    ready: '2026-05-12',
    way: 'sea',
    ways: ['sea', 'air'],
    urgent: true,
    scan: file.id,
    carrier: clients.alpha,
    driver: '9',
  })
  const { fields } = await card(deal.number)
  assert.deepEqual(
    fields.map(({ code, value, text }) => [code, value, text.replaceAll('\u00a0', ' ')]),
    [
      ['note', 'Срочно', 'Срочно'],
      ['weight', 12_500.5, '12 500,5'],
      ['price', 150_000_00, '150 000 ₽'],
      ['ready', '2026-05-12', '12 мая 2026'],
      ['way', 'sea', 'Море'],
      ['ways', ['air', 'sea'], 'Самолёт, Море'],
      ['urgent', true, 'да'],
      ['scan', String(file.id), 'накладная.pdf'],
      ['carrier', String(clients.alpha), 'ООО «Альфа»'],
      ['driver', '9', 'Финн Сервис'],
    ],
  )
})

test('what a field does not take is refused with all problems at once, and no deal is made', async () => {
  const sara = await storeFile(world.as('sara'), { name: 'чужой.pdf', mediaType: 'application/pdf' }, Buffer.from('x'))
  const before = (await listDeals(world.as('ada'), ListDeals.parse({}))).total
  await assert.rejects(enter({ weight: 'много', way: 'train', scan: sara.id, driver: 11, other: 1 }), (error) => {
    refusal(error, 'note', /«Поле note»: заполните/)
    refusal(error, 'weight', /нужно число/)
    refusal(error, 'way', /такого варианта нет/)
    return refusal(error, 'other', /такого поля нет/)
  })
  await assert.rejects(enter({ note: 'а', scan: sara.id }), (error) => refusal(error, 'scan', /загруженный файл/))
  await assert.rejects(enter({ note: 'а', driver: 11 }), (error) => refusal(error, 'driver', /сотрудник/))
  assert.equal((await listDeals(world.as('ada'), ListDeals.parse({}))).total, before)
})

test('an edit changes only what it names, is written down by the field’s name, and is undone with it', async () => {
  const { deal } = await enter({ note: 'а', weight: 5, way: 'air' })
  const edited = await edit(deal, { weight: 7, way: null })
  const seen = async () =>
    (await card(deal.number)).fields.filter(({ value }) => value !== null).map(({ code, value }) => [code, value])
  assert.deepEqual(await seen(), [
    ['note', 'а'],
    ['weight', 7],
  ])
  const event = edited.undo!
  const words = (locale: 'ru' | 'en') => describeEvent(event.body, locale, { timeZone: 'UTC', currency: 'RUB' })
  assert.deepEqual(words('ru'), { title: 'Изменены поля сделки', detail: 'Поле weight: 5 → 7 · Поле way: очищено, было Самолёт' })
  assert.match(words('en').detail ?? '', /^weight: 5 → 7 · way: cleared, was Air/)
  const undone = await undoChange(mira(), { number: deal.number, version: edited.deal.version, eventId: event.eventId })
  assert.deepEqual(await seen(), [
    ['note', 'а'],
    ['weight', 5],
    ['way', 'air'],
  ])
  const history = presentHistory(await showHistory(mira(), { number: deal.number }), mira())
  assert.equal(history.events.filter((event) => event.body.kind === 'deal_edited' && event.voided).length, 1)
  // Nothing different: nothing recorded.
  assert.equal((await edit(undone.deal, { weight: 5 })).deal.version, undone.deal.version)
})

test('a required field cannot be cleared, but a deal from before it was required can be edited', async () => {
  const { deal } = await enter({ note: 'а' })
  await assert.rejects(edit(deal, { note: ' ' }), (error) => refusal(error, 'note', /заполните/))
  const ada = world.as('ada')
  const seen = (await showDealType(ada, { code })).fields.find((field) => field.code === 'price')!
  await editDealField(ada, EditDealField.parse({ code, field: 'price', version: seen.version, isRequired: true }))
  try {
    const edited = await edit(deal, { weight: 1 })
    assert.equal(edited.deal.fields['weight'], 1)
    await assert.rejects(enter({ note: 'а' }), (error) => refusal(error, 'price', /заполните/))
  } finally {
    await editDealField(ada, EditDealField.parse({ code, field: 'price', version: seen.version + 1, isRequired: false }))
  }
})

test('lists show the fields meant for lists and are filtered by those meant for filters', async () => {
  const made = [
    await enter({
      note: 'красный кит',
      weight: 10,
      price: 100_00,
      ready: '2026-01-10',
      way: 'air',
      ways: ['air', 'sea'],
      urgent: true,
      carrier: clients.beta,
    }),
    await enter({
      note: 'Синий кит',
      weight: 20,
      price: 200_00,
      ready: '2026-02-10',
      way: 'sea',
      ways: ['sea'],
      urgent: false,
      driver: 6,
    }),
  ].map(({ deal }) => deal.number)
  const found = async (fields: Record<string, string>) => {
    const { rows } = await listDeals(mira(), ListDeals.parse({ type: code, fields: { note: 'КИТ', ...fields }, sort: 'number' }))
    return rows.map((row) => made.indexOf(row.number)).sort()
  }
  for (const [fields, expected] of [
    [{}, [0, 1]],
    [{ weight: '20' }, [1]],
    [{ weight: '..15' }, [0]],
    [{ price: '15000..' }, [1]],
    [{ ready: '2026-01-01..2026-01-31' }, [0]],
    [{ way: 'air,sea' }, [0, 1]],
    [{ way: 'air' }, [0]],
    [{ ways: 'sea' }, [0, 1]],
    [{ ways: 'air' }, [0]],
    [{ urgent: 'true' }, [0]],
    [{ urgent: 'false' }, [1]],
    [{ carrier: String(clients.beta) }, [0]],
    [{ driver: '6,7' }, [1]],
    [{ note: '%' }, []],
  ] as const)
    assert.deepEqual(await found(fields), expected, JSON.stringify(fields))
  await assert.rejects(found({ nothing: '1' }), { code: 'not_found' })
  await assert.rejects(found({ weight: "1' or true" }), { code: 'input_invalid' })
  const list = presentDealList(await listDeals(mira(), ListDeals.parse({ fields: { note: 'синий' } })), mira())
  assert.deepEqual(
    list.items.map((row) => row.fields.map(({ code, text }) => [code, text])),
    [
      [
        ['weight', '20'],
        ['way', 'Море'],
      ],
    ],
  )
})

test('kind and code of a field never change, one code is of one kind everywhere, and an option in use stays', async () => {
  const ada = world.as('ada')
  const add = (input: object) => createDealField(ada, CreateDealField.parse(input))
  await assert.rejects(add({ code: 'service', field: 'weight', kind: 'text', names: both('W') }), { code: 'field_kind_differs' })
  await assert.rejects(add({ code, field: 'weight', kind: 'number', names: both('W') }), { code: 'already_exists' })
  await assert.rejects(add({ code, kind: 'choice', names: both('Empty') }), { code: 'options_missing' })
  const card = await add({ code: 'service', kind: 'number', names: { ru: 'Вес', en: 'Weight' } })
  assert.deepEqual(
    card.fields.map((field) => field.code),
    ['weight'],
  )
  await enter({ note: 'а', ways: ['sea'] })
  const ways = (await showDealType(ada, { code })).fields.find((field) => field.code === 'ways')!
  const without = EditDealField.parse({ code, field: 'ways', version: ways.version, options: [ways.options[0]!] })
  await assert.rejects(editDealField(ada, without), { code: 'option_in_use' })
  assert.throws(() => EditDealField.parse({ code, field: 'ways', version: 1, kind: 'text' }))
})

test('an archived field is no longer asked for nor shown, and comes back with what it held', async () => {
  const ada = world.as('ada')
  const { deal } = await enter({ note: 'а', urgent: true })
  const archive = async (archived: boolean) => {
    const { version } = (await showDealType(ada, { code })).fields.find((field) => field.code === 'urgent')!
    await editDealField(ada, EditDealField.parse({ code, field: 'urgent', version, archived }))
  }
  await archive(true)
  assert.ok(!(await card(deal.number)).fields.some((field) => field.code === 'urgent'))
  await assert.rejects(edit(deal, { urgent: false }), (error) => refusal(error, 'urgent', /такого поля нет/))
  await archive(false)
  assert.equal((await card(deal.number)).fields.find((field) => field.code === 'urgent')?.value, true)
})

test('fields and types are put in order, and a stale version is told', async () => {
  const ada = world.as('ada')
  const last = (await showDealType(ada, { code })).fields.at(-1)!
  const moved = await editDealField(ada, EditDealField.parse({ code, field: last.code, version: last.version, position: 0 }))
  assert.equal(moved.fields[0]?.code, last.code)
  assert.deepEqual(
    moved.fields.map((field) => field.position),
    moved.fields.map((_, index) => index),
  )
  await editDealField(ada, EditDealField.parse({ code, field: last.code, version: last.version, position: 99 }))
  await assert.rejects(editDealField(ada, EditDealField.parse({ code, field: last.code, version: 99, inList: true })), {
    code: 'version_stale',
  })
})

test('a deal type takes further processes and documents as sets, and tells whose new deals are', async () => {
  const ada = world.as('ada')
  const { type } = await showDealType(ada, { code })
  const input = {
    code,
    version: type.version,
    icon: 'table',
    furtherProcesses: ['product_sale', 'service'],
    ownerRule: { kind: 'employee', employeeId: 6 },
  }
  const view = presentDealType(await editDealType(ada, EditDealType.parse(input)), ada)
  assert.deepEqual(view.furtherProcesses.map((process) => process.code).sort(), ['product_sale', 'service'])
  assert.deepEqual([view.icon, view.ownerName, view.processTemplate?.code], ['table', 'Макс Центр', 'service'])
  await assert.rejects(editDealType(ada, EditDealType.parse({ ...input, furtherProcesses: [] })), { code: 'version_stale' })
  const emptied = await editDealType(ada, EditDealType.parse({ code, version: view.version, furtherProcesses: [] }))
  assert.deepEqual(emptied.processes, [])
})

for (const [rule, who] of [
  [{ kind: 'creator' }, 'mira'],
  [{ kind: 'employee', employeeId: 6 }, 'max'],
  [{ kind: 'employee', employeeId: 9 }, 'finn'],
  [{ kind: 'department_head' }, 'carl'],
  [{ kind: 'role', role: 'executive' }, 'eva'],
] as const satisfies readonly (readonly [object, Name])[])
  test(`a new deal with the rule ${JSON.stringify(rule)} is ${who}’s, and who entered it still sees it`, async () => {
    const ada = world.as('ada')
    const { type } = await showDealType(ada, { code })
    await editDealType(ada, EditDealType.parse({ code, version: type.version, ownerRule: rule }))
    const { deal } = await enter({ note: 'а' })
    assert.equal(deal.ownerId, world.people[who].id)
    assert.equal((await card(deal.number)).number, deal.number)
    // A head names whom he likes: the rule is for the rest.
    const named = await enter({ note: 'а' }, world.as('carl'), { ownerId: world.people.nina.id })
    assert.equal(named.deal.ownerId, world.people.nina.id)
  })

test('rules hear of each changed fact by its key, custom or built in', async () => {
  const ada = world.as('ada')
  const { type } = await showDealType(ada, { code })
  await editDealType(ada, EditDealType.parse({ code, version: type.version, ownerRule: { kind: 'creator' } }))
  const rule = (fact: string) => ({ names: both(`On ${fact}`), fact })
  for (const { names, fact } of [rule('field.weight'), rule('amount')])
    await selectRows(
      ada.em,
      sql`insert into status_rule (code, name_ru, name_en, position, trigger_kind, trigger, condition, actions)
        values (${fact}, ${names.ru}, ${names.en}, 0, 'field_changed', ${JSON.stringify({ kind: 'field_changed', fact })}::jsonb, '{"all": []}'::jsonb,
          '[{"kind": "create_task", "title": {"ru": "Проверить", "en": "Check"}, "assignee": {"kind": "owner"}, "dueInHours": null}]'::jsonb)`,
    )
  const { deal } = await enter({ note: 'а' })
  const fired = async () =>
    (
      await selectRows<{ name: string }>(
        ada.em,
        sql`select rule_name ->> 'en' as name from rule_firing where deal_id = ${deal.id} order by id`,
      )
    ).map((row) => row.name)
  const first = await edit(deal, { note: 'б' })
  assert.deepEqual(await fired(), [])
  const second = await edit(first.deal, { weight: 3 })
  assert.deepEqual(await fired(), ['On field.weight'])
  const { number, version } = second.deal
  await editDeal(mira(), EditDeal.parse({ number, version, amount: { amountMinor: 500, currency: 'RUB' } }))
  assert.deepEqual(await fired(), ['On field.weight', 'On amount'])
})

test('a field called id is undone as any other, and of a file rules know only that it is there', async () => {
  const ada = world.as('ada')
  await createDealField(ada, CreateDealField.parse({ code, field: 'id', kind: 'text', names: both('Id') }))
  assert.throws(() => CreateDealField.parse({ code, field: 'constructor', kind: 'text', names: both('C') }))
  const file = await storeFile(mira(), { name: 'a.pdf', mediaType: 'application/pdf' }, Buffer.from('x'))
  const { deal } = await enter({ note: 'а', id: 'первый', scan: file.id })
  const facts = await readFacts(mira(), deal.id, null)
  assert.deepEqual([facts['field.scan'], facts['field.id'], facts['field.driver'] ?? null], [true, 'первый', null])
  const edited = await edit(deal, { id: 'второй' })
  const undone = await undoChange(mira(), { number: deal.number, version: edited.deal.version, eventId: edited.undo!.eventId })
  assert.deepEqual([undone.deal.fields['id'], undone.deal.fields['note']], ['первый', 'а'])
})
