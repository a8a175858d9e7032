/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { ProcessDraft } from '../../shared/schemas/process.ts'
import { assertAccessible, assertFits, assertTouchable, useApp } from './app-page.ts'
import type { Lang } from './canned-funnel.ts'
import { type ProcessServer, serveProcesses } from './process-canned.ts'

const openApp = useApp()
const desktop = { viewport: { width: 1440, height: 900 }, hasTouch: false }
type Options = BrowserContextOptions & { readonly lang?: Lang; readonly largeText?: boolean }
type Opened = { readonly page: Page; readonly server: ProcessServer; readonly complaints: string[] }

async function open(context: TestContext, path: string, { lang = 'ru', ...options }: Options = {}): Promise<Opened | null> {
  const locale = lang === 'en' ? 'en-GB' : 'ru-RU'
  const opened = await openApp(context, '/more', { role: 'admin', locale, ...options })
  if (!opened) return null
  const { page, api, complaints } = opened
  page.setDefaultTimeout(10_000)
  if (lang === 'en') await fetch(`${api.url}/api/session`, { method: 'PATCH', body: JSON.stringify({ locale: 'en' }) })
  const server = await serveProcesses(page, lang)
  await page.goto(api.url + path)
  return { page, server, complaints }
}

const lastDraft = ({ changes }: ProcessServer): ProcessDraft => (changes.at(-1)!.body as { draft: ProcessDraft }).draft
const stageNames = (draft: ProcessDraft): string[] => draft.stages.map(({ names }) => names.ru)
const shownStages = (page: Page): Promise<string[]> => page.locator('main ol > li a .top > .grow').allTextContents()

test('an administrator builds a process of five stages with two entry conditions on the phone', async (context) => {
  const opened = await open(context, '/more/processes')
  if (!opened) return
  const { page, server, complaints } = opened
  await page.getByRole('link', { name: 'Новый процесс' }).click()
  await page.getByLabel('Название процесса', { exact: true }).fill('Монтаж')
  const rename = async (name: string): Promise<void> => page.getByLabel('Название этапа', { exact: true }).fill(name)
  const toList = (): Promise<void> => page.getByRole('link', { name: 'Этапы' }).click()
  for (const name of ['Замер', 'Договор', 'Монтаж на объекте']) {
    await page.getByRole('button', { name: 'Этап', exact: true }).click()
    await rename(name)
    await toList()
  }
  await page.getByRole('link', { name: 'Договор' }).click()
  await page.getByRole('button', { name: 'Условие входа', exact: true }).click()
  await page.getByLabel('Клиент').check()
  await page.getByRole('button', { name: 'Условие входа', exact: true }).click()
  const second = page.getByRole('group', { name: 'Условие входа 2' })
  await second.getByLabel('Что должно быть').selectOption({ label: 'Сумма в пределах' })
  await second.getByLabel('Не меньше').fill('150 000')
  await page.getByLabel('Срок на этап', { exact: true }).fill('3')
  await toList()
  await page.getByRole('button', { name: 'Сохранить черновик' }).click()
  await page.getByText('Ошибок нет, процесс можно публиковать.').waitFor()

  const draft = lastDraft(server)
  assert.equal(server.changes[0]?.what, 'POST /api/process-templates')
  assert.deepEqual(stageNames(draft), ['Начало', 'Завершение', 'Замер', 'Договор', 'Монтаж на объекте'])
  assert.deepEqual(draft.names, { ru: 'Монтаж', en: 'Монтаж' })
  const contract = draft.stages[3]!
  assert.deepEqual(contract.gates, [
    { kind: 'fields', facts: ['counterparty'] },
    { kind: 'amount', fromMinor: 15_000_000, toMinor: null },
  ])
  assert.equal(contract.timeLimitHours, 72)
  assert.deepEqual(
    contract.ways.map((way) => way.to),
    [draft.stages[4]!.code, draft.stages[2]!.code],
  )

  await page.getByRole('button', { name: 'Опубликовать', exact: true }).click()
  await page.getByRole('button', { name: 'Опубликовать версию 1' }).click()
  await page.getByText('Действует версия 1.').waitFor()
  assert.equal(server.changes.at(-1)?.what, 'POST /api/process-templates/process-2/publish')
  assert.equal(server.changes.at(-1)?.ifMatch, '"1"')
  assert.deepEqual(complaints, [])
})

