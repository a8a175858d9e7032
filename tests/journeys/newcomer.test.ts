/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { logIn, openBrowserAt, plain, startProgram } from './program.ts'
import { assertSound } from './sound.ts'

/** Somebody who has never seen the program sets a kind of work up on a phone, and people work by it: by what stands on the screen alone. */
const program = await startProgram(60)
const openApp = await openBrowserAt(program.url)
/** A machine that does much else at the same time is slow, not broken. */
const patience = 30_000
const sheet = (page: Page): Locator => page.getByRole('dialog')
const press = (page: Page | Locator, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()
const follow = (page: Page | Locator, name: string | RegExp): Promise<void> => page.getByRole('link', { name }).first().click()
const stands = (page: Page | Locator, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor()
const isHeaded = (page: Page, name: string): Promise<void> => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
const choose = async (page: Page | Locator, label: string, option: string): Promise<void> => {
  await page.getByLabel(label, { exact: true }).selectOption({ label: option })
}
const write = (page: Page | Locator, label: string, text: string): Promise<void> =>
  page.getByLabel(label, { exact: true }).fill(text)

/** What the browsers of the people at work complain of. */
const complaints: string[][] = []
async function comeAs(context: TestContext, role: 'admin' | 'manager' | 'head', path: string): Promise<Page | null> {
  const visit = await openApp(context, path, { as: await logIn(program, role) })
  if (!visit) return null
  visit.page.setDefaultTimeout(patience)
  complaints.push(visit.complaints)
  return visit.page
}

test('a newcomer builds a deal type, its process and its rules on a phone, and a deal goes through them', async (context) => {
  const admin = await comeAs(context, 'admin', '/more')
  if (!admin) return
  await buildType(admin)
  await buildProcess(admin)
  await publish(admin)
  await makeRules(admin)
  await work(context)
  assert.deepEqual(complaints.flat(), [])
})

async function buildType(page: Page): Promise<void> {
  await follow(page, 'Типы сделок')
  await follow(page, 'Новый тип')
  await isHeaded(page, 'Новый тип')
  await write(page, 'Название', 'Монтаж окон')
  await page.getByRole('checkbox', { name: 'Договор', exact: true }).check()
  await page.getByRole('checkbox', { name: 'Счёт', exact: true }).check()
  await press(page, 'Создать тип')
  await isHeaded(page, 'Монтаж окон')
  await follow(page, 'Новое поле')
  await isHeaded(page, 'Новое поле')
  await write(page, 'Название', 'Адрес объекта')
  await press(page, 'Добавить поле')
  await page.getByRole('link', { name: 'Адрес объекта' }).waitFor()
}

/** Opens a stage of the list, names it and gives it a status; `more` goes on in it before the way back. */
async function shapeStage(page: Page, name: string, status: string, more?: () => Promise<void>): Promise<void> {
  await write(page, 'Название этапа', name)
  await choose(page, 'Статус сделки на этом этапе', status)
  await more?.()
  await follow(page, 'Этапы')
  await page.getByRole('link', { name }).waitFor()
}

async function buildProcess(page: Page): Promise<void> {
  await follow(page, 'Все процессы')
  await follow(page, 'Новый процесс')
  await page.getByRole('link', { name: 'Начало' }).click()
  await shapeStage(page, 'Заявка', 'Новая')
  await page.getByRole('link', { name: 'Завершение' }).click()
  await shapeStage(page, 'Замер', 'Квалификация')
  await press(page, 'Этап')
  await shapeStage(page, 'Бумаги', 'Договор', async () => {
    await press(page, 'Условие входа')
    await page.getByRole('checkbox', { name: 'Адрес объекта' }).check()
  })
  await press(page, 'Этап')
  await shapeStage(page, 'Работы', 'Исполнение', async () => {
    await press(page, 'Условие входа')
    await choose(page, 'Что должно быть', 'Согласовано')
    await choose(page, 'Кто согласует', 'Руководитель отдела')
  })
  await press(page, 'Этап')
  await shapeStage(page, 'Сдача', 'Сопровождение')
  await page.getByRole('heading', { name: '5 этапов' }).waitFor()
  await assertSound(page, 'process')
}

async function publish(page: Page): Promise<void> {
  // The name was forgotten: the screen says so where it is to be written.
  await press(page, 'Опубликовать')
  await stands(page, 'Назовите процесс.')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true')
  await write(page, 'Название процесса', 'Монтаж окон')
  await press(page, 'Опубликовать')
  await stands(sheet(page), 'Это первая версия.')
  await press(sheet(page), 'Опубликовать версию 1')
  await press(page, 'К типам сделок')
  await isHeaded(page, 'Типы сделок')
  await follow(page, 'Монтаж окон')
  await choose(page, 'Основной процесс', 'Монтаж окон')
  await press(page, 'Сохранить')
  await stands(page, 'Сохранено')
}

/** Each rule begins on an empty sheet and must say in one sentence what it will do. */
async function makeRule(page: Page, fill: () => Promise<void>, sentence: string): Promise<void> {
  await follow(page, 'Новое правило')
  await isHeaded(page, 'Новое правило')
  await fill()
  await press(page, 'Монтаж окон')
  await assertSound(page, 'rule')
  assert.equal(plain(await page.getByRole('region', { name: 'Правило целиком' }).innerText()), `Правило целиком ${sentence}`)
  await press(page, 'Сохранить правило')
  await isHeaded(page, 'Правила статусов')
}

async function makeRules(page: Page): Promise<void> {
  await page.goto(`${program.url}/more`)
  await follow(page, 'Правила статусов')
  await makeRule(
    page,
    async () => {
      await choose(page, 'Что произошло', 'Документ подписан, согласован, отклонён…')
      await choose(page, 'Документ', 'Договор')
      await choose(page, 'Новое состояние', 'подписан')
      await press(page, 'Условие')
      await choose(page, 'Что проверить', 'Сумма')
      await write(page, 'Значение, ₽', '100 000')
      await choose(page, 'Статус', 'Оплата')
    },
    'Для сделок типа «Монтаж окон»: когда документ «Договор» подписан, если сумма не меньше 100 000 ₽, статус становится «Оплата».',
  )
  await makeRule(
    page,
    async () => {
      await choose(page, 'Что произошло', 'Пришла оплата')
      await choose(page, 'Документ', 'Счёт')
      await choose(page, 'Сколько оплачено', 'Полностью')
      await choose(page, 'Статус', 'Исполнение')
    },
    'Для сделок типа «Монтаж окон»: когда документ «Счёт» оплачен полностью, статус становится «Исполнение».',
  )
  await makeRule(
    page,
    async () => {
      await choose(page, 'Что произошло', 'Сделка стоит без движения')
      await write(page, 'Сколько дней без изменений', '5')
      await choose(page, 'Что сделать', 'Поставить задачу')
      await write(page, 'Задача', 'Позвонить клиенту')
    },
    'Для сделок типа «Монтаж окон»: когда сделка стоит без движения 5 дней, ответственному ставится задача «Позвонить клиенту» на 1 день.',
  )
}

async function work(context: TestContext): Promise<void> {
  const manager = (await comeAs(context, 'manager', '/deals/new'))!
  await choose(manager, 'Тип сделки', 'Монтаж окон')
  await write(manager, 'Название', 'Окна на Ленина')
  await manager.getByLabel(/^Сумма/).fill('250 000')
  await press(manager, 'Создать сделку')
  await press(manager, 'Дальше: Замер')
  await meetFieldGate(manager)
  const head = (await comeAs(context, 'head', '/today'))!
  await meetApprovalGate(manager, head)
  await signContract(manager, head)
  await press(manager, 'Дальше: Работы')
  await press(manager, 'Дальше: Сдача')
  await stands(manager, 'Процесс завершён')
  await assertSound(manager, 'finished')
}

async function meetFieldGate(page: Page): Promise<void> {
  await stands(page, 'Чтобы перейти на этап «Бумаги»')
  await stands(page, 'Заполните: Адрес объекта.')
  assert.ok(await page.getByRole('button', { name: 'Дальше: Бумаги' }).isDisabled(), 'the way stays shut')
  await assertSound(page, 'gate')
  await press(page, 'Заполнить')
  await write(sheet(page), 'Адрес объекта', 'Ленина, 5')
  await press(sheet(page), 'Сохранить')
  await press(page, 'Дальше: Бумаги')
  await stands(page, 'Чтобы перейти на этап «Работы»')
}

async function meetApprovalGate(manager: Page, head: Page): Promise<void> {
  await stands(manager, 'Согласует руководитель отдела')
  assert.ok(await manager.getByRole('button', { name: 'Дальше: Работы' }).isDisabled(), 'nobody has decided')
  await follow(head, 'Окна на Ленина')
  // The day's list leads straight to the decision.
  await sheet(head).getByRole('heading', { name: 'Согласование этапа «Работы»' }).waitFor()
  await press(sheet(head), 'Согласовать')
  await stands(head, /согласовано: /)
  await stands(manager, /согласовано: /)
}

async function signContract(manager: Page, head: Page): Promise<void> {
  await press(manager, 'Добавить документ')
  await choose(sheet(manager), 'Вид документа', 'Договор')
  await write(sheet(manager), 'Номер', '17/26')
  await press(sheet(manager), 'Добавить черновик')
  await press(manager, /Договор № 17\/26/)
  await press(sheet(manager), 'На согласование')
  await press(head, /Договор № 17\/26/)
  await press(sheet(head), 'Согласовать')
  await press(sheet(manager), 'Отметить подписанным')
  await stands(sheet(manager), 'подписан')
  await manager.keyboard.press('Escape')
  await stands(manager, /По правилу «Документ „Договор“ подписан»/)
  await press(manager, /Почему этот статус/)
  await sheet(manager).getByRole('heading', { name: 'Почему «Оплата»' }).waitFor()
  await manager.keyboard.press('Escape')
}
