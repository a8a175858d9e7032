/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { DealCardView } from '../../shared/views/deals.ts'
import type { DealTypeCardView } from '../../shared/views/processes.ts'
import { logIn, openBrowserAt, plain, startProgram } from './program.ts'
import { assertSound } from './sound.ts'

/** An administrator gives the company a deal type with fields of its own, a manager works with it; on the real server, on a phone. */
const program = await startProgram(60)
const openApp = await openBrowserAt(program.url)
const admin = await logIn(program, 'admin')
const manager = await logIn(program, 'manager')
const sheet = (page: Page) => page.locator('dialog[open]')
/** A machine that does much else at the same time is slow, not broken. */
const patience = 30_000

type NewField = {
  readonly name: string
  readonly kind: string
  readonly switches?: readonly string[]
  readonly options?: readonly string[]
}

async function addField(page: Page, { name, kind, switches = [], options = [] }: NewField): Promise<void> {
  await page.getByRole('link', { name: 'Новое поле' }).click()
  await page.getByRole('heading', { level: 1, name: 'Новое поле' }).waitFor()
  await page.getByLabel('Название', { exact: true }).fill(name)
  await page.getByLabel('Вид').selectOption({ label: kind })
  for (const [index, option] of options.entries()) {
    await page.getByRole('button', { name: 'Добавить вариант' }).click()
    await page.getByLabel(`Вариант ${index + 1}`).fill(option)
  }
  for (const label of switches) await page.getByRole('switch', { name: label }).check()
  await page.getByRole('button', { name: 'Добавить поле' }).click()
  await page.getByRole('link', { name }).waitFor()
}

test('An administrator adds a deal type with fields, a manager fills them, finds the deal by them and changes them', async (context) => {
  const visit = await openApp(context, '/more', { as: admin })
  if (!visit) return
  const { page, complaints } = visit
  page.setDefaultTimeout(patience)
  await page.getByRole('link', { name: 'Типы сделок' }).click()
  await page.getByRole('link', { name: 'Новый тип' }).click()
  await page.getByRole('heading', { level: 1, name: 'Новый тип' }).waitFor()
  await page.getByRole('button', { name: 'Создать тип' }).click()
  await page.getByText('Напишите название.').waitFor()
  await page.getByLabel('Название', { exact: true }).fill('Перевозка')
  await page.getByLabel('Основной процесс').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Создать тип' }).click()
  await page.getByRole('heading', { level: 1, name: 'Перевозка' }).waitFor()
  await page.getByText('Своих полей нет.').waitFor()
  const path = new URL(page.url()).pathname

  await addField(page, { name: 'Груз', kind: 'Текст', switches: ['Обязательное', 'В списке сделок'] })
  await addField(page, { name: 'Вес', kind: 'Число', switches: ['В фильтре', 'В списке сделок'] })
  await addField(page, { name: 'Чем везём', kind: 'Выбор из списка', switches: ['В фильтре'], options: ['Фура', 'Поезд'] })
  const options = [
    { code: 'loading', ru: 'Погрузка', en: 'Loading' },
    { code: 'guard', ru: 'Охрана', en: 'Guard' },
  ]
  for (const [name, kind] of [
    ['Страховка', 'money'],
    ['Подача', 'day'],
    ['Услуги', 'several'],
    ['Хрупкое', 'flag'],
    ['Заявка', 'file'],
    ['Перевозчик', 'counterparty'],
    ['Логист', 'employee'],
  ])
    await admin.json(`/api${path.replace('/more/types', '/deal-types')}/fields`, {
      method: 'POST',
      body: JSON.stringify({ names: { ru: name, en: name }, kind, options: kind === 'several' ? options : [] }),
    })
  await page.getByRole('button', { name: '«Вес» выше' }).click()
  await page.waitForFunction(() => document.querySelector('ol.list li a')?.textContent?.includes('Вес'))
  const type: DealTypeCardView = await admin.json(`/api${path.replace('/more/types', '/deal-types')}`)
  assert.deepEqual(
    type.fields.map(({ name }) => name),
    ['Вес', 'Груз', 'Чем везём', 'Страховка', 'Подача', 'Услуги', 'Хрупкое', 'Заявка', 'Перевозчик', 'Логист'],
  )

  const work = (await openApp(context, '/deals/new', { as: manager }))!
  const form = work.page
  form.setDefaultTimeout(patience)
  await form.getByLabel('Тип сделки').selectOption({ label: 'Перевозка' })
  await form.getByLabel('Название', { exact: true }).fill('Станки в Казань')
  await form.getByLabel(/^Сумма/).fill('1000')
  await form.getByLabel('Вес').fill('много')
  await form.getByRole('button', { name: 'Создать сделку' }).click()
  await form.getByText('Заполните поле.').waitFor()
  await form.getByText('Напишите число цифрами, например 12,5.').waitFor()
  await assertSound(form, 'new-deal-problems')
  await form.getByLabel('Груз', { exact: true }).fill('Токарные станки')
  await form.getByLabel('Вес').fill('1 250,5')
  await form.getByLabel('Страховка, ₽').fill('12 000,50')
  await form.getByLabel('Подача').fill('2026-12-01')
  await form.getByLabel('Чем везём').selectOption({ label: 'Поезд' })
  await form.getByRole('checkbox', { name: 'Охрана' }).check()
  await form.getByRole('switch', { name: 'Хрупкое' }).check()
  await form
    .getByLabel('Заявка')
    .setInputFiles({ name: 'заявка.txt', mimeType: 'text/plain', buffer: Buffer.from('две станции') })
  await form.getByText('заявка.txt').waitFor()
  await form
    .getByRole('group', { name: 'Перевозчик' })
    .getByRole('button', { name: /Выбрать/ })
    .click()
  const carrier = form.getByRole('group', { name: 'Перевозчик' }).locator('ul button').first()
  const carrierName = plain((await carrier.locator('span').first().innerText()).split('\n')[0]!)
  await carrier.click()
  await form.getByRole('button', { name: 'Создать сделку' }).click()
  await form.waitForURL(/\/deals\/\d+$/)
  const number = Number(form.url().split('/').at(-1))
  const facts = form.locator('section', { has: form.locator('#facts-title') })
  for (const text of ['Токарные станки', '1250,5', '12 000,50 ₽', '1 дек 2026', 'Поезд', 'Охрана', 'да', carrierName])
    assert.ok(plain(await facts.innerText()).includes(text), `the card says ${text}`)
  assert.ok(!(await facts.innerText()).includes('Логист'), 'an empty field takes no place')
  await assertSound(form, 'card')
  const [download] = await Promise.all([form.waitForEvent('download'), facts.getByRole('link', { name: 'заявка.txt' }).click()])
  assert.equal(download.suggestedFilename(), 'заявка.txt')

  await form.getByRole('button', { name: 'Действия' }).click()
  await sheet(form).getByRole('button', { name: 'Изменить поля', exact: true }).click()
  await sheet(form).getByLabel('Вес').fill('1300')
  await sheet(form).getByLabel('Чем везём').selectOption({ label: 'Фура' })
  await assertSound(form, 'edit')
  await sheet(form).getByRole('button', { name: 'Сохранить' }).click()
  await sheet(form).waitFor({ state: 'detached' })
  await form.getByText('1300').first().waitFor()
  const card: DealCardView = await manager.json(`/api/deals/${number}`)
  const held = Object.fromEntries(card.fields.map(({ name, value, text }) => [name, typeof value === 'number' ? value : text]))
  assert.deepEqual([held['Вес'], held['Чем везём'], held['Груз']], [1300, 'Фура', 'Токарные станки'])
  const body = card.undo?.body
  assert.deepEqual(body?.kind === 'deal_edited' && body.changes.map((change) => change.names?.ru), ['Вес', 'Чем везём'])

  await form.goto(`${program.url}/deals?type=${type.code}`)
  await form.getByRole('button', { name: 'Фильтры' }).click()
  await sheet(form).getByRole('button', { name: /Вес/ }).click()
  await sheet(form).getByLabel('От').fill('1000')
  await assertSound(form, 'filter')
  await sheet(form).getByRole('button', { name: 'Показать' }).click()
  await form.getByText('1 сделка').waitFor()
  await form.waitForURL(/field\.[a-z0-9_]+=1000\.\./)
  await form.getByRole('button', { name: /Фильтры/ }).click()
  await sheet(form).getByRole('button', { name: /Вес/ }).click()
  await sheet(form).getByLabel('От').fill('5000')
  await sheet(form).getByRole('button', { name: 'Показать' }).click()
  await form.getByText('По этим условиям сделок нет').waitFor()
  assert.deepEqual([complaints, work.complaints], [[], []])
})