test('stages are moved by buttons, by arrows and by dragging, and their ways follow', async (context) => {
  const opened = await open(context, '/more/processes/project')
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('button', { name: 'Порядок' }).click()
  await page.getByRole('button', { name: 'Ниже: Заявка' }).click()
  assert.deepEqual((await shownStages(page)).slice(0, 3), ['Бриф и выезд', 'Заявка', 'Смета'])
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Ниже: Заявка')
  await page.getByRole('button', { name: /^Перетащить: Смета/ }).press('ArrowUp')
  assert.deepEqual((await shownStages(page)).slice(0, 3), ['Бриф и выезд', 'Смета', 'Заявка'])

  const grip = await page.getByRole('button', { name: /^Перетащить: Заявка/ }).boundingBox()
  const first = await page.locator('main ol > li').first().boundingBox()
  assert.ok(grip && first)
  await page.mouse.move(grip.x + 20, grip.y + 20)
  await page.mouse.down()
  await page.mouse.move(grip.x + 20, first.y + 10, { steps: 4 })
  await page.mouse.up()
  assert.deepEqual((await shownStages(page)).slice(0, 3), ['Заявка', 'Бриф и выезд', 'Смета'])
  await page.getByRole('button', { name: 'Выше: Гарантия' }).click()
  await page.getByRole('button', { name: 'Сохранить черновик' }).click()
  await page.getByText('Черновик сохранён').waitFor()
  const draft = lastDraft(server)
  assert.deepEqual(stageNames(draft), ['Заявка', 'Бриф и выезд', 'Смета', 'Договор', 'Гарантия', 'Поставка'])
  assert.deepEqual(
    draft.stages[4]?.ways.map((way) => way.to),
    ['stage-5', 'stage-4'],
  )
  assert.equal(server.changes.at(-1)?.ifMatch, '"1"')
})

test('what is wrong with a draft stands in a list and at its stage, and keeps it from being published', async (context) => {
  const opened = await open(context, '/more/processes/project?stage=stage-3')
  if (!opened) return
  const { page, server } = opened
  // Nothing leads to the estimate and the stages after it any more.
  await page.goto(page.url().replace('stage-3', 'stage-2'))
  const toEstimate = page.getByRole('button', { name: 'Убрать переход 1' })
  await toEstimate.click()
  await page.getByRole('link', { name: 'Этапы' }).click()
  await page.getByRole('button', { name: 'Сохранить черновик' }).click()
  const line = page.getByRole('link', { name: /Ошибка\. На этап «Смета» нельзя попасть/ })
  await line.waitFor()
  await page.getByRole('button', { name: 'Опубликовать', exact: true }).click()
  await page.getByText('Сначала исправьте ошибки:').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Опубликовать версию 5' }).isDisabled(), true)
  await page.getByRole('dialog').getByRole('button', { name: 'Закрыть' }).click()
  await line.click()
  await page.waitForURL(/stage=stage-3$/)
  await page.getByText(/На этап «Смета» нельзя попасть/).waitFor()
  assert.equal(server.changes.filter(({ what }) => what.endsWith('publish')).length, 0)
})

