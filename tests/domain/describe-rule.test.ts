import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RuleAction, type RuleTrigger, triggerParts } from '../../shared/domain/status-rules.ts'
import { describeAction, describeRule, describeTrigger } from '../../shared/messages/describe-rule.ts'
import { plain, words } from './rule-vocabulary.ts'

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

test('the tables above leave no event and no action out', () => {
  assert.deepEqual(new Set(triggers.map(([{ kind }]) => kind)), new Set(Object.keys(triggerParts)))
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
