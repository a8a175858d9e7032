import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Condition } from '../../shared/domain/conditions.ts'
import { operatorsFor } from '../../shared/domain/facts.ts'
import { describeCondition, describeFactValue } from '../../shared/messages/describe-condition.ts'
import type { Locale } from '../../shared/views/common.ts'
import { plain, vocabularyOf, words } from './rule-vocabulary.ts'

const conditions: readonly (readonly [Condition, ru: string, en: string])[] = [
  [{ all: [] }, '', ''],
  [{ fact: 'type', is: 'is', value: 'project' }, 'тип сделки — «Проект»', 'the deal type is “Project”'],
  [{ fact: 'status', is: 'isNot', value: 'payment' }, 'статус — не «Оплата»', 'the status is not “Payment”'],
  [{ fact: 'owner', is: 'is', value: '7' }, 'ответственный — Анна Петрова', 'the owner is Анна Петрова'],
  [{ fact: 'counterparty', is: 'is', value: '3' }, 'клиент — «ООО „Альфа“»', 'the client is “ООО «Альфа»”'],
  [{ fact: 'counterparty', is: 'isEmpty' }, 'клиент не указан', 'the client is not given'],
  [
    { fact: 'type', is: 'oneOf', value: ['project', 'other'] },
    'тип сделки — «Проект» или «other»',
    'the deal type is “Project” or “other”',
  ],
  [
    { fact: 'type', is: 'noneOf', value: ['project', 'other'] },
    'тип сделки — ни «Проект», ни «other»',
    'the deal type is neither “Project” nor “other”',
  ],
  [{ fact: 'type', is: 'noneOf', value: ['project'] }, 'тип сделки — не «Проект»', 'the deal type is not “Project”'],
  [{ fact: 'amount', is: 'atLeast', value: 100_000_00 }, 'сумма не меньше 100 000 ₽', 'the amount is at least ₽100,000'],
  [{ fact: 'amount', is: 'atMost', value: 150_50 }, 'сумма не больше 150,50 ₽', 'the amount is at most ₽150.50'],
  [{ fact: 'amount', is: 'is', value: 100_00 }, 'сумма равна 100 ₽', 'the amount is ₽100'],
  [{ fact: 'amount', is: 'isSet' }, 'сумма указана', 'the amount is given'],
  [
    { fact: 'daysInStatus', is: 'atLeast', value: 5 },
    'число дней в статусе не меньше 5',
    'the number of days in the status is at least 5',
  ],
  [{ fact: 'title', is: 'contains', value: 'насос' }, 'название содержит «насос»', 'the title contains “насос”'],
  [{ fact: 'title', is: 'is', value: 'А' }, 'название — «А»', 'the title is “А”'],
  [
    { fact: 'expectedCloseOn', is: 'atLeast', value: '2026-05-12' },
    'ожидаемое закрытие не раньше 12 мая 2026',
    'the expected close is not before 12 May 2026',
  ],
  [
    { fact: 'expectedCloseOn', is: 'atMost', value: '2026-05-12' },
    'ожидаемое закрытие не позже 12 мая 2026',
    'the expected close is not after 12 May 2026',
  ],
  [{ fact: 'expectedCloseOn', is: 'isEmpty' }, 'ожидаемое закрытие не указано', 'the expected close is not given'],
  [{ fact: 'contact', is: 'is', value: true }, 'контакт указан', 'the contact is given'],
  [{ fact: 'contact', is: 'is', value: false }, 'контакт не указан', 'the contact is not given'],
  [
    { fact: 'requisitesComplete', is: 'is', value: false },
    'реквизиты клиента не заполнены',
    'the client’s requisites are not complete',
  ],
  [{ fact: 'isLinked', is: 'is', value: true }, 'сделка создана из другой сделки', 'the deal was made from another deal'],
  [{ fact: 'field.urgent', is: 'is', value: false }, 'поле «X» не отмечено', 'the field “X” is not ticked'],
  [{ fact: 'field.budget', is: 'atLeast', value: 100 }, 'поле «Бюджет» не меньше 1 ₽', 'the field “Budget” is at least ₽1'],
  [{ fact: 'field.scan', is: 'is', value: true }, 'поле «X» заполнено', 'the field “X” is filled in'],
  [{ fact: 'field.budget', is: 'isSet' }, 'поле «Бюджет» заполнено', 'the field “Budget” is filled in'],
  [{ fact: 'field.budget', is: 'isEmpty' }, 'поле «Бюджет» не заполнено', 'the field “Budget” is not filled in'],
  [
    { fact: 'field.colour', is: 'oneOf', value: ['red', 'blue'] },
    'поле «Цвет» включает «Красный» или «Синий»',
    'the field “Colour” includes “Red” or “Blue”',
  ],
  [{ fact: 'tags', is: 'oneOf', value: ['vip'] }, 'метки включают «vip»', 'the tags include “vip”'],
  [
    { fact: 'tags', is: 'noneOf', value: ['vip', 'old'] },
    'метки не включают ни «vip», ни «old»',
    'the tags include neither “vip” nor “old”',
  ],
  [{ fact: 'document.invoice', is: 'is', value: 'signed' }, 'документ «Счёт» подписан', 'the document “Invoice” is signed'],
  [
    { fact: 'document.invoice', is: 'isNot', value: 'signed' },
    'документ «Счёт» не подписан',
    'the document “Invoice” is not signed',
  ],
  [
    { fact: 'document.invoice', is: 'oneOf', value: ['approved', 'signed'] },
    'документ «Счёт» согласован или подписан',
    'the document “Invoice” is approved or signed',
  ],
  [{ fact: 'document.invoice', is: 'isSet' }, 'документ «Счёт» есть', 'the document “Invoice” is there'],
  [{ fact: 'document.invoice', is: 'isEmpty' }, 'документ «Счёт» отсутствует', 'the document “Invoice” is not there'],
  [
    {
      all: [
        { fact: 'contact', is: 'is', value: true },
        {
          any: [
            { fact: 'amount', is: 'isSet' },
            { fact: 'tags', is: 'isEmpty' },
          ],
        },
      ],
    },
    'контакт указан и (сумма указана или метки не указаны)',
    'the contact is given and (the amount is given or the tags are not given)',
  ],
  [
    {
      any: [
        { fact: 'contact', is: 'is', value: true },
        { fact: 'amount', is: 'isSet' },
        { all: [{ fact: 'tags', is: 'isSet' }] },
      ],
    },
    'контакт указан, сумма указана или метки указаны',
    'the contact is given, the amount is given or the tags are given',
  ],
  [{ fact: 'amount', is: 'atLeast' }, 'сумма не меньше …', 'the amount is at least …'],
]
for (const [condition, ru, en] of conditions) {
  test(`the condition reads: ${ru || 'nothing'} / ${en}`, () => {
    assert.equal(plain(describeCondition(condition, 'ru', words.ru)), ru)
    assert.equal(plain(describeCondition(condition, 'en', words.en)), en)
  })
}

