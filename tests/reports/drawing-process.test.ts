import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { strFromU8, unzipSync } from 'fflate'
import { createDrawingProcess, type DrawingOptions, type DrawingProcess } from '../../api/reports/drawing-process.ts'
import { funnelPng } from '../../api/reports/funnel-png.ts'
import type { DealPages, FunnelReport } from '../../api/reports/funnel-report.ts'
import { dealOf, dealsOf, reportOf } from './fixture.ts'

const script = (name: string) => new URL(`processes/${name}`, import.meta.url)

function begin(context: TestContext, options?: DrawingOptions): DrawingProcess {
  const drawing = createDrawingProcess(options)
  context.after(() => drawing.stop())
  return drawing
}

function workbookOf(deals: number): { readonly report: FunnelReport; readonly format: 'xlsx' } {
  const rows = Array.from({ length: deals }, (_, index) => dealOf(index, 'ru'))
  return { report: reportOf('ru', { deals: dealsOf(rows) }), format: 'xlsx' }
}
const picture = { report: reportOf('ru'), format: 'png' } as const

/** A process that has ended but whom nobody has asked for its end is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let look = 0; isAlive(pid); look++) {
    assert.ok(look < 2_000, `${pid} goes on`)
    await delay(10)
  }
}

test('a report is drawn by another process, as it would be here', async (context) => {
  const drawing = begin(context)
  assert.equal(drawing.pid(), null)
  const drawn = await drawing.draw(picture)
  assert.ok(drawing.pid() !== null && drawing.pid() !== process.pid)
  assert.deepEqual(Buffer.from(drawn), Buffer.from(await funnelPng(picture.report)))
})

test('reports asked for at once are drawn one after another, by one process', async (context) => {
  const drawing = begin(context)
  const [book, page, image] = await Promise.all([
    drawing.draw(workbookOf(40)),
    drawing.draw({ ...picture, format: 'pdf' }),
    drawing.draw(picture),
  ])
  assert.deepEqual(
    [book, page, image].map((bytes) => Buffer.from(bytes).toString('latin1', 0, 4)),
    ['PK\u0003\u0004', '%PDF', '\u0089PNG'],
  )
})

test('what goes wrong in the drawing reaches who asked; the process goes on', async (context) => {
  const drawing = begin(context)
  const broken = { ...picture.report, funnel: null } as unknown as FunnelReport
  await assert.rejects(drawing.draw({ report: broken, format: 'png' }), TypeError)
  const pid = drawing.pid()
  await drawing.draw(picture)
  assert.equal(drawing.pid(), pid)
})

test('when the process is killed, the report under way fails, and those that wait are drawn by another', async (context) => {
  const drawing = begin(context)
  await drawing.draw(picture)
  const first = drawing.pid()!
  const underWay = assert.rejects(drawing.draw(workbookOf(3_000)), /the process that draws reports ended \(SIGKILL\)/)
  const waiting = drawing.draw(picture)
  process.kill(first, 'SIGKILL')
  await underWay
  assert.ok((await waiting).length > 0)
  assert.notEqual(drawing.pid(), first)
})

test('a workbook that the memory does not hold fails alone', async (context) => {
  const drawing = begin(context, { heapMb: 40 })
  await assert.rejects(drawing.draw(workbookOf(30_000)), /the process that draws reports ended/)
  assert.ok((await drawing.draw(picture)).length > 0)
})

/** Deals of a long list, made when they are asked for. */
async function* pagesOf(deals: number, size = 1_000): DealPages {
  for (let from = 0; from < deals; from += size)
    yield Array.from({ length: Math.min(size, deals - from) }, (_, index) => dealOf(from + index, 'ru'))
}

const listOf = (deals: number) => ({
  report: reportOf('ru', { deals: { rows: [], listed: deals, total: deals, amountMinor: 0, isMixed: false, fields: [] } }),
  format: 'xlsx' as const,
})

test('a workbook of 100,000 deals passes through less than 300 MB', async (context) => {
  if (process.platform !== 'linux') return context.skip('memory is read from /proc')
  const drawing = begin(context)
  const bytes = await drawing.draw(listOf(100_000), pagesOf(100_000))
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${drawing.pid()}/status`, 'utf8'))?.[1])
  console.log(`100,000 deals: ${Math.round(peakKb / 1024)} MB at most, a file of ${(bytes.length / 2 ** 20).toFixed(1)} MB`)
  assert.ok(peakKb / 1024 < 300, `${peakKb} kB`)
  const sheet = strFromU8(
    unzipSync(bytes, { filter: ({ name }) => name === 'xl/worksheets/sheet5.xml' })['xl/worksheets/sheet5.xml']!,
  )
  assert.equal(sheet.match(/<row /g)!.length, 100_000 + 4)
})

test('deals that cannot be read fail the workbook with their own error; the process goes on', async (context) => {
  const drawing = begin(context)
  async function* broken(): DealPages {
    yield [dealOf(0, 'ru')]
    throw new RangeError('the database has gone')
  }
  await assert.rejects(drawing.draw(listOf(2), broken()), /the database has gone/)
  const pid = drawing.pid()
  assert.ok((await drawing.draw(listOf(2), pagesOf(2))).length > 0)
  assert.equal(drawing.pid(), pid)
})

test('a report that never comes to an end is given up', async (context) => {
  const drawing = begin(context, { script: script('never-draws.ts'), limitMs: 50 })
  await assert.rejects(drawing.draw(picture), /ended \(SIGKILL\)/)
})

test('the process ends when it is stopped, also in the middle of its work, and when it has nothing to draw', async (context) => {
  const drawing = begin(context, { idleMs: 20 })
  await drawing.draw(picture)
  await untilGone(drawing.pid()!)
  assert.equal(drawing.pid(), null)
  await drawing.draw(picture)
  const underWay = assert.rejects(drawing.draw(workbookOf(3_000)), /ended/)
  const pid = drawing.pid()!
  await drawing.stop()
  await underWay
  assert.ok(!isAlive(pid))
})

test('a signal that the terminal gives to all leaves the report under way to the server', async (context) => {
  const drawing = begin(context)
  await drawing.draw(picture)
  const pid = drawing.pid()!
  const underWay = drawing.draw(workbookOf(40))
  process.kill(pid, 'SIGINT')
  assert.ok((await underWay).length > 0)
  assert.equal(drawing.pid(), pid)
})

test('a killed server takes the process with it', async () => {
  const server = spawn(process.execPath, [fileURLToPath(script('draws-and-waits.ts'))], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(server.stdout, 'data')
  const pid = Number(line)
  assert.ok(isAlive(pid), `${pid}`)
  server.kill('SIGKILL')
  await untilGone(pid)
})

test('workbooks leave nothing behind in the server, and no more than a bounded heap beside it', async (context) => {
  if (process.platform !== 'linux') return context.skip('memory is read from /proc')
  const residentMb = (pid: number | 'self', key: 'VmRSS' | 'VmHWM') =>
    Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  const drawing = begin(context)
  const workbook = workbookOf(3_000)
  await drawing.draw(workbook)
  const before = residentMb('self', 'VmRSS')
  for (let made = 0; made < 10; made++) await drawing.draw(workbook)
  const grownMb = residentMb('self', 'VmRSS') - before
  assert.ok(grownMb < 100, `${grownMb} MB`)
  const peakMb = residentMb(drawing.pid()!, 'VmHWM')
  assert.ok(peakMb < 260, `${peakMb} MB`)
})