test('The screens on deal types are sound on a phone and on a desktop, light and dark, in both languages', async (context) => {
  const service: DealTypeCardView = await admin.json('/api/deal-types/service')
  const options = [{ code: 'own', ru: 'Своими силами', en: 'In house' }]
  await admin.json('/api/deal-types/service/fields', {
    method: 'POST',
    body: JSON.stringify({
      names: { ru: 'Чем делаем', en: 'How we do it' },
      kind: 'choice',
      field: 'means',
      options,
      inList: true,
      isRequired: true,
    }),
  })
  assert.equal(service.processTemplate?.code, 'service')
  for (const [width, colorScheme, locale] of [
    [390, 'light', 'ru'],
    [1440, 'dark', 'en'],
  ] as const) {
    await admin.json('/api/session', { method: 'PATCH', body: JSON.stringify({ locale }) })
    const visit = await openApp(context, '/more', {
      as: admin,
      colorScheme,
      viewport: { width, height: 900 },
      locale: locale === 'ru' ? 'ru-RU' : 'en-GB',
    })
    if (!visit) return
    const { page, complaints } = visit
    page.setDefaultTimeout(patience)
    for (const path of [
      '',
      '/~new',
      '/service',
      '/service/fields/~new',
      '/service/fields/means',
      '/none',
      '/service/fields/none',
    ]) {
      await page.goto(`${program.url}/more/types${path}`)
      await page.locator('h1').waitFor()
      await assertSound(page, `types${path.replaceAll('/', '-')}-${width}`)
    }
    await page.goto(`${program.url}/more/documents?do=new`)
    await sheet(page).waitFor()
    await assertSound(page, `documents-${width}`)
    assert.deepEqual(complaints, [])
  }
  await admin.json('/api/session', { method: 'PATCH', body: JSON.stringify({ locale: 'ru' }) })
})

test('A manager is not shown the administration of types', async (context) => {
  const visit = await openApp(context, '/more/types', { as: manager })
  if (!visit) return
  await visit.page.getByText('Это не для вашей роли').or(visit.page.locator('.empty, h2')).first().waitFor()
  assert.equal(await visit.page.getByRole('link', { name: 'Новый тип' }).count(), 0)
})
