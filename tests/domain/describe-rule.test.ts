import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Condition } from '../../shared/domain/conditions.ts'
import { documentStates, type FactKind, operatorsFor } from '../../shared/domain/facts.ts'
import { type RuleAction, type RuleTrigger, triggerParts } from '../../shared/domain/status-rules.ts'
import { describeCondition, describeFactValue } from '../../shared/messages/describe-condition.ts'
import { describeAction, describeRule, describeTrigger } from '../../shared/messages/describe-rule.ts'
import { rulesEn } from '../../shared/messages/en/rules.ts'
import { rulesRu } from '../../shared/messages/ru/rules.ts'
import { type RuleVocabulary, ruleWords } from '../../shared/messages/rule-words.ts'
import type { Locale } from '../../shared/views/common.ts'
import type { FactView } from '../../shared/views/processes.ts'

const fact = (
  key: string,
  name: string,
  kind: FactKind,
  source: string | null = null,
  choices: FactView['choices'] = null,
): FactView => ({
  key,
  name,
  kind,
  source,
  choices,
})
const vocabularyOf = (locale: Locale): RuleVocabulary => {
  const [type, status, sale, stage, invoice, budget, colour, red, blue] =
    locale === 'ru'
      ? ['Проект', 'Оплата', 'Продажа', 'Счёт', 'Счёт', 'Бюджет', 'Цвет', 'Красный', 'Синий']
      : ['Project', 'Payment', 'Sale', 'Billing', 'Invoice', 'Budget', 'Colour', 'Red', 'Blue']
  const states = documentStates.map((state) => ({
    value: state,
    name: (locale === 'ru' ? rulesRu : rulesEn)[`document.${state}`],
  }))
  return {
    facts: [
      fact('type', 'type', 'choice', 'dealType', [{ value: 'project', name: type! }]),
      fact('status', 'status', 'choice', 'status', [{ value: 'payment', name: status! }]),
      fact('amount', 'amount', 'money'),
      fact('paidAmount', 'paid', 'money'),
      fact('title', 'title', 'text'),
      fact('contact', 'contact', 'flag'),
      fact('isLinked', 'linked', 'flag'),
      fact('requisitesComplete', 'requisites', 'flag'),
      fact('daysInStatus', 'days', 'number'),
      fact('expectedCloseOn', 'close', 'day'),
      fact('owner', 'owner', 'choice', 'employee'),
      fact('counterparty', 'client', 'choice', 'counterparty'),
      fact('tags', 'tags', 'choices'),
      fact('document.invoice', 'invoice', 'choice', 'documentState', states),
      fact('field.budget', budget!, 'money'),
      fact('field.urgent', 'X', 'flag'),
      fact('field.until', locale === 'ru' ? 'Действует до' : 'Valid until', 'day'),
      fact('runningProcesses', 'running', 'choices', 'process', [{ value: 'sale', name: sale! }]),
      fact('field.scan', 'X', 'flag', 'file'),
      fact('field.colour', colour!, 'choices', null, [
        { value: 'red', name: red! },
        { value: 'blue', name: blue! },
      ]),
    ],
    dealTypes: [{ code: 'project', name: type! }],
    statuses: [{ code: 'payment', name: status! }],
    templates: [{ code: 'sale', name: sale!, stages: [{ code: 'billing', name: stage! }] }],
    documentTypes: [{ code: 'invoice', name: invoice! }],
    employees: [{ id: 7, name: 'Анна Петрова' }],
    counterparties: [{ id: 3, name: 'ООО «Альфа»' }],
    currency: 'RUB',
  }
}
const words = { ru: ruleWords(vocabularyOf('ru'), 'ru'), en: ruleWords(vocabularyOf('en'), 'en') }
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
const title = { ru: 'Позвонить', en: 'Call' }

