import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nestQuotes } from '../../shared/messages/nest-quotes.ts'
import { createTranslate } from '../../shared/messages/translate.ts'

test('quotation marks inside others are the inner ones', () => {
  const cases = [
    ['правило «Документ «Договор» подписан»', 'правило «Документ „Договор“ подписан»'],
    ['«А» и «Б»', '«А» и «Б»'],
    ['«А «Б» и «В»», «Г»', '«А „Б“ и „В“», «Г»'],
    ['без кавычек', 'без кавычек'],
  ]
  for (const [given, wanted] of cases) assert.equal(nestQuotes(given!), wanted)
})

test('marks that do not pair stay as somebody wrote them', () => {
  for (const text of ['«А «Б»', 'А» «Б «В»', '»«']) assert.equal(nestQuotes(text), text)
})

test('a Russian message nests the marks of what is filled in, an English one keeps them', () => {
  const messages = { rule: '«{name}»' }
  const values = { name: 'Завод «Север»' }
  assert.equal(createTranslate('ru', messages)('rule', values), '«Завод „Север“»')
  assert.equal(createTranslate('en', messages)('rule', values), '«Завод «Север»»')
})
