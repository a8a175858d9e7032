import type { Kit } from '../schemas/kits.ts'
import {
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

const code = 'b2b_sale'
const upd = { code: 'upd', names: words('УПД', 'Transfer document (UPD)'), isPayable: false }

/** Goods to a company: small sums go without negotiations, shipment waits for the money or for the head's word. */
export const b2bSale: Kit = {
  code,
  names: words('Продажа товара B2B', 'B2B product sale'),
  summary: words(
    'Путь от заявки до гарантии: предложение, договор, предоплата или отсрочка, отгрузка по УПД. Небольшие заказы идут без переговоров, отсрочку разрешает руководитель.',
    'From a request to the warranty: quotation, contract, prepayment or deferred payment, shipment with a transfer document. Small orders skip negotiations, the head allows deferred payment.',
  ),
  icon: 'box',
  ownerRule: { kind: 'creator' },
  fields: [
    field('payment_terms', 'Условия оплаты', 'Payment terms', 'choice', {
      inList: true,
      inFilter: true,
      options: [
        { code: 'prepaid', ru: 'Предоплата 100 %', en: 'Prepaid in full' },
        { code: 'deferred', ru: 'Отсрочка после отгрузки', en: 'Deferred after shipment' },
      ],
    }),
    field('ship_on', 'Срок отгрузки', 'Shipment due', 'day', { inList: true }),
    field('ship_to', 'Адрес поставки', 'Delivery address', 'text'),
  ],
  documentTypes: [contract, invoice, upd],
  process: {
    code,
    draft: {
      names: words('Продажа товара B2B', 'B2B product sale'),
      status: null,
      stages: [
        stage('request', words('Заявка', 'Request'), 'new', {
          limit: 24,
          tasks: [task('Связаться с клиентом', 'Contact the client', 4)],
          ways: [to('qualification')],
        }),
        stage('qualification', words('Выявление потребности', 'Needs analysis'), 'qualification', {
          limit: 72,
          gates: [filled('counterparty')],
          tasks: [task('Уточнить состав заказа, бюджет и срок', 'Clarify the order, the budget and the date', 24)],
          ways: [to('proposal'), to('request')],
        }),
        stage('proposal', words('Коммерческое предложение', 'Quotation'), 'proposal', {
          limit: 120,
          gates: [amountNamed, filled('contact')],
          tasks: [task('Отправить предложение', 'Send the quotation', 24)],
          ways: [
            to('negotiation'),
            to('contract', words('Небольшой заказ: без переговоров', 'Small order: no negotiations'), {
              fact: 'amount',
              is: 'atMost',
              value: 100_000_00,
            }),
            to('qualification', words('Уточнить заказ', 'Clarify the order')),
          ],
        }),
        stage('negotiation', words('Переговоры и договор', 'Negotiations and contract'), 'negotiation', {
          limit: 240,
          tasks: [task('Согласовать договор и спецификацию', 'Agree on the contract and the specification', 120)],
          ways: [to('contract'), to('proposal', words('Новое предложение', 'New quotation'))],
        }),
        stage('contract', words('Договор подписан', 'Contract signed'), 'contract', {
          limit: 72,
          gates: [requisites, contractSigned, filled('field.payment_terms', 'field.ship_on')],
          tasks: [task('Выставить счёт', 'Issue the invoice', 24)],
          ways: [
            to('payment', null, { fact: 'field.payment_terms', is: 'is', value: 'prepaid' }),
            to('deferred', null, { fact: 'field.payment_terms', is: 'is', value: 'deferred' }),
            to('negotiation', words('Изменить условия', 'Change the terms')),
          ],
        }),
        stage('payment', words('Ожидание предоплаты', 'Awaiting prepayment'), 'payment', {
          limit: 120,
          gates: [tasksClosed],
          ways: [to('shipment'), to('contract')],
        }),
        stage('shipment', words('Отгрузка', 'Shipment'), 'delivery', {
          limit: 240,
          gates: [invoicePaid],
          tasks: [task('Отгрузить товар и получить подписанный УПД', 'Ship the goods and get the UPD signed', 120)],
          ways: [to('closed'), to('payment')],
        }),
        stage('deferred', words('Отгрузка с отсрочкой', 'Shipment on credit'), 'delivery', {
          limit: 720,
          gates: [{ kind: 'approval', role: 'head' }, tasksClosed],
          tasks: [
            task('Отгрузить товар и получить подписанный УПД', 'Ship the goods and get the UPD signed', 120),
            task('Проконтролировать оплату', 'See that the payment comes', 720),
          ],
          ways: [to('closed'), to('contract')],
        }),
        stage('closed', words('Закрыта, гарантия', 'Closed, warranty'), 'support', {
          gates: [{ kind: 'document', documentType: 'upd', goal: 'signed' }, invoicePaid],
          ways: [to('shipment', words('Рекламация', 'Claim'), { fact: 'field.payment_terms', is: 'is', value: 'prepaid' })],
        }),
      ],
    },
  },
  furtherProcesses: [],
  rules: [
    rule(code, 'Продажа: договор подписан', 'Sale: contract signed', {
      trigger: { kind: 'document_changed', documentType: 'contract', state: 'signed' },
      forwardOnly: true,
      actions: [
        setStatus('contract'),
        notify(departmentHead, 'Договор подписан, сделка выиграна', 'The contract is signed, the deal is won'),
      ],
    }),
    rule(code, 'Продажа: счёт оплачен полностью', 'Sale: invoice paid in full', {
      trigger: { kind: 'payment_received', documentType: 'invoice', isFull: true },
      condition: { all: [{ fact: 'field.payment_terms', is: 'is', value: 'prepaid' }, statusIn('contract', 'payment')] },
      forwardOnly: true,
      actions: [setStatus('delivery'), giveTask('Передать заказ на отгрузку', 'Hand the order over for shipment', 24)],
    }),
    rule(code, 'Продажа: договор отклонён', 'Sale: contract rejected', {
      trigger: { kind: 'document_changed', documentType: 'contract', state: 'rejected' },
      actions: [giveTask('Исправить договор по замечаниям', 'Mend the contract as asked', 24)],
    }),
    rule(code, 'Продажа: нет движения две недели', 'Sale: idle for two weeks', {
      trigger: { kind: 'deal_idle', days: 14 },
      condition: statusIn('new', 'qualification', 'proposal', 'negotiation', 'contract', 'payment'),
      actions: [
        giveTask('Узнать у клиента, в силе ли заказ', 'Ask the client whether the order stands', 24),
        notify(departmentHead, 'Сделка стоит две недели', 'The deal has stood still for two weeks'),
      ],
    }),
    rule(code, 'Продажа: срок истёк', 'Sale: time limit passed', {
      trigger: { kind: 'deadline_passed' },
      actions: [notify(owner, 'Истёк срок этапа: сделайте следующий шаг', 'The time limit has passed: take the next step')],
    }),
  ],
}