const triggers: readonly (readonly [RuleTrigger, ru: string, en: string])[] = [
  [{ kind: 'deal_created' }, 'создана сделка', 'a deal is created'],
  [{ kind: 'lead_received' }, 'сделка пришла извне', 'a deal comes in from outside'],
  [{ kind: 'stage_entered' }, 'сделка переходит на любой этап', 'a deal enters any stage'],
  [
    { kind: 'stage_entered', template: 'sale' },
    'сделка переходит на любой этап процесса «Продажа»',
    'a deal enters any stage of the process “Sale”',
  ],
  [
    { kind: 'stage_entered', template: 'sale', stage: 'billing' },
    'сделка переходит на этап «Счёт» процесса «Продажа»',
    'a deal enters the stage “Billing” of the process “Sale”',
  ],
  [{ kind: 'stage_entered', stage: 'billing' }, 'сделка переходит на этап «Счёт»', 'a deal enters the stage “Billing”'],
  [{ kind: 'stage_completed', stage: 'billing' }, 'сделка проходит этап «Счёт»', 'a deal completes the stage “Billing”'],
  [{ kind: 'process_started', template: 'sale' }, 'начался процесс «Продажа»', 'the process “Sale” starts'],
  [{ kind: 'process_started' }, 'начался любой процесс', 'any process starts'],
  [{ kind: 'process_finished', template: 'sale' }, 'завершился процесс «Продажа»', 'the process “Sale” finishes'],
  [{ kind: 'process_cancelled' }, 'отменён любой процесс', 'any process is cancelled'],
  [{ kind: 'document_changed' }, 'любой документ меняет состояние', 'any document changes its state'],
  [
    { kind: 'document_changed', documentType: 'invoice', state: 'draft' },
    'создан черновик: документ «Счёт»',
    'the document “Invoice” is drafted',
  ],
  [
    { kind: 'document_changed', documentType: 'invoice', state: 'on_approval' },
    'документ «Счёт» отправлен на согласование',
    'the document “Invoice” is sent for approval',
  ],
  [
    { kind: 'document_changed', documentType: 'invoice', state: 'approved' },
    'документ «Счёт» согласован',
    'the document “Invoice” is approved',
  ],
  [
    { kind: 'document_changed', documentType: 'invoice', state: 'signed' },
    'документ «Счёт» подписан',
    'the document “Invoice” is signed',
  ],
  [{ kind: 'document_changed', state: 'rejected' }, 'любой документ отклонён', 'any document is rejected'],
  [{ kind: 'document_changed', state: 'void' }, 'любой документ аннулирован', 'any document is made void'],
  [
    { kind: 'payment_received', documentType: 'invoice', isFull: true },
    'документ «Счёт» оплачен полностью',
    'the document “Invoice” is paid in full',
  ],
  [{ kind: 'payment_received' }, 'любой документ оплачен частично или полностью', 'any document is paid in part or in full'],
  [{ kind: 'field_changed' }, 'изменилось любое поле сделки', 'any field of a deal changes'],
  [{ kind: 'field_changed', fact: 'amount' }, 'изменилась сумма', 'the amount changes'],
  [{ kind: 'field_changed', fact: 'counterparty' }, 'изменился клиент', 'the client changes'],
  [{ kind: 'field_changed', fact: 'field.budget' }, 'изменилось поле «Бюджет»', 'the field “Budget” changes'],
  [{ kind: 'status_changed' }, 'изменился статус', 'the status changes'],
  [{ kind: 'status_changed', status: 'payment' }, 'статус стал «Оплата»', 'the status becomes “Payment”'],
  [{ kind: 'deadline_passed' }, 'истёк срок этапа или статуса', 'the time limit of a stage or status runs out'],
  [{ kind: 'deal_idle', days: 1 }, 'сделка стоит без движения 1 день', 'nothing happens to a deal for 1 day'],
  [{ kind: 'deal_idle', days: 3 }, 'сделка стоит без движения 3 дня', 'nothing happens to a deal for 3 days'],
  [{ kind: 'deal_idle', days: 14 }, 'сделка стоит без движения 14 дней', 'nothing happens to a deal for 14 days'],
  [{ kind: 'period_began', every: 'week' }, 'началась неделя', 'a week begins'],
  [{ kind: 'period_began', every: 'month' }, 'начался месяц', 'a month begins'],
  [{ kind: 'period_began', every: 'quarter', onWorkingDay: false }, 'начался квартал', 'a quarter begins'],
  [{ kind: 'period_began', every: 'year' }, 'начался год', 'a year begins'],
  [
    { kind: 'period_began', every: 'month', onWorkingDay: true },
    'наступил первый рабочий день месяца',
    'the first working day of the month comes',
  ],
  [
    { kind: 'date_near', fact: 'field.until', daysBefore: 60 },
    'до даты в поле «Действует до» остаётся 60 дней',
    '60 days are left until the date in the field “Valid until”',
  ],
  [
    { kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 1 },
    'до ожидаемого закрытия остаётся 1 день',
    '1 day is left until the expected close',
  ],
  [
    { kind: 'date_near', fact: 'expectedCloseOn', daysBefore: -3 },
    'с ожидаемого закрытия прошло 3 дня',
    '3 days have passed since the expected close',
  ],
  [
    { kind: 'date_near', fact: 'field.until', daysBefore: 0 },
    'наступила дата в поле «Действует до»',
    'the date in the field “Valid until” comes',
  ],
  [
    { kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 0 },
    'наступил день ожидаемого закрытия',
    'the day of the expected close comes',
  ],
  [{ kind: 'date_near', daysBefore: 7 }, 'до даты в поле «…» остаётся 7 дней', '7 days are left until the date in the field “…”'],
]
for (const [trigger, ru, en] of triggers) {
  test(`the event reads: ${ru} / ${en}`, () => {
    assert.equal(plain(describeTrigger(trigger, 'ru', words.ru)), ru)
    assert.equal(plain(describeTrigger(trigger, 'en', words.en)), en)
  })
}

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

