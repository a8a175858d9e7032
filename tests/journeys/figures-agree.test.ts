import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moneyColumn } from '../../api/reports/money-column.ts'
import { formatInteger, formatMoneyShort } from '../../shared/messages/format.ts'
import type { DealListView } from '../../shared/views/deals.ts'
import type { CohortFunnelView, FunnelPart, FunnelSplitView, SnapshotFunnelView } from '../../shared/views/funnel.ts'
import { readPdfText, skipWithout } from '../reports/tools.ts'
import { openChat } from './chat.ts'
import { readCohortRows, readSnapshotRows, readWorkbook } from './figures.ts'
import { type Caller, logIn, openBrowserAt, plain, startProgram } from './program.ts'

/** Every figure stands in many places: the API, the app, the PDF, the workbook, the chat, and the lists and splits behind it. */
const program = await startProgram()
const openApp = await openBrowserAt(program.url)
const parts: readonly FunnelPart[] = ['reached', 'passed', 'lost', 'open', 'finished']
const year = new Date().getFullYear()
const period = `from=${year - 1}-07-01&to=${year + 1}-01-01`

const slices = {
  everything: period,
  'one type': `${period}&type=product_sale`,
  'a department with its subtree': `${period}&department=2`,
  'an employee': `${period}&employee=9`,
  'a quarter': `from=${year}-07-01&to=${year}-10-01`,
  'by amount': `${period}&by=amount`,
  'only real visits': `${period}&strict=1`,
  'the owner when it happened': `${period}&attribution=event&department=3`,
} as const

const people = {
  executive: await logIn(program, 'executive'),
  head: await logIn(program, 'head'),
  manager: await logIn(program, 'manager'),
}

/** The same question at the same instant, so that nothing moves between two looks. */
const asked = (slice: string) => `${slice}&asOf=${encodeURIComponent(new Date().toISOString())}`
const count = (value: number): string => plain(formatInteger(value, 'ru'))
const money = (minor: number): string => plain(formatMoneyShort(minor, 'RUB', 'ru'))

/** Reads the list behind a part to its end. */
async function readList(caller: Caller, query: string): Promise<{ numbers: number[]; amountMinor: number; list: DealListView }> {
  const numbers: number[] = []
  let amountMinor = 0
  let cursor = ''
  for (;;) {
    const list: DealListView = await caller.json(`/api/funnel/deals?${query}&limit=100${cursor}`)
    for (const deal of list.items) {
      numbers.push(deal.number)
      amountMinor += deal.amount.amountMinor
    }
    if (!list.nextCursor) return { numbers, amountMinor, list }
    cursor = `&cursor=${encodeURIComponent(list.nextCursor)}`
  }
}