test('what is not filled in is named before anything is sent', async (context) => {
  const opened = await open(context, '/more/processes/project?stage=stage-2')
  if (!opened) return
  const { page, server } = opened
  await page.getByLabel('Название этапа', { exact: true }).fill('')
  await page.locator('summary', { hasText: 'По-английски' }).first().click()
  await page.getByLabel('Название этапа, по-английски').fill('')
  await page.getByRole('button', { name: 'Сохранить черновик' }).click()
  await page.getByText('Назовите этап.').waitFor()
  assert.deepEqual(server.changes, [])
  await page.getByLabel('Название этапа', { exact: true }).fill('Выезд')
  await page.getByRole('button', { name: 'Сохранить черновик' }).click()
  await page.getByText('Черновик сохранён').waitFor()
  assert.deepEqual(lastDraft(server).stages[1]?.names, { ru: 'Выезд', en: 'Выезд' })
})

test('leaving with unsaved changes is asked about; a stage of the same process is not left', async (context) => {
  const opened = await open(context, '/more/processes/project')
  if (!opened) return
  const { page, server } = opened
  await page.getByLabel('Название процесса', { exact: true }).fill('Большой проект')
  await page.getByText('Есть несохранённые изменения').waitFor()
  await page.locator('main ol').getByRole('link', { name: 'Смета' }).click()
  await page.getByRole('link', { name: 'Этапы' }).click()
  await page.getByRole('link', { name: 'Назад' }).click()
  await page.getByRole('heading', { name: 'Уйти без сохранения?' }).waitFor()
  await page.getByRole('button', { name: 'Остаться' }).click()
  assert.equal(await page.getByLabel('Название процесса', { exact: true }).inputValue(), 'Большой проект')
  await page.getByRole('link', { name: 'Назад' }).click()
  await page.getByRole('button', { name: 'Сохранить черновик и уйти' }).click()
  await page.getByRole('heading', { name: 'Процессы' }).waitFor()
  assert.equal(lastDraft(server).names.ru, 'Большой проект')
})

test('another person’s change is told, and his version can be taken', async (context) => {
  const opened = await open(context, '/more/processes/project')
  if (!opened) return
  const { page, server } = opened
  await page.getByLabel('Название процесса', { exact: true }).fill('Моё')
  const card = server.cards.get('project')!
  server.cards.set('project', {
    ...card,
    version: 9,
    draft: { number: 5, body: { ...card.published!.body, names: { ru: 'Чужое', en: 'Theirs' } }, findings: [] },
  })
  await page.getByRole('button', { name: 'Сохранить черновик' }).click()
  await page.getByText('Пока вы смотрели, запись изменили.').waitFor()
  assert.equal(await page.getByLabel('Название процесса', { exact: true }).inputValue(), 'Моё')
  await page.getByRole('button', { name: 'Взять новую версию и потерять свои изменения' }).click()
  await page.getByRole('heading', { name: 'Чужое' }).waitFor()
})

test('on a desktop the drawing chooses a stage by keyboard and shows it beside', async (context) => {
  const opened = await open(context, '/more/processes/project', desktop)
  if (!opened) return
  const { page, complaints } = opened
  await page.locator('figure ol a').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/stage=stage-3/)
  assert.equal(await page.getByLabel('Название этапа', { exact: true }).inputValue(), 'Смета')
  assert.equal(
    await page
      .locator('figure ol a[aria-current]')
      .innerText()
      .then((text) => text.includes('3. Смета')),
    true,
  )
  assert.equal(await page.locator('figure g.chosen').count(), 5)
  await page.locator('figure ol a', { hasText: '6. Гарантия' }).click()
  await page.waitForURL(/stage=stage-6/)
  assert.equal(await page.getByLabel('Название этапа', { exact: true }).inputValue(), 'Гарантия')
  assert.deepEqual(complaints, [])
})

