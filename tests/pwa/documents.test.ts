import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { DealCardView } from '../../shared/views/deals.ts'
import type { DealDocumentView } from '../../shared/views/processes.ts'
import { assertAccessible } from './app-page.ts'
import { type DealPage, useDeals } from './deals-page.ts'

const openDeals = useDeals()

type Sent = { readonly what: string; readonly body: Record<string, unknown> | null; readonly ifMatch: string | null }

/** Answers what the documents' sheets send with the card as `change` leaves its documents. */
async function answerDocuments(
  { page, server }: DealPage,
  change: (documents: readonly DealDocumentView[], sent: Sent) => readonly DealDocumentView[],
): Promise<Sent[]> {
  const sent: Sent[] = []
  let card = (await (await fetch(`${server.url}/api/deals/2417`)).json()) as DealCardView
  await page.route(/\/api\/(files|documents|payments|deals\/2417\/documents)/, async (route) => {
    const request = route.request()
    const path = new URL(request.url()).pathname
    const isFile = path === '/api/files'
    const body = isFile ? null : (request.postDataJSON() as Record<string, unknown> | null)
    sent.push({ what: `${request.method()} ${path}`, body, ifMatch: request.headers()['if-match'] ?? null })
    if (isFile) return route.fulfill({ status: 201, json: { id: 77, name: 'скан.pdf', sizeBytes: 4 } })
    card = { ...card, version: card.version + 1, documents: change(card.documents, sent.at(-1)!) }
    return route.fulfill({ json: card })
  })
  return sent
}

const invoice = (page: Page) => page.getByRole('button', { name: /^Счёт № 871/ })

test('The card lists the documents with state, amount and what is paid; one opens with its file and payments', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page } = opened
  const card = page.getByRole('region', { name: 'Документы' })
  await card.getByRole('button', { name: /Договор № ДП-114\/26.*подписан.*от 1 окт/s }).waitFor()
  await invoice(page).getByText('на согласовании').waitFor()
  await invoice(page).getByText('оплачено 558 000 ₽').waitFor()
  await invoice(page).click()
  const sheet = page.getByRole('dialog', { name: 'Счёт № 871' })
  await sheet.getByText('558 000 ₽ из 1 860 000 ₽').waitFor()
  assert.match(page.url(), /do=document-12$/)
  await sheet.getByText('снята').waitFor()
  await assertAccessible(page)
  await page.goBack()
  await sheet.waitFor({ state: 'hidden' })
  await card.getByRole('button', { name: /Договор/ }).click()
  const link = page.getByRole('link', { name: 'Договор ДП-114.pdf' })
  assert.equal(await link.getAttribute('href'), '/api/files/5')
  assert.deepEqual(opened.complaints, [])
})

test('The next state is set by one tap, on the version of the document; a refusal asks for the reason', async (context) => {
  const opened = await openDeals(context, '/deals/2417?do=document-12', { role: 'head' })
  if (!opened) return
  const { page } = opened
  const sent = await answerDocuments(opened, (documents, { body }) =>
    documents.map((one) =>
      one.id === 12 ? { ...one, state: body!['state'] as DealDocumentView['state'], next: ['signed'], version: 3 } : one,
    ),
  )
  await page.getByRole('button', { name: 'Отклонить' }).click()
  await page.getByLabel('Причина').fill('нет печати')
  assert.match(page.url(), /do=document-12-rejected$/)
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Отклонить' }).click()
  await page.getByRole('status').getByText('Документ отклонён').waitFor()
  await invoice(page).getByText('отклонён').waitFor()
  await invoice(page).click()
  await page.getByRole('button', { name: 'Отметить подписанным' }).click()
  await page.getByRole('dialog').getByText('подписан', { exact: true }).waitFor()
  assert.deepEqual(sent, [
    { what: 'PUT /api/documents/12/state', body: { state: 'rejected', comment: 'нет печати' }, ifMatch: '"2"' },
    { what: 'PUT /api/documents/12/state', body: { state: 'signed' }, ifMatch: '"3"' },
  ])
})

test('A document is added with its file; what is missing is said, and the sum only where it is paid', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page } = opened
  const sent = await answerDocuments(opened, (documents, { body }) => [
    ...documents,
    { ...documents[0]!, id: 13, number: String(body!['number']), state: 'draft' },
  ])
  await page.getByRole('button', { name: 'Добавить документ' }).click()
  const sheet = page.getByRole('dialog', { name: 'Новый документ' })
  await sheet.getByRole('button', { name: 'Добавить черновик' }).click()
  await sheet.getByText('Выберите вид документа.').waitFor()
  await sheet.getByText('Укажите номер, до 100 знаков.').waitFor()
  await sheet.getByLabel('Вид документа').selectOption('invoice')
  await sheet.getByText('Укажите сумму: по ней считается оплата.').waitFor()
  await assertAccessible(page)
  await sheet.getByLabel('Номер').fill(' 872 ')
  await sheet.getByLabel('Дата').fill('2026-10-30')
  await sheet.getByLabel('Сумма, ₽').fill('12 500,50')
  await sheet.getByLabel('Файл').setInputFiles({ name: 'скан.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') })
  await sheet.getByRole('button', { name: 'Добавить черновик' }).click()
  await page.getByRole('button', { name: /№ 872.*черновик/s }).waitFor()
  const amount = { amountMinor: 1_250_050, currency: 'RUB' }
  const body = { type: 'invoice', number: '872', datedOn: '2026-10-30', amount, fileId: 77 }
  assert.deepEqual(sent, [
    { what: 'POST /api/files', body: null, ifMatch: null },
    { what: 'POST /api/deals/2417/documents', body, ifMatch: null },
  ])
})