for (const role of ['executive', 'head', 'manager'] as const) {
  for (const [name, slice] of Object.entries(slices)) {
    test(`${name}, as ${role}: every part's list is as long and as large as its figure, and the splits add up`, async () => {
      const caller = people[role]
      const query = asked(slice)
      const view: CohortFunnelView = await caller.json(`/api/funnel?${query}`)
      assert.ok(view.layers.length > 2)
      for (const layer of view.layers) {
        const { code } = layer.status
        assert.equal(layer.reached, layer.passed + layer.lost + layer.open + layer.finished, code)
        const lists = await Promise.all(parts.map((part) => readList(caller, `${query}&layer=${code}&part=${part}`)))
        for (const [index, part] of parts.entries()) {
          const { numbers, amountMinor, list } = lists[index]!
          assert.equal(new Set(numbers).size, layer[part], `deals ${part} in ${code}`)
          assert.equal(numbers.length, layer[part], `no deal twice, ${part} in ${code}`)
          assert.equal(list.total, layer[part])
          assert.equal(amountMinor, layer.amountMinor[part], `money ${part} in ${code}`)
          assert.equal(list.amountMinor, layer.amountMinor[part])
        }
      }
      const layer = view.layers[1]!
      for (const split of ['type', 'counterparty', 'department', 'employee']) {
        const { rows }: FunnelSplitView = await caller.json(
          `/api/funnel/split?${query}&layer=${layer.status.code}&split=${split}`,
        )
        for (const part of parts) {
          assert.equal(
            rows.reduce((sum, row) => sum + row.figures[part], 0),
            layer[part],
            `${part} by ${split}`,
          )
          assert.equal(
            rows.reduce((sum, row) => sum + row.amountMinor[part], 0),
            layer.amountMinor[part],
            `money ${part} by ${split}`,
          )
        }
      }
    })
  }

  test(`as ${role}: PDF and workbook say what the API says, of every slice`, async (context) => {
    if (skipWithout(context, 'pdftotext')) return
    const caller = people[role]
    for (const [name, slice] of Object.entries(slices)) {
      const query = asked(slice)
      const view: CohortFunnelView = await caller.json(`/api/funnel?${query}`)
      const files = await Promise.all(['pdf', 'xlsx'].map((kind) => caller.fetch(`/api/funnel.${kind}?${query}`)))
      const [pdf, xlsx] = await Promise.all(files.map((file) => file.arrayBuffer()))
      const lines = (await readPdfText(new Uint8Array(pdf!))).split('\n').map(plain)
      // Sums of one table stand in one unit, which its head names.
      const sums = moneyColumn(
        [view.totals.amountMinor, ...view.layers.flatMap((layer) => Object.values(layer.amountMinor))],
        view.currency,
        'ru',
      )
      const { summary, book } = await readWorkbook(xlsx!)
      for (const [index, layer] of view.layers.entries()) {
        const { reached, passed, open, finished, lost, amountMinor } = layer
        const printed = lines.find((one) => one.startsWith(`${index + 1}. ${layer.status.name}`))
        const hasFinished = view.layers.some((one) => one.finished > 0)
        const inMoney = (minor: number) => plain(sums.say(minor))
        const byAmount = view.slice.by === 'amount'
        const part = (name: 'passed' | 'open' | 'finished' | 'lost') =>
          byAmount ? inMoney(amountMinor[name]) : count(layer[name])
        const whole = [count(reached), inMoney(amountMinor.reached)]
        const figures = [
          ...(byAmount ? whole.toReversed() : whole),
          part('passed'),
          part('open'),
          ...(hasFinished ? [part('finished')] : []),
          part('lost'),
        ]
        assert.equal(
          printed?.startsWith(`${index + 1}. ${layer.status.name} ${figures.join(' ')} `),
          true,
          `${name}: ${figures} in «${printed}»`,
        )
        const cells = summary.get(layer.status.name)
        assert.deepEqual(
          cells?.slice(1, 7),
          [reached, amountMinor.reached / 100, passed, open, finished, lost],
          `${name}: ${layer.status.name}`,
        )
      }
      const rows: unknown[] = []
      book.getWorksheet('Сделки')!.eachRow((row) => typeof row.getCell(1).value === 'number' && rows.push(row.getCell(1).value))
      assert.equal(new Set(rows).size, view.totals.deals, `${name}: the workbook lists every deal`)
    }
  })

  test(`as ${role}: the app shows what the API says, of every slice`, async (context) => {
    const visit = await openApp(context, `/funnel?${slices.everything}`, { as: people[role] })
    if (!visit) return
    const { page, complaints } = visit
    for (const [name, slice] of Object.entries(slices)) {
      const view: CohortFunnelView = await people[role].json(`/api/funnel?${slice}`)
      await page.goto(`${program.url}/funnel?${slice}`)
      const rows = await readCohortRows(page)
      const expected = view.layers.map((layer) => {
        const figures = [count(layer.reached), money(layer.amountMinor.reached)]
        const [figure, other] = slice.includes('by=amount') ? figures.toReversed() : figures
        const finished = layer.finished > 0 ? `, завершены ${count(layer.finished)}` : ''
        const said = `прошли ${count(layer.passed)}, здесь ${count(layer.open)}, проиграны ${count(layer.lost)}${finished}`
        return { name: layer.status.name, figure, aside: other, parts: said }
      })
      // Beside an amount the number of deals stands in words.
      const seen = rows.map((row) => (slice.includes('by=amount') ? { ...row, aside: row.aside.replace(/ сдел.*$/, '') } : row))
      assert.deepEqual(seen, expected, name)
    }
    assert.deepEqual(complaints, [])
  })

  test(`as ${role}: a snapshot agrees in API, app, lists and workbook`, async (context) => {
    const caller = people[role]
    const query = asked('basis=snapshot')
    const view: SnapshotFunnelView = await caller.json(`/api/funnel?${query}`)
    for (const layer of [...view.layers, ...view.lost]) {
      const { numbers, amountMinor } = await readList(caller, `${query}&layer=${layer.status.code}`)
      assert.equal(numbers.length, layer.count, layer.status.code)
      assert.equal(amountMinor, layer.amountMinor, layer.status.code)
    }
    const { summary } = await readWorkbook(await (await caller.fetch(`/api/funnel.xlsx?${query}`)).arrayBuffer())
    for (const { status, ...layer } of view.layers)
      assert.deepEqual(summary.get(status.name)?.slice(1, 3), [layer.count, layer.amountMinor / 100], status.name)
    const visit = await openApp(context, '/funnel?basis=snapshot', { as: caller })
    if (!visit) return
    const rows = await readSnapshotRows(visit.page)
    assert.deepEqual(
      rows,
      [...view.layers, ...view.lost.filter((layer) => layer.count > 0)].map((layer) => ({
        name: layer.status.name,
        figure: count(layer.count),
        aside: money(layer.amountMinor),
      })),
    )
  })

  test(`as ${role}: the report in the chat carries the API's figures, and its link opens the same funnel`, async () => {
    const chat = openChat(program, role)
    const question = await chat.write('/report')
    const report = await chat.press(question, /^Получить|Как в прошлый раз/, (message) => message.photo !== undefined)
    const link = report.buttons.flat().find((button) => button.kind === 'link')?.url
    assert.ok(link, 'the report links to the app')
    const view: CohortFunnelView = await people[role].json(`/api/funnel${new URL(link).search}`)
    const text = plain(report.text)
    assert.ok(text.includes(plain(view.sentence)), `${view.sentence} in ${text}`)
    const figures = `${money(view.totals.amountMinor)} · выиграно ${count(view.totals.won)} · проиграно ${count(view.totals.lost)}`
    assert.ok(text.includes(figures), `${figures} in ${text}`)
    assert.match(text, new RegExp(`(^|\\D)${count(view.totals.deals)} сдел`))
    const picture = await fetch(program.url + report.photo!.url)
    assert.equal(picture.headers.get('content-type'), 'image/png')
    assert.ok((await picture.arrayBuffer()).byteLength > 20_000)
    const narrow = report.buttons.flat().find(({ text: label }) => /^\d+ сдел/.test(plain(label)))
    if (!narrow) return
    const list = await chat.press(report, new RegExp(`^${narrow.text}$`), (message) => message.text.includes('сейчас здесь'))
    const open = view.layers.map((layer) => layer.open)
    assert.ok(open.includes(Number.parseInt(narrow.text, 10)), `${narrow.text} of ${open}`)
    assert.ok(list.text.length > 0)
  })
}

