import { documentStates, type FactKind } from '../../shared/domain/facts.ts'
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
/** What a company calls its things, in both languages. */
export const vocabularyOf = (locale: Locale): RuleVocabulary => {
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
export const words = { ru: ruleWords(vocabularyOf('ru'), 'ru'), en: ruleWords(vocabularyOf('en'), 'en') }
export const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