test('Of a draft only what was changed is sent; a file can be attached to what is no draft any more', async (context) => {
  const opened = await openDeals(context, '/deals')
  if (!opened) return
  const { page, server } = opened
  const sent = await answerDocuments(opened, (documents) => documents)
  await page.route('**/api/deals/2417', async (route) => {
    const card = (await (await fetch(`${server.url}/api/deals/2417`)).json()) as DealCardView
    const documents = card.documents.map((one) => (one.id === 12 ? { ...one, actions: ['edit', 'attach'] } : one))
    await route.fulfill({ json: { ...card, documents } })
  })
  await page.goto(`${server.url}/deals/2417?do=document-12-edit`)
  const number = page.getByLabel('Номер')
  assert.equal(await number.inputValue(), '871')
  await number.fill('871/1')
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('status').getByText('Документ изменён').waitFor()
  await invoice(page).click()
  await page.getByRole('button', { name: 'Прикрепить файл' }).click()
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('Выберите файл.').waitFor()
  await page
    .getByLabel('Файл', { exact: true })
    .setInputFiles({ name: 'скан.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') })
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.deepEqual(
    sent.map(({ what, body }) => [what, body]),
    [
      ['PATCH /api/documents/12', { number: '871/1' }],
      ['POST /api/files', null],
      ['PATCH /api/documents/12', { fileId: 77 }],
    ],
  )
})

test('A payment is booked with what is still to come filled in, and taken back by its own button', async (context) => {
  const opened = await openDeals(context, '/deals/2417?do=document-12')
  if (!opened) return
  const { page } = opened
  const sent = await answerDocuments(opened, (documents) => documents)
  await page.getByRole('button', { name: 'Записать оплату' }).click()
  const amount = page.getByLabel('Сколько пришло, ₽')
  assert.equal(await amount.inputValue(), '1302000')
  await amount.fill('0')
  await page.getByRole('button', { name: 'Записать', exact: true }).click()
  await page.getByText('Сумма оплаты больше нуля.').waitFor()
  await amount.fill('1000')
  await page.getByLabel('Когда').fill('2026-10-28')
  await page.getByRole('button', { name: 'Записать', exact: true }).click()
  await page.getByRole('status').getByText('Оплата записана').waitFor()
  await invoice(page).click()
  await page.getByRole('button', { name: /^Снять оплату 558 000 ₽ от/ }).click()
  await page.getByRole('status').getByText('Оплата снята').waitFor()
  assert.deepEqual(sent, [
    {
      what: 'POST /api/documents/12/payments',
      body: { amount: { amountMinor: 100_000, currency: 'RUB' }, paidOn: '2026-10-28', comment: '' },
      ifMatch: '"2"',
    },
    { what: 'DELETE /api/payments/31', body: null, ifMatch: null },
  ])
})

test('Who only watches has no buttons for documents; an address of none says so', async (context) => {
  const opened = await openDeals(context, '/deals/2417?do=document-12', { role: 'executive', lang: 'en' })
  if (!opened) return
  const { page } = opened
  const sheet = page.getByRole('dialog')
  await sheet.getByText('on approval').waitFor()
  assert.equal(await sheet.getByRole('button').count(), 1)
  assert.equal(await page.getByRole('button', { name: 'Add a document' }).count(), 0)
  await page.goto(`${opened.server.url}/deals/2417?do=document-12-void`)
  await page.getByRole('dialog', { name: 'Invoice No. 871' }).waitFor()
  await page.goto(`${opened.server.url}/deals/2417?do=document-new`)
  await page.getByText('You cannot add a document to this deal.').waitFor()
  await page.goto(`${opened.server.url}/deals/2417?do=document-99`)
  await page.getByText('The deal has no such document.').waitFor()
})

for (const options of [
  { viewport: { width: 320, height: 700 }, largeText: true },
  { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' as const },
]) {
  test(`Nothing is wider than a window of ${options.viewport.width}`, async (context) => {
    const opened = await openDeals(context, '/deals/2417?do=document-12', { role: 'head', ...options })
    if (!opened) return
    await opened.page.getByRole('dialog').getByRole('button', { name: 'Согласовать' }).waitFor()
    const { wide, tall } = await opened.page.evaluate(() => {
      const body = document.querySelector('dialog .body')!
      return { wide: body.scrollWidth - body.clientWidth, tall: document.documentElement.scrollWidth - innerWidth }
    })
    assert.deepEqual([wide <= 0, tall <= 0], [true, true])
    await assertAccessible(opened.page)
  })
}