const actions: readonly (readonly [RuleAction, ru: string, en: string])[] = [
  [{ kind: 'set_status', status: 'payment' }, 'статус становится «Оплата»', 'the status becomes “Payment”'],
  [{ kind: 'set_status', status: '' }, 'статус становится «…»', 'the status becomes “…”'],
  [
    { kind: 'create_task', title, assignee: { kind: 'role', role: 'manager' }, dueInHours: null },
    'менеджеру ставится задача «Позвонить»',
    'the manager gets the task “Call”',
  ],
  [
    { kind: 'create_task', title, assignee: { kind: 'owner' }, dueInHours: 48 },
    'ответственному ставится задача «Позвонить» на 2 дня',
    'the owner gets the task “Call” for 2 days',
  ],
  [
    { kind: 'create_task', title, assignee: { kind: 'department_head' }, dueInHours: 36 },
    'руководителю отдела ставится задача «Позвонить» на 1 день 12 часов',
    'the head of the department gets the task “Call” for 1 day 12 hours',
  ],
  [
    { kind: 'create_task', title, assignee: { kind: 'employee', employeeId: 7 }, dueInHours: 5 },
    'Анна Петрова получает задачу «Позвонить» на 5 часов',
    'Анна Петрова gets the task “Call” for 5 hours',
  ],
  [
    { kind: 'notify', to: { kind: 'role', role: 'executive' }, text: title },
    'директору приходит уведомление «Позвонить»',
    'the executive gets the notice “Call”',
  ],
  [
    { kind: 'notify', to: { kind: 'employee', employeeId: 7 }, text: title },
    'Анна Петрова получает уведомление «Позвонить»',
    'Анна Петрова gets the notice “Call”',
  ],
  [
    { kind: 'assign', to: { kind: 'department_head' } },
    'сделку получает руководитель отдела',
    'the deal goes to the head of the department',
  ],
  [{ kind: 'assign', to: { kind: 'employee', employeeId: 7 } }, 'сделку получает Анна Петрова', 'the deal goes to Анна Петрова'],
  [{ kind: 'start_process', template: 'sale' }, 'начинается процесс «Продажа»', 'the process “Sale” starts'],
  [
    { kind: 'create_deal', dealType: 'project', title },
    'создаётся связанная сделка «Позвонить» типа «Проект»',
    'a linked deal “Call” of the type “Project” is created',
  ],
  [
    { kind: 'call_webhook', url: 'https://hooks.example/a?b=c' },
    'вызывается вебхук hooks.example',
    'the webhook hooks.example is called',
  ],
]
for (const [action, ru, en] of actions) {
  test(`the action reads: ${ru} / ${en}`, () => {
    assert.equal(plain(describeAction(action, 'ru', words.ru)), ru)
    assert.equal(plain(describeAction(action, 'en', words.en)), en)
  })
}

test('the tables above leave no event, comparison or action out', () => {
  assert.deepEqual(new Set(triggers.map(([{ kind }]) => kind)), new Set(Object.keys(triggerParts)))
  const said = conditions.flatMap(([condition]) => ('fact' in condition ? [condition.is] : []))
  assert.deepEqual(new Set(said), new Set(Object.values(operatorsFor).flat()))
  assert.equal(new Set(actions.map(([{ kind }]) => kind)).size, 7)
})

test('a whole rule is one sentence in either language', () => {
  const rule = {
    dealTypes: [],
    trigger: { kind: 'payment_received', documentType: 'invoice', isFull: true },
    condition: {
      all: [
        { fact: 'amount', is: 'atLeast', value: 100_000_00 },
        { fact: 'type', is: 'is', value: 'project' },
      ],
    },
    forwardOnly: true,
    actions: [
      { kind: 'set_status', status: 'payment' },
      { kind: 'create_task', title, assignee: { kind: 'role', role: 'manager' }, dueInHours: null },
    ],
  } as const
  const mutable = { ...rule, dealTypes: [] as string[], actions: [...rule.actions] }
  assert.equal(
    plain(describeRule(mutable, 'ru', words.ru)),
    'Когда документ «Счёт» оплачен полностью, если сумма не меньше 100 000 ₽ и тип сделки — «Проект», статус становится «Оплата» (только вперёд) и менеджеру ставится задача «Позвонить».',
  )
  assert.equal(
    plain(describeRule({ ...mutable, dealTypes: ['project'], condition: { all: [] } }, 'en', words.en)),
    'For deals of the type “Project”: when the document “Invoice” is paid in full, the status becomes “Payment” (forward only) and the manager gets the task “Call”.',
  )
  assert.equal(plain(describeRule({ ...mutable, actions: [] }, 'ru', words.ru)).at(-1), '…')
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