test('a folded chapter opens its deals, and each of its parts is a list that is as long and as large', async (context) => {
  const caller = people.executive
  const view: CohortFunnelView = await caller.json(`/api/funnel?${period}`)
  const chapter = view.chapters.find(({ layers, lost, open }) => layers.length > 1 && lost > 0 && open > 0)!
  const fold = view.chapters.map(({ phase }) => phase).join()
  const visit = await openApp(context, `/funnel?${period}&fold=${fold}`, { as: caller })
  if (!visit) return
  const { page, complaints } = visit
  const { entered: reached, passed, open, lost } = chapter
  await page.locator(`a[href$="/funnel/~chapters/${chapter.phase}?${period}&fold=${fold}"]`).click()
  for (const [part, figure] of Object.entries({ reached, passed, open, lost })) {
    if (part !== 'reached') await page.goto(`${program.url}/funnel/~chapters/${chapter.phase}?${period}&part=${part}`)
    const { numbers, amountMinor } = await readList(caller, `${period}&chapter=${chapter.phase}&part=${part}`)
    assert.equal(new Set(numbers).size, figure, part)
    const sum = page.locator('article .sum', { hasText: new RegExp(`^${count(figure)} сдел`) })
    assert.ok(plain((await sum.textContent()) ?? '').includes(money(amountMinor)), part)
    assert.equal(await page.locator('#figure-deals li').count(), Math.min(figure, 25), part)
  }
  assert.deepEqual(complaints, [])
})

test('a head sees of the same question what the executive sees of his subtree, a manager only his own', async () => {
  const { head, manager, executive } = people
  const me = await head.json('/api/session')
  const mine: CohortFunnelView = await head.json(`/api/funnel?${period}`)
  const subtree: CohortFunnelView = await executive.json(`/api/funnel?${period}&department=${me.employee.department.id}`)
  const whole: CohortFunnelView = await executive.json(`/api/funnel?${period}`)
  assert.ok(subtree.totals.deals < whole.totals.deals)
  const within: CohortFunnelView = await head.json(`/api/funnel?${period}&department=${me.employee.department.id}`)
  assert.deepEqual(
    within.layers.map(({ reached }) => reached),
    subtree.layers.map(({ reached }) => reached),
  )
  assert.ok(mine.totals.deals >= subtree.totals.deals && mine.totals.deals < whole.totals.deals)
  const owner = (await manager.json('/api/session')).employee.id
  const hers: CohortFunnelView = await manager.json(`/api/funnel?${period}&employee=${owner}`)
  const asSeen: CohortFunnelView = await executive.json(`/api/funnel?${period}&employee=${owner}`)
  assert.deepEqual(
    hers.layers.map(({ reached }) => reached),
    asSeen.layers.map(({ reached }) => reached),
  )
})