test('running deals are moved by a mapping that is counted first', async (context) => {
  const opened = await open(context, '/more/processes/project?do=migrate')
  if (!opened) return
  const { page, server } = opened
  await page.getByText('Перейдут 10 сделок.').waitFor()
  await page.getByText('Не выбран этап для: Архив.').waitFor()
  await page.getByLabel('«Архив» станет').selectOption({ label: 'Гарантия' })
  await page.getByText('У 2 сделок изменится статус.').waitFor()
  await page.getByRole('button', { name: 'Перевести 12 сделок' }).click()
  await page.getByText('Переведено 12 сделок').waitFor()
  const sent = server.changes.map(({ body }) => body as Record<string, unknown>).find((body) => body['dryRun'] === false)
  const stages = sent?.['stages'] as Record<string, string> | undefined
  assert.deepEqual(
    [sent?.['fromVersion'], stages?.['stage-1'], stages?.['old-end'], sent?.['dryRun']],
    [3, 'stage-1', 'stage-6', false],
  )
})

test('a process is copied, saved to a file and read from one', async (context) => {
  const opened = await open(context, '/more/processes/project?do=actions')
  if (!opened) return
  const { page, server } = opened
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Скачать JSON' }).click()
  const path = await (await saved).path()
  await page.getByRole('link', { name: 'Создать похожий' }).click()
  await page.getByRole('heading', { name: 'Проект (копия)' }).waitFor()
  await page.goto(`${new URL(page.url()).origin}/more/processes?do=import`)
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('[1]') })
  await page.getByRole('button', { name: 'Загрузить', exact: true }).click()
  await page.getByText(/Файл не похож на процесс/).waitFor()
  await page.locator('input[type=file]').setInputFiles(path)
  await page.getByRole('button', { name: 'Загрузить', exact: true }).click()
  await page.waitForURL(/\/more\/processes\/process-2$/)
  assert.equal(lastDraft(server).stages.length, 6)
})

const screens: readonly { readonly path: string; readonly ready: string; readonly wide?: boolean }[] = [
  { path: '/more/processes', ready: 'section.rows li' },
  { path: '/more/processes?do=import', ready: 'dialog input' },
  { path: '/more/processes/project', ready: 'main ol > li' },
  { path: '/more/processes/project?order=1', ready: 'main ol > li' },
  { path: '/more/processes/project?stage=stage-4', ready: 'main section.card' },
  { path: '/more/processes/project?stage=stage-3', ready: 'main section.card' },
  { path: '/more/processes/project?do=migrate', ready: 'dialog select' },
  { path: '/more/processes/project?do=actions', ready: 'dialog li' },
  { path: '/more/processes/project?do=publish', ready: 'dialog li' },
  { path: '/more/processes/~new', ready: 'main ol > li' },
  { path: '/more/processes/project', ready: 'figure li', wide: true },
  { path: '/more/processes/project?stage=stage-4', ready: 'figure li', wide: true },
]
for (const { path, ready, wide = false } of screens) {
  test(`${path}${wide ? ' on a desktop' : ''} is accessible in both themes and languages`, async (context) => {
    for (const [colorScheme, lang] of [
      ['light', 'ru'],
      ['dark', 'en'],
    ] as const) {
      const opened = await open(context, path, { colorScheme, lang, ...(wide ? desktop : {}) })
      if (!opened) return
      await opened.page.locator(ready).first().waitFor()
      // The sheet's rise fades in; contrast is measured at its end.
      await opened.page.waitForTimeout(350)
      await opened.page.evaluate(() => {
        for (const part of document.querySelectorAll('details')) part.open = true
      })
      await assertAccessible(opened.page)
      await assertTouchable(opened.page)
      if (wide) await assertFits(opened.page)
      assert.deepEqual(opened.complaints, [])
      await opened.page.context().close()
    }
  })
  if (wide) continue
  test(`${path} fits a screen of 320 px at 200 % text`, async (context) => {
    const opened = await open(context, path, { viewport: { width: 320, height: 640 }, largeText: true, isMobile: true })
    if (!opened) return
    await opened.page.locator(ready).first().waitFor()
    await assertFits(opened.page)
  })
}
