import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counterpartySeeds } from '../../db/seeds/demo-counterparties.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { fictitiousInn, fictitiousOgrn } from '../../db/seeds/demo-requisites.ts'
import { statusSeeds } from '../../db/seeds/statuses.ts'
import { pathOf } from '../../shared/domain/process.ts'

const clients = counterpartySeeds()

test('the check digit of an INN is the one the tax service computes', () => {
  // The INN of the Federal Tax Service itself, 7707329152, is 7707 32915 and check digit 2; ours have code 00 in place of 07.
  const digits = [...fictitiousInn('77', 32915)].map(Number)
  const sum = [2, 4, 10, 3, 5, 9, 4, 6, 8].reduce((total, weight, index) => total + weight * digits[index]!, 0)
  assert.equal(digits[9], (sum % 11) % 10)
  assert.equal(
    ([7, 7, 0, 7, 3, 2, 9, 1, 5].reduce((total, digit, index) => total + digit * [2, 4, 10, 3, 5, 9, 4, 6, 8][index]!, 0) % 11) %
      10,
    2,
  )
})

test('every client has valid requisites that belong to nobody', () => {
  for (const { name, inn, kpp, ogrn } of clients) {
    const digits = [...inn].map(Number)
    const sum = [2, 4, 10, 3, 5, 9, 4, 6, 8].reduce((total, weight, index) => total + weight * digits[index]!, 0)
    assert.equal(digits[9], (sum % 11) % 10, `INN of ${name}`)
    assert.match(inn, /^\d\d00\d{6}$/)
    assert.equal(kpp, `${inn.slice(0, 4)}01001`)
    assert.match(ogrn, /^1\d{12}$/)
    assert.equal(Number(ogrn[12]), (Number(ogrn.slice(0, 12)) % 11) % 10, `OGRN of ${name}`)
  }
  assert.equal(fictitiousOgrn('77', 2002, 1).length, 13)
})

test('some 180 clients have names, INN and contacts of their own', () => {
  assert.ok(clients.length >= 170 && clients.length <= 190, String(clients.length))
  for (const field of ['name', 'inn', 'ogrn', 'email'] as const)
    assert.equal(new Set(clients.map((client) => client[field])).size, clients.length, field)
  const contacts = clients.flatMap((client) => client.contacts)
  assert.equal(new Set(contacts.map(({ id }) => id)).size, contacts.length)
  assert.ok(clients.every((client) => client.contacts.length >= 1))
  assert.ok(clients.every(({ phone, email }) => /^\+7 \d{3} 000-\d\d-\d\d$/.test(phone) && email.endsWith('.example')))
})

test('eight statuses in funnel order and two lost ones, named in both languages, one of them the won milestone', () => {
  const open = statusSeeds.filter(({ category }) => category === 'open')
  assert.deepEqual(
    open.map(({ names }) => names.ru),
    ['Новая', 'Квалификация', 'Предложение', 'Переговоры', 'Договор', 'Оплата', 'Исполнение', 'Сопровождение'],
  )
  assert.deepEqual(
    open.map(({ rank }) => rank),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
  assert.deepEqual(
    open.map(({ phase }) => phase),
    ['presale', 'presale', 'presale', 'presale', 'sale', 'sale', 'delivery', 'support'],
  )
  assert.deepEqual(
    statusSeeds.filter(({ category }) => category === 'lost').map(({ names }) => names.en),
    ['Lost', 'Declined by us'],
  )
  assert.deepEqual(
    statusSeeds.filter(({ isWon }) => isWon).map(({ code }) => code),
    ['contract'],
  )
  assert.ok(statusSeeds.every(({ names }) => /^[А-я ]+$/.test(names.ru) && /^[A-z ]+$/.test(names.en)))
})

test('four types go different ways through the one dictionary', () => {
  const paths = typeSeeds.map(({ version }) =>
    pathOf(version)
      .toSorted((a, b) => a - b)
      .join(' '),
  )
  assert.deepEqual(paths, ['1 2 3 4 5 6 7 8', '1 2 3 5 6 7 8', '1 2 3 4 5 6 7 8', '3 5 6 8'])
  assert.equal(typeSeeds.find(({ code }) => code === 'project')!.version.stages.length, 9)
})