test('the table above leaves no comparison out', () => {
  const said = conditions.flatMap(([condition]) => ('fact' in condition ? [condition.is] : []))
  assert.deepEqual(new Set(said), new Set(Object.values(operatorsFor).flat()))
})

test('whatever is compared with whatever, the sentence has no hole and no code of ours in it', () => {
  const keys = vocabularyOf('ru').facts.map(({ key }) => key)
  const value = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: 0 }),
    fc.stringMatching(/^[а-я ]{0,5}$/),
    fc.array(fc.stringMatching(/^[а-я]{1,5}$/), { maxLength: 3 }),
  )
  const comparison = fc.tuple(fc.constantFrom(...keys), fc.nat(), value).map(([key, at, given]) => ({
    fact: key,
    is: operatorsFor[words.ru.fact(key)!.kind].at(at % operatorsFor[words.ru.fact(key)!.kind].length)!,
    value: given,
  }))
  fc.assert(
    fc.property(comparison, fc.constantFrom('ru', 'en'), (condition, locale) => {
      const text = describeCondition(condition as Condition, locale as Locale, words[locale as Locale])
      assert.notEqual(text.trim(), '')
      assert.doesNotMatch(text.replaceAll(String(condition.value), ''), /undefined|null|\[object|\{/)
    }),
    { numRuns: 500 },
  )
})

test('a value that was seen is told by itself', () => {
  const told = (key: string, value: Parameters<typeof describeFactValue>[1]) =>
    plain(describeFactValue(key, value, 'ru', words.ru))
  assert.deepEqual(
    [
      told('amount', 120_000_00),
      told('contact', true),
      told('contact', false),
      told('counterparty', null),
      told('tags', []),
      told('tags', ['a', 'b']),
    ],
    ['120 000 ₽', 'да', 'нет', 'нет', 'нет', 'a, b'],
  )
  assert.deepEqual(
    [
      told('status', 'payment'),
      told('owner', '7'),
      told('counterparty', '3'),
      told('counterparty', '99'),
      told('expectedCloseOn', '2026-05-12'),
      told('document.invoice', 'signed'),
    ],
    ['Оплата', 'Анна Петрова', 'ООО «Альфа»', '№ 99', '12 мая 2026', 'подписан'],
  )
})
