import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { parseInput } from '../../api/http/parse-input.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { describeError, sayProblem } from '../../shared/messages/describe-error.ts'
import { describeIssue, describeRule, saidPatterns } from '../../shared/messages/describe-issue.ts'
import { inputEn } from '../../shared/messages/en/input.ts'
import { inputRu } from '../../shared/messages/ru/input.ts'
import { CreateDashboard, DashboardById } from '../../shared/schemas/dashboards.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
import { ListOutcomeDeals } from '../../shared/schemas/outcomes.ts'
import { CreateSchedule } from '../../shared/schemas/reports.ts'
import { PreviewStatuses } from '../../shared/schemas/statuses.ts'
import type { Locale } from '../../shared/views/common.ts'

/** What the answer to a bad input says: in our words, never those of a checker. */
type Problem = { readonly path: string; readonly message: string }
function problemsOf(schema: z.ZodType, input: unknown, locale: Locale = 'ru'): readonly Problem[] {
  try {
    parseInput(schema, input, locale)
    return []
  } catch (error) {
    return (error as AppError).details['problems'] as readonly Problem[]
  }
}
const told = (schema: z.ZodType, input: unknown, locale: Locale = 'ru'): string =>
  problemsOf(schema, input, locale)
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
    .join('; ')

const folder = new URL('../../shared/schemas/', import.meta.url)
const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'))

test('every kind of slip is said in a sentence that tells how to mend it', () => {
  for (const [schema, input, ru, en] of [
    [ShowFunnel, { from: '2026-02-31' }, /^from: нет такого дня, укажите .* 2026-03-31$/, /^from: there is no such day/],
    [ShowFunnel, { from: '1812-06-24' }, /^from: слишком давно, укажите день не раньше 1900 года$/, /^from: too long ago/],
    [ShowFunnel, { limt: '5' }, /^лишнее имя: limt, уберите его$/, /^unknown name: limt, take it away$/],
    [ShowFunnel, { limt: '5', a: '1' }, /^лишние имена: limt, a, уберите их$/, /^unknown names: limt, a/],
    [ShowFunnel, { by: 'weight' }, /^by: выберите одно из: count, amount$/, /^by: choose one of: count, amount$/],
    [ShowFunnel, { employee: 'me' }, /^employee\.0: нужен номер/, /^employee\.0: must be a number/],
    [ShowFunnel, { type: ['a', 'b'] }, /^type: указано несколько раз, оставьте одно/, /^type: given several times/],
    [ShowFunnel, { asOf: 'today' }, /^asOf: нет такого времени, .*\+03:00$/, /^asOf: there is no such time/],
    [ShowFunnel, { fields: { 'С пробелом': '1' } }, /имя не принимается, нужен код:/, /such a name is not taken, must be a code/],
    [DashboardById, { id: '9999' }, /^id: нет панели с таким номером/, /^id: there is no dashboard/],
    [ListFunnelDeals, { part: 'open' }, /^part: к part укажите, чего это часть/, /^part: with part say/],
    [ListFunnelDeals, { limit: '0' }, /^limit: число слишком маленькое, введите не меньше 1$/, /at least 1$/],
    [ListFunnelDeals, { limit: '201' }, /^limit: число слишком большое, введите не больше 200$/, /at most 200$/],
    [ListFunnelDeals, { limit: 'x' }, /^limit: нужно число$/, /^limit: must be a number$/],
    [ListFunnelDeals, { limit: '1.5' }, /^limit: нужно целое число$/, /^limit: must be a whole number$/],
    [ListOutcomeDeals, { bucket: 'won', byHand: '1' }, /^bucket: status и byHand бывают только/, /^bucket: only the list/],
    [PreviewStatuses, {}, /^укажите что-то одно: order или merge$/, /^give one of order and merge$/],
    [CreateDashboard, { name: '', cards: [] }, /^name: не заполнено, введите текст$/, /^name: not filled in/],
    [
      CreateDashboard,
      { name: 'a\u0000', cards: [] },
      /^name: в тексте есть знаки, которые нельзя/,
      /^name: the text has characters/,
    ],
  ] as const) {
    assert.match(told(schema, input), ru)
    assert.match(told(schema, input, 'en'), en)
  }
})

test('all problems of a form are told at once, each by its place', () => {
  const schedule = {
    name: 'Ф',
    query: {},
    period: 'month',
    format: 'pdf',
    locale: 'ru',
    rhythm: { kind: 'hourly' },
    time: '25:00',
    timeZone: 'Mars/Olympus',
    emails: ['boss'],
  }
  assert.deepEqual(problemsOf(CreateSchedule, schedule), [
    { path: 'rhythm.kind', message: 'выберите одно из: daily, weekly, monthly' },
    { path: 'time', message: 'нужно время от 00:00 до 23:59, например 09:30' },
    { path: 'timeZone', message: 'нет такого часового пояса, укажите, например, Europe/Moscow' },
    { path: 'emails.0', message: 'проверьте адрес почты, например ivanov@example.com' },
    { path: 'employeeIds', message: 'не заполнено, укажите значение' },
  ])
})

