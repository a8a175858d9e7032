import type { Kit } from '../schemas/kits.ts'
import {
  act,
  amountNamed,
  contract,
  contractSigned,
  departmentHead,
  field,
  filled,
  giveTask,
  invoice,
  invoicePaid,
  notify,
  owner,
  requisites,
  rule,
  setStatus,
  stage,
  statusIn,
  task,
  tasksClosed,
  to,
  words,
} from './parts.ts'

const code = 'support_renewal'
const month = 'support_month'
/** The contract is in force: also while its renewal is being agreed on. */
const inForce = statusIn('support', 'renewal')

/**
 * A subscription: each month its care begins by itself, and two months before the contract ends the deal of the next term is opened.
 */
export const supportRenewal: Kit = {
  code,
  names: words('Договор поддержки с продлением', 'Support contract with renewal'),
  summary: words(
    'Тариф, договор, оплата, сопровождение и продление. Первого числа каждого месяца само начинается обслуживание за месяц: работы, акт и счёт. За 60 дней до даты «Действует до» открывается сделка на следующий срок, и ответственный получает задачу предложить продление.',
    'Plan, contract, payment, support and renewal. On the first of each month the care of the month begins by itself: works, act and invoice. 60 days before the date “Valid until” the deal of the next term is opened, and the owner gets the task to offer the renewal.',
  ),
  icon: 'shield',
  ownerRule: { kind: 'creator' },
  fields: [
    field('service_level', 'Тариф', 'Plan', 'choice', {
      inList: true,
      inFilter: true,
      options: [
        { code: 'basic', ru: 'Базовый, 5×8', en: 'Basic, 5×8' },
        { code: 'extended', ru: 'Расширенный, 5×12', en: 'Extended, 5×12' },
        { code: 'full', ru: 'Полный, 24×7', en: 'Full, 24×7' },
      ],
    }),
    field('valid_until', 'Действует до', 'Valid until', 'day', { inList: true }),
    field('monthly_fee', 'Абонентская плата в месяц', 'Monthly fee', 'money'),
  ],
  documentTypes: [contract, invoice, act],
  process: {
    code,
    draft: {
      names: words('Договор поддержки с продлением', 'Support contract with renewal'),
      status: null,
      stages: [
        stage('request', words('Запрос на поддержку', 'Request for support'), 'new', {
          limit: 48,
          tasks: [task('Уточнить, что и как поддерживать', 'Clarify what is to be supported and how', 24)],
          ways: [
            to('offer'),
            to('contract', words('Продление на прежних условиях', 'Renewal on the same terms'), {
              fact: 'isLinked',
              is: 'is',
              value: true,
            }),
          ],
        }),
        stage('offer', words('Тариф и условия', 'Plan and terms'), 'proposal', {
          limit: 168,
          gates: [filled('counterparty', 'field.service_level'), amountNamed],
          tasks: [task('Отправить предложение с тарифом', 'Send the offer with the plan', 48)],
          ways: [to('contract'), to('request')],
        }),
        stage('contract', words('Договор подписан', 'Contract signed'), 'contract', {
          limit: 120,
          gates: [requisites, contractSigned, filled('field.valid_until')],
          tasks: [task('Выставить счёт за период', 'Issue the invoice for the term', 24)],
          ways: [to('payment'), to('offer', words('Изменить условия', 'Change the terms'))],
        }),
        stage('payment', words('Оплата периода', 'Payment for the term'), 'payment', {
          limit: 240,
          gates: [tasksClosed],
          ways: [to('support'), to('contract')],
        }),
        stage('support', words('Сопровождение', 'Support'), 'support', {
          // A year, as most contracts run; the renewal is begun by the contract's own date.
          limit: 8760,
          gates: [invoicePaid],
          ways: [to('renewal'), to('ended', words('Клиент не продлевает', 'The client does not renew')), to('payment')],
        }),
        stage('renewal', words('Клиент продлевает', 'The client renews'), 'renewal', {
          limit: 720,
          tasks: [task('Согласовать условия на следующий срок', 'Agree on the terms of the next term', 240)],
          ways: [to('ended', words('Новый срок начался', 'The new term has begun'))],
        }),
        stage('ended', words('Срок завершён', 'Term ended'), null, {
          gates: [tasksClosed],
          ways: [to('support', words('Возобновить', 'Resume'))],
        }),
      ],
    },
  },
  furtherProcesses: [
    {
      code: month,
      draft: {
        names: words('Обслуживание за месяц', 'Care of a month'),
        status: null,
        stages: [
          stage('works', words('Работы месяца', 'Works of the month'), null, {
            limit: 720,
            tasks: [task('Выполнить регламентные работы', 'Do the scheduled works', 600)],
            ways: [to('papers')],
          }),
          stage('papers', words('Акт и счёт за месяц', 'Act and invoice of the month'), null, {
            limit: 120,
            gates: [tasksClosed],
            tasks: [task('Подписать акт за месяц и выставить счёт', 'Get the act signed and issue the invoice', 72)],
            ways: [to('closed'), to('works')],
          }),
          stage('closed', words('Месяц закрыт', 'Month closed'), null, { gates: [tasksClosed], ways: [] }),
        ],
      },
    },
  ],
  rules: [
    rule(code, 'Поддержка: договор подписан', 'Support: contract signed', {
      trigger: { kind: 'document_changed', documentType: 'contract', state: 'signed' },
      forwardOnly: true,
      actions: [setStatus('contract')],
    }),
    rule(code, 'Поддержка: период оплачен', 'Support: term paid', {
      trigger: { kind: 'payment_received', documentType: 'invoice', isFull: true },
      condition: statusIn('contract', 'payment'),
      actions: [
        giveTask('Подключить клиента к поддержке', 'Connect the client to the support', 24),
        notify(owner, 'Период оплачен: начинайте сопровождение', 'The term is paid: begin the support'),
      ],
    }),
    rule(code, 'Поддержка: прошлый месяц не закрыт', 'Support: the last month is not closed', {
      trigger: { kind: 'period_began', every: 'month' },
      condition: { all: [inForce, { fact: 'runningProcesses', is: 'oneOf', value: [month] }] },
      actions: [
        giveTask(
          'Закрыть прошлый месяц и начать обслуживание за новый',
          'Close the last month and begin the care of the new one',
          72,
        ),
        notify(departmentHead, 'Обслуживание за прошлый месяц не закрыто', 'The care of the last month is not closed'),
      ],
    }),
    rule(code, 'Поддержка: начался месяц', 'Support: a month began', {
      trigger: { kind: 'period_began', every: 'month' },
      condition: inForce,
      actions: [{ kind: 'start_process', template: month }],
    }),
    rule(code, 'Поддержка: скоро конец срока', 'Support: the term ends soon', {
      trigger: { kind: 'date_near', fact: 'field.valid_until', daysBefore: 60 },
      condition: inForce,
      actions: [
        { kind: 'create_deal', dealType: code, title: words('Продление', 'Renewal') },
        giveTask('Предложить клиенту продление', 'Offer the renewal to the client', 120),
        notify(departmentHead, 'Через два месяца кончается договор поддержки', 'The support contract ends in two months'),
      ],
    }),
    rule(code, 'Поддержка: клиент продлевает', 'Support: the client renews', {
      trigger: { kind: 'stage_entered', template: code, stage: 'renewal' },
      actions: [
        setStatus('renewal'),
        notify(departmentHead, 'Клиент продлевает договор поддержки', 'The client renews the support contract'),
      ],
    }),
    rule(code, 'Поддержка: срок этапа истёк', 'Support: time limit passed', {
      trigger: { kind: 'deadline_passed' },
      actions: [notify(owner, 'Истёк срок этапа: сделайте следующий шаг', 'The time limit has passed: take the next step')],
    }),
    rule(code, 'Поддержка: нет движения 30 дней', 'Support: idle for 30 days', {
      trigger: { kind: 'deal_idle', days: 30 },
      condition: statusIn('new', 'proposal', 'contract', 'payment', 'support'),
      actions: [
        notify(departmentHead, 'По договору месяц ничего не происходит', 'Nothing has happened on the contract for a month'),
      ],
    }),
  ],
}
