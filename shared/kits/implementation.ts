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

const code = 'implementation'
const contractApproval = 'implementation_contract'
/** From here on the director approves the terms. */
const largeMinor = 3_000_000_00

/** A project in works: large sums pass the director, the contract is approved beside the deal, a trial run is held before the act. */
export const implementation: Kit = {
  code,
  names: words('Проект внедрения', 'Implementation project'),
  summary: words(
    'Обследование, предложение, согласование условий, договор, внедрение, опытная эксплуатация и акт. Проекты от 3 000 000 утверждает директор, договор согласуется отдельным процессом.',
    'Survey, proposal, terms, contract, implementation, trial run and acceptance act. Projects from 3,000,000 are approved by the director, the contract is approved in a process of its own.',
  ),
  icon: 'layers',
  ownerRule: { kind: 'creator' },
  fields: [
    field('scope', 'Рамки проекта', 'Scope', 'text'),
    field('project_manager', 'Руководитель проекта', 'Project manager', 'employee', { inList: true, inFilter: true }),
    field('go_live_on', 'Плановый запуск', 'Planned go-live', 'day', { inList: true }),
  ],
  documentTypes: [contract, invoice, protocol, act],
  process: {
    code,
    draft: {
      names: words('Проект внедрения', 'Implementation project'),
      status: null,
      stages: [
        stage('request', words('Запрос', 'Request'), 'new', {
          limit: 48,
          tasks: [task('Назначить встречу с заказчиком', 'Arrange a meeting with the client', 24)],
          ways: [to('survey')],
        }),
        stage('survey', words('Обследование', 'Survey'), 'qualification', {
          limit: 240,
          gates: [filled('counterparty', 'contact')],
          tasks: [task('Провести интервью и описать требования', 'Hold interviews and write down the requirements', 120)],
          ways: [to('proposal'), to('request')],
        }),
        stage('proposal', words('Предложение и план проекта', 'Proposal and project plan'), 'proposal', {
          limit: 240,
          gates: [tasksClosed, filled('field.scope')],
          tasks: [task('Защитить предложение у заказчика', 'Present the proposal to the client', 168)],
          ways: [to('terms'), to('survey', words('Уточнить требования', 'Clarify the requirements'))],
        }),
        stage('terms', words('Согласование условий', 'Agreeing on the terms'), 'negotiation', {
          limit: 336,
          gates: [amountNamed],
          tasks: [task('Подготовить проект договора', 'Draft the contract', 72)],
          ways: [
            to('contract', null, { fact: 'amount', is: 'atMost', value: largeMinor - 1 }),
            to('director', null, { fact: 'amount', is: 'atLeast', value: largeMinor }),
            to('proposal', words('Пересмотреть предложение', 'Revise the proposal')),
          ],
        }),
        stage('director', words('Условия утверждены директором', 'Terms approved by the director'), null, {
          limit: 72,
          gates: [{ kind: 'approval', role: 'executive' }],
          ways: [to('contract'), to('terms')],
        }),
        stage('contract', words('Договор подписан', 'Contract signed'), 'contract', {
          limit: 168,
          gates: [requisites, contractSigned],
          tasks: [task('Выставить счёт на аванс', 'Issue the invoice for the advance', 24)],
          ways: [to('works'), to('terms', words('Изменить условия', 'Change the terms'))],
        }),
        stage('works', words('Внедрение', 'Implementation'), 'delivery', {
          limit: 1440,
          gates: [tasksClosed, invoicePaid, filled('field.project_manager', 'field.go_live_on')],
          tasks: [
            task('Провести стартовую встречу', 'Hold the kick-off meeting', 72),
            task('Настроить систему и обучить пользователей', 'Set the system up and train the users', 1200),
          ],
          ways: [to('trial'), to('contract')],
        }),
        stage('trial', words('Опытная эксплуатация', 'Trial run'), 'acceptance', {
          limit: 504,
          gates: [tasksClosed],
          tasks: [task('Собрать замечания и оформить протокол', 'Gather the remarks and write the protocol', 336)],
          ways: [to('closed'), to('works', words('Доработать по замечаниям', 'Mend what was found'))],
        }),
        stage('closed', words('Принят, на сопровождении', 'Accepted, in support'), 'support', {
          gates: [
            { kind: 'time', hours: 240 },
            { kind: 'document', documentType: 'protocol', goal: 'signed' },
            actSigned,
            invoicePaid,
          ],
          ways: [to('trial', words('Вернуть в опытную эксплуатацию', 'Back to the trial run'))],
        }),
      ],
    },
  },
  furtherProcesses: [
    {
      code: contractApproval,
      draft: {
        names: words('Согласование договора', 'Contract approval'),
        status: null,
        stages: [
          stage('finance', words('Проверка сумм и сроков', 'Check of sums and dates'), null, {
            limit: 24,
            tasks: [task('Проверить суммы, сроки и штрафы', 'Check the sums, the dates and the penalties', 24, departmentHead)],
            ways: [to('director')],
          }),
          stage('director', words('На подписи у директора', 'With the director'), null, {
            limit: 48,
            gates: [tasksClosed, { kind: 'approval', role: 'executive' }],
            ways: [to('done'), to('finance', words('Есть замечания', 'There are remarks'))],
          }),
          stage('done', words('Договор согласован', 'Contract approved'), null, {
            gates: [{ kind: 'document', documentType: 'contract', goal: 'approved' }],
            ways: [],
          }),
        ],
      },
    },
  ],
  rules: [
    rule(code, 'Проект: договор ушёл на согласование', 'Project: contract sent for approval', {
      trigger: { kind: 'document_changed', documentType: 'contract', state: 'on_approval' },
      actions: [{ kind: 'start_process', template: contractApproval }],
    }),
    rule(code, 'Проект: договор согласован', 'Project: contract approved', {
      trigger: { kind: 'process_finished', template: contractApproval },
      actions: [giveTask('Отправить договор заказчику на подпись', 'Send the contract to the client for signature', 24)],
    }),
    rule(code, 'Проект: договор подписан', 'Project: contract signed', {
      trigger: { kind: 'document_changed', documentType: 'contract', state: 'signed' },
      forwardOnly: true,
      actions: [
        setStatus('contract'),
        notify(
          departmentHead,
          'Договор подписан: назначьте руководителя проекта',
          'The contract is signed: appoint a project manager',
        ),
      ],
    }),
    rule(code, 'Проект: счёт на аванс отправлен', 'Project: advance invoiced', {
      trigger: { kind: 'document_changed', documentType: 'invoice', state: 'approved' },
      condition: statusIn('contract'),
      forwardOnly: true,
      actions: [setStatus('payment')],
    }),
    rule(code, 'Проект: аванс оплачен', 'Project: advance paid', {
      trigger: { kind: 'payment_received', documentType: 'invoice', isFull: true },
      condition: statusIn('contract', 'payment'),
      forwardOnly: true,
      actions: [
        setStatus('delivery'),
        notify(owner, 'Аванс получен, начинайте внедрение', 'The advance has come, begin the implementation'),
      ],
    }),
    rule(code, 'Проект: крупные условия ждут директора', 'Project: large terms await the director', {
      trigger: { kind: 'stage_entered', template: code, stage: 'terms' },
      condition: { fact: 'amount', is: 'atLeast', value: largeMinor },
      actions: [notify(executive, 'Крупный проект: согласуйте условия', 'A large project: approve the terms')],
    }),
    rule(code, 'Проект: нет движения 30 дней', 'Project: idle for 30 days', {
      trigger: { kind: 'deal_idle', days: 30 },
      condition: { fact: 'status', is: 'noneOf', value: ['support'] },
      actions: [
        notify(departmentHead, 'Проект стоит месяц', 'The project has stood still for a month'),
        giveTask(
          'Разобрать с командой, что мешает проекту',
          'Find out with the team what holds the project up',
          48,
          departmentHead,
        ),
      ],
    }),
    rule(code, 'Проект: срок истёк', 'Project: time limit passed', {
      trigger: { kind: 'deadline_passed' },
      actions: [notify(departmentHead, 'Проект вышел за срок этапа', 'The project has passed the time limit of its stage')],
    }),
  ],
}
