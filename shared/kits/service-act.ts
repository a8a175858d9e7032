import type { Kit } from '../schemas/kits.ts'
import {
  act,
  actSigned,
  amountNamed,
  contract,
  contractSigned,
  departmentHead,
  field,
  fieldWorker,
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

const code = 'service_act'

/** Works at the client's: an estimate, an advance, the works, and an act without which nothing is closed. */
export const serviceAct: Kit = {
  code,
  names: words('Услуга с актом', 'Service with acceptance act'),
  summary: words(
    'Обращение, осмотр, смета, договор, аванс, работы и сдача по акту. Замечания к акту возвращают работы исполнителю, закрыть сделку без подписанного акта и оплаты нельзя.',
    'Enquiry, survey, estimate, contract, advance, works and handover by an act. Remarks send the works back; without a signed act and the payment the deal cannot be closed.',
  ),
  icon: 'wrench',
  ownerRule: departmentHead,
  fields: [
    field('service_kind', 'Вид услуги', 'Kind of service', 'choice', {
      inList: true,
      inFilter: true,
      options: [
        { code: 'installation', ru: 'Монтаж', en: 'Installation' },
        { code: 'repair', ru: 'Ремонт', en: 'Repair' },
        { code: 'maintenance', ru: 'Обслуживание', en: 'Maintenance' },
        { code: 'consulting', ru: 'Консультация', en: 'Consulting' },
      ],
    }),
    field('site_address', 'Адрес объекта', 'Site address', 'text'),
    field('works_on', 'Дата работ', 'Works on', 'day', { inList: true }),
    field('performer', 'Исполнитель', 'Performer', 'employee', { inFilter: true }),
  ],
  documentTypes: [contract, invoice, act],
  process: {
    code,
    draft: {
      names: words('Услуга с актом', 'Service with acceptance act'),
      status: null,
      stages: [
        stage('request', words('Обращение', 'Enquiry'), 'new', {
          limit: 8,
          tasks: [task('Перезвонить клиенту', 'Call the client back', 2)],
          ways: [
            to('survey'),
            to('estimate', words('Без выезда', 'Without a visit'), {
              fact: 'field.service_kind',
              is: 'oneOf',
              value: ['maintenance', 'consulting'],
            }),
          ],
        }),
        stage('survey', words('Осмотр объекта', 'Site survey'), 'qualification', {
          limit: 72,
          gates: [filled('counterparty', 'field.service_kind', 'field.site_address')],
          tasks: [task('Осмотреть объект и записать объём работ', 'Survey the site and note the scope', 48, fieldWorker)],
          ways: [to('estimate'), to('request')],
        }),
        stage('estimate', words('Смета', 'Estimate'), 'proposal', {
          limit: 120,
          gates: [filled('counterparty'), tasksClosed],
          tasks: [task('Отправить смету клиенту', 'Send the estimate to the client', 24)],
          ways: [to('contract'), to('survey', words('Осмотреть ещё раз', 'Survey again'))],
        }),
        stage('contract', words('Договор подписан', 'Contract signed'), 'contract', {
          limit: 72,
          gates: [amountNamed, requisites, contractSigned],
          tasks: [task('Выставить счёт на аванс', 'Issue the invoice for the advance', 24)],
          ways: [to('advance'), to('estimate', words('Изменить смету', 'Change the estimate'))],
        }),
        stage('advance', words('Аванс', 'Advance'), 'payment', {
          limit: 120,
          gates: [tasksClosed],
          ways: [to('works'), to('contract')],
        }),
        stage('works', words('Выполнение работ', 'Works'), 'delivery', {
          limit: 336,
          gates: [invoicePaid, filled('field.works_on', 'field.performer')],
          tasks: [task('Выполнить работы', 'Do the works', 240, fieldWorker)],
          ways: [to('acceptance'), to('advance')],
        }),
        stage('acceptance', words('Сдача работ по акту', 'Handover by an act'), 'acceptance', {
          limit: 120,
          gates: [tasksClosed],
          tasks: [task('Передать клиенту акт и счёт на остаток', 'Hand over the act and the final invoice', 24)],
          ways: [to('closed'), to('works', words('Замечания клиента', 'Remarks of the client'))],
        }),
        stage('closed', words('Закрыта, гарантия на работы', 'Closed, warranty on the works'), 'support', {
          gates: [actSigned, invoicePaid],
          ways: [to('works', words('Гарантийный случай', 'Warranty case'))],
        }),
      ],
    },
  },
  furtherProcesses: [],
  rules: [
    rule(code, 'Услуга: договор подписан', 'Service: contract signed', {
      trigger: { kind: 'document_changed', documentType: 'contract', state: 'signed' },
      forwardOnly: true,
      actions: [
        setStatus('contract'),
        notify(departmentHead, 'Договор подписан, запланируйте работы', 'The contract is signed, plan the works'),
      ],
    }),
    rule(code, 'Услуга: аванс оплачен', 'Service: advance paid', {
      trigger: { kind: 'payment_received', documentType: 'invoice', isFull: true },
      condition: statusIn('contract', 'payment'),
      forwardOnly: true,
      actions: [
        setStatus('delivery'),
        giveTask('Назначить дату работ и исполнителя', 'Set the date of the works and the performer', 24),
      ],
    }),
    rule(code, 'Услуга: замечания к акту', 'Service: act rejected', {
      trigger: { kind: 'document_changed', documentType: 'act', state: 'rejected' },
      actions: [
        giveTask('Устранить замечания и подготовить новый акт', 'Mend what was found and prepare a new act', 72),
        notify(departmentHead, 'Акт отклонён: есть замечания к работам', 'The act was rejected: there are remarks on the works'),
      ],
    }),
    rule(code, 'Услуга: акт подписан', 'Service: act signed', {
      trigger: { kind: 'document_changed', documentType: 'act', state: 'signed' },
      actions: [giveTask('Отправить клиенту закрывающие документы', 'Send the closing papers to the client', 48)],
    }),
    rule(code, 'Услуга: нет движения неделю', 'Service: idle for a week', {
      trigger: { kind: 'deal_idle', days: 7 },
      condition: statusIn('new', 'qualification', 'proposal', 'contract', 'payment', 'delivery', 'acceptance'),
      actions: [notify(departmentHead, 'Сделка стоит неделю', 'The deal has stood still for a week')],
    }),
    rule(code, 'Услуга: срок истёк', 'Service: time limit passed', {
      trigger: { kind: 'deadline_passed' },
      actions: [
        notify(owner, 'Истёк срок этапа: сделайте следующий шаг', 'The time limit has passed: take the next step'),
        giveTask('Договориться с клиентом о новом сроке', 'Agree on a new date with the client', 24),
      ],
    }),
  ],
}