test('what a card of a dashboard asks wrongly is said in the reader’s language too', () => {
  const asked = (words: Record<string, string>, locale: Locale = 'ru'): string =>
    told(CreateDashboard, { name: 'П', cards: [{ id: 'c1', kind: 'trend', title: '', size: 'small', words }] }, locale)
  for (const [words, ru, en] of [
    [{ period: 'ever' }, 'period: выберите одно из: month, quarter, year, last90, last12, all', 'period: choose one of: month'],
    [{ from: '2026-02-31' }, `from: ${inputRu['format.date']}`, `from: ${inputEn['format.date']}`],
    [{ from: '1812-06-24' }, `from: ${inputRu['custom.past']}`, `from: ${inputEn['custom.past']}`],
    [{ employee: 'me' }, `employee.0: ${inputRu['format.id']}`, `employee.0: ${inputEn['format.id']}`],
    [{ asOf: 'today' }, `asOf: ${inputRu['format.date']} или`, `asOf: ${inputEn['format.date']} or`],
    [{ colour: 'red' }, ': лишнее имя: colour, уберите его', ': unknown name: colour'],
    [{ 'field.a b': '1' }, 'a b: такое имя не принимается, нужен код', 'a b: such a name is not taken, must be a code'],
  ] as const) {
    assert.ok(asked(words).startsWith(`cards.0.words${ru.startsWith(':') ? '' : '.'}${ru}`), asked(words))
    assert.ok(asked(words, 'en').startsWith(`cards.0.words${en.startsWith(':') ? '' : '.'}${en}`), asked(words, 'en'))
  }
})

test('a place that is filled in two ways names both', () => {
  const either = z.union([z.iso.date(), z.iso.datetime({ local: true, precision: -1 })])
  assert.match(told(either, 'x'), /нет такого дня.* или нет такого времени.*без пояса/)
  assert.match(told(either, undefined), /не заполнено/)
})

test('every pattern of a schema has a sentence of its own', async () => {
  const patterns = await Promise.all(
    files.map(async (name) =>
      [...(await readFile(new URL(name, folder), 'utf8')).matchAll(/\.regex\((\/.*\/i?)\)/g)].map(([, text]) => text!),
    ),
  )
  assert.ok(patterns.flat().length > 12)
  assert.deepEqual(
    [...new Set(patterns.flat())].filter((pattern) => !(pattern in saidPatterns)),
    [],
  )
})

test('every rule that a refinement names has a sentence', () => {
  for (const rule of [
    'from < to',
    'layer | chapter | happened',
    'layer | chapter',
    'happened, cut & key',
    'expected',
    'order | merge',
  ])
    for (const locale of ['ru', 'en'] as const) assert.ok(describeRule(rule, locale), rule)
  assert.equal(describeRule('toString', 'ru'), null)
})

test('what a use-case refuses in a word is said in a sentence, in the refusal and at its place', () => {
  for (const [word, key] of [
    ['asOf <= now', 'rule.asOfAhead'],
    ['cursor', 'rule.cursor'],
    ['nobody', 'rule.nobody'],
    ['empty', 'rule.empty'],
    ['PUT /loss', 'rule.loss'],
    ['Idempotency-Key', 'rule.idempotencyKey'],
  ] as const)
    for (const [locale, words] of [
      ['ru', inputRu],
      ['en', inputEn],
    ] as const) {
      assert.ok(describeError(new AppError('input_invalid', { problems: word }), locale).endsWith(`: ${words[key]}`))
      const placed = { path: 'body', message: word }
      assert.ok(describeError(new AppError('input_invalid', { problems: [placed] }), locale).endsWith(`: body: ${words[key]}`))
      assert.deepEqual(sayProblem(placed, locale), { path: 'body', message: words[key] })
    }
  assert.deepEqual(sayProblem({ path: 'a', message: 'иное' }, 'ru'), { path: 'a', message: 'иное' })
})

test('whatever comes into whatever schema, no word of a checker and no pattern is shown', async () => {
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder).href) as Promise<Record<string, unknown>>))
  const schemas = modules.flatMap((module) => Object.values(module)).filter((value) => value instanceof z.ZodType)
  assert.ok(schemas.length > 100)
  const objects = schemas.filter((schema) => schema instanceof z.ZodObject)
  const keys = [...new Set(objects.flatMap((schema) => Object.keys(schema.shape)))]
  const value = fc.oneof(
    fc.anything({ maxDepth: 2, key: fc.constantFrom('stranger', 'kind', 'id') }),
    fc.constantFrom('2026-02-31', '', '0', '-1', '1.5', 'x'.repeat(5000), [], {}, -1, 1e300),
  )
  const input = fc.oneof(value, fc.dictionary(fc.constantFrom('stranger', ...keys), value, { noNullPrototype: true }))
  const sentences = { ru: new Set<string>(), en: new Set<string>() }
  fc.assert(
    fc.property(fc.constantFrom(...schemas), input, fc.constantFrom('ru' as const, 'en' as const), (schema, given, locale) => {
      for (const { message } of problemsOf(schema, given, locale)) {
        sentences[locale].add(message)
        assert.doesNotMatch(message, /Invalid|Неверн|Нераспозн|ожидал|expected (?!has)|\\d|\^|\$\/|\{|undefined|NaN/)
      }
    }),
    { numRuns: 1500 },
  )
  assert.ok(sentences.ru.size > 20 && sentences.en.size > 20)
  assert.ok([...sentences.ru].every((sentence) => /[а-яё]/i.test(sentence)))
})

test('each sentence stands in both languages with the same values', () => {
  const valuesIn = (text: string): string =>
    [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name))].sort().join()
  for (const [key, text] of Object.entries(inputRu))
    assert.equal(valuesIn(inputEn[key as keyof typeof inputEn]), valuesIn(text), key)
  assert.equal(describeIssue({ code: 'not_multiple_of', divisor: 5, origin: 'number', input: 3 }, 'en'), 'must be divisible by 5')
})
