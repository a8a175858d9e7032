import type { Kit } from '../schemas/kits.ts'
import {
  act,
  actSigned,
  amountNamed,
  contract,
  contractSigned,
  departmentHead,
  executive,
  field,
  filled,
  giveTask,
  invoice,
  invoicePaid,
  notify,
  owner,
  protocol,
  rule,
  setStatus,
  stage,
  statusIn,
  task,
  tasksClosed,
  to,
  words,
} from './parts.ts'

const code = 'tender'
const security = 'tender_security'
const bid = { code: 'bid', names: words('Заявка на участие', 'Bid'), isPayable: false }

/** A purchase by public tender: the director decides on taking part, the money comes after the act. */
export const tender: Kit = {
  code,
  names: words('Тендер', 'Tender'),
  summary: words(
    'Закупки по 44-ФЗ, 223-ФЗ и коммерческие: разбор документации, решение директора об участии, заявка, торги, контракт, исполнение и приёмка. Обеспечение заявки ведётся отдельным процессом.',
    'Public and commercial purchases: study of the papers, the decision of the director to take part, bid, auction, contract, fulfilment and acceptance. The bid security runs as a process of its own.',
  ),
  icon: 'file',
  ownerRule: { kind: 'creator' },
  fields: [
    field('notice_number', 'Номер извещения', 'Notice number', 'text', { inList: true }),
    field('purchase_law', 'Порядок закупки', 'Purchase rules', 'choice', {
      inList: true,
      inFilter: true,
      options: [
        { code: 'fz44', ru: '44-ФЗ', en: 'Law 44-FZ' },
        { code: 'fz223', ru: '223-ФЗ', en: 'Law 223-FZ' },
        { code: 'commercial', ru: 'Коммерческая', en: 'Commercial' },
      ],
    }),
    field('bid_until', 'Подать заявку до', 'Bid until', 'day', { inList: true, inFilter: true }),
    field('bid_security', 'Обеспечение заявки', 'Bid security', 'money'),
  ],
  documentTypes: [bid, protocol, contract, act, invoice],
  process: {
    code,
    draft: {
      names: words('Участие в тендере', 'Taking part in a tender'),
      status: null,
      stages: [
        stage('notice', words('Извещение найдено', 'Notice found'), 'new', { limit: 24, ways: [to('study')] }),
        stage('study', words('Разбор документации', 'Study of the papers'), 'qualification', {
          limit: 72,
          gates: [filled('counterparty', 'field.notice_number', 'field.purchase_law', 'field.bid_until')],
          tasks: [
            task('Проверить требования и начальную цену', 'Check the requirements and the starting price', 24),
            task('Рассчитать себестоимость', 'Work the cost out', 48),
          ],
          ways: [to('prepare'), to('notice')],
        }),
        stage('prepare', words('Участие одобрено, готовим заявку', 'Taking part, preparing the bid'), 'proposal', {
          limit: 120,
          gates: [amountNamed, tasksClosed, { kind: 'approval', role: 'executive' }],
          tasks: [task('Собрать документы заявки', 'Gather the papers of the bid', 72)],
          ways: [
            to('bid'),
            to('auction', words('Запрос цен без площадки', 'Request for prices, no platform'), {
              fact: 'field.purchase_law',
              is: 'is',
              value: 'commercial',
            }),
            to('study', words('Вернуть на разбор', 'Back to the study')),
          ],
        }),
        stage('bid', words('Заявка подана', 'Bid submitted'), 'bid', {
          limit: 240,
          gates: [tasksClosed, { kind: 'document', documentType: 'bid', goal: 'signed' }],
          ways: [to('auction'), to('prepare', words('Отозвать и исправить', 'Withdraw and mend'))],
        }),
        stage('auction', words('Торги и итоги', 'Auction and results'), 'negotiation', {
          limit: 240,
          gates: [tasksClosed],
          tasks: [task('Участвовать в торгах и дождаться протокола', 'Take part in the auction and await the protocol', 168)],
          ways: [to('contract'), to('prepare', words('Закупка объявлена заново', 'The purchase is announced anew'))],
        }),
        stage('contract', words('Контракт подписан', 'Contract signed'), 'contract', {
          limit: 120,
          gates: [contractSigned, tasksClosed],
          tasks: [task('Внести обеспечение исполнения', 'Provide the performance security', 72)],
          ways: [to('fulfilment')],
        }),
        stage('fulfilment', words('Исполнение контракта', 'Fulfilment'), 'delivery', {
          limit: 1440,
          gates: [tasksClosed],
          tasks: [task('Исполнить контракт в срок', 'Fulfil the contract in time', 1200)],
          ways: [to('acceptance'), to('contract', words('Дополнительное соглашение', 'Supplementary agreement'))],
        }),
        stage('acceptance', words('Приёмка и оплата', 'Acceptance and payment'), 'acceptance', {
          limit: 360,
          gates: [tasksClosed],
          tasks: [task('Передать акт и счёт заказчику', 'Hand over the act and the invoice', 48)],
          ways: [to('closed'), to('fulfilment', words('Мотивированный отказ', 'Reasoned refusal'))],
        }),
        stage('closed', words('Оплачен, гарантия', 'Paid, warranty'), 'support', {
          gates: [actSigned, invoicePaid],
          ways: [to('fulfilment', words('Гарантийный случай', 'Warranty case'))],
        }),
      ],
    },
  },
  furtherProcesses: [
    {
      code: security,
      draft: {
        names: words('Обеспечение заявки', 'Bid security'),
        status: null,
        stages: [
          stage('request', words('Запрос гарантии или платежа', 'Request for a guarantee or a payment'), null, {
            limit: 24,
            tasks: [
              task('Запросить банковскую гарантию или перевести деньги', 'Ask for a bank guarantee or transfer the money', 24),
            ],
            ways: [to('given')],
          }),
          stage('given', words('Обеспечение внесено', 'Security provided'), null, {
            gates: [tasksClosed],
            tasks: [task('Вернуть обеспечение после итогов', 'Get the security back after the results', 480)],
            ways: [to('returned'), to('request', words('Банк отказал', 'The bank refused'))],
          }),
          stage('returned', words('Обеспечение возвращено', 'Security returned'), null, { gates: [tasksClosed], ways: [] }),
        ],
      },
    },
  ],
  rules: [
    rule(code, 'Тендер: нужно обеспечение заявки', 'Tender: bid security needed', {
      trigger: { kind: 'stage_entered', template: code, stage: 'prepare' },
      condition: { fact: 'field.bid_security', is: 'isSet' },
      actions: [{ kind: 'start_process', template: security }],
    }),
    rule(code, 'Тендер: ждёт решения об участии', 'Tender: awaits the decision', {
      trigger: { kind: 'stage_entered', template: code, stage: 'study' },
      actions: [notify(executive, 'Новый тендер: решите, участвуем ли', 'A new tender: decide whether to take part')],
    }),
    rule(code, 'Тендер: заявка подписана', 'Tender: bid signed', {
      trigger: { kind: 'document_changed', documentType: 'bid', state: 'signed' },
      forwardOnly: true,
      actions: [setStatus('bid')],
    }),
    rule(code, 'Тендер: есть протокол итогов', 'Tender: protocol of the results', {
      trigger: { kind: 'document_changed', documentType: 'protocol', state: 'signed' },
      actions: [
        giveTask('Подписать контракт на площадке', 'Sign the contract on the platform', 120),
        notify(departmentHead, 'Подведены итоги тендера', 'The results of the tender are in'),
      ],
    }),
    rule(code, 'Тендер: контракт подписан', 'Tender: contract signed', {
      trigger: { kind: 'document_changed', documentType: 'contract', state: 'signed' },
      forwardOnly: true,
      actions: [
        setStatus('contract'),
        notify(executive, 'Тендер выигран, контракт подписан', 'The tender is won, the contract is signed'),
      ],
    }),
    rule(code, 'Тендер: акт подписан', 'Tender: act signed', {
      trigger: { kind: 'document_changed', documentType: 'act', state: 'signed' },
      actions: [giveTask('Проконтролировать оплату заказчиком', 'See that the customer pays', 168)],
    }),
    rule(code, 'Тендер: оплачен', 'Tender: paid', {
      trigger: { kind: 'payment_received', documentType: 'invoice', isFull: true },
      condition: { fact: 'document.act', is: 'is', value: 'signed' },
      forwardOnly: true,
      actions: [setStatus('support'), notify(owner, 'Контракт оплачен, закройте сделку', 'The contract is paid, close the deal')],
    }),
    rule(code, 'Тендер: срок под угрозой', 'Tender: a date is at risk', {
      trigger: { kind: 'deadline_passed' },
      actions: [notify(departmentHead, 'Истёк срок этапа тендера', 'The time limit of a stage of the tender has passed')],
    }),
    rule(code, 'Тендер: нет движения неделю', 'Tender: idle for a week', {
      trigger: { kind: 'deal_idle', days: 7 },
      condition: statusIn('new', 'qualification', 'proposal', 'bid', 'negotiation'),
      actions: [notify(departmentHead, 'Тендер стоит неделю', 'The tender has stood still for a week')],
    }),
  ],
}
