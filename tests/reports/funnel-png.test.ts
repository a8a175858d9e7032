import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderAsync } from '@resvg/resvg-js'
import fc from 'fast-check'
import { funnelPng, funnelSvg } from '../../api/reports/funnel-png.ts'
import { reportFileName } from '../../api/reports/funnel-report.ts'
import { reportFont } from '../../api/reports/report-fonts.ts'
import { bindFigures } from '../../api/reports/report-words.ts'
import { formatInteger } from '../../shared/messages/format.ts'
import type { FlowFunnelView } from '../../shared/views/funnel.ts'
import { cohortOf, head, reportOf, snapshotOf } from './fixture.ts'

function sizeOf(png: Uint8Array): readonly [number, number] {
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}

const textOf = (svg: string) => [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text]) => text!.replace(/<[^>]+>/g, ''))

test('the picture is 1080 by 1350 whatever is on it', async () => {
  const many = Array.from({ length: 24 }, (_, index) => `Очень длинное название статуса номер ${index + 1} и ещё немного слов`)
  for (const report of [
    reportOf('ru'),
    reportOf('en'),
    reportOf('ru', { funnel: snapshotOf('ru') }),
    reportOf('ru', { funnel: cohortOf('ru', many) }),
  ]) {
    assert.deepEqual(sizeOf(await funnelPng(report)), [1080, 1350])
  }
})

test('every status stands in the picture with its number, the total and the moment below', () => {
  const texts = textOf(funnelSvg(reportOf('ru')))
  for (const layer of cohortOf('ru').layers) {
    assert.ok(texts.includes(layer.status.name), layer.status.name)
    assert.ok(texts.includes(formatInteger(layer.reached, 'ru')), String(layer.reached))
  }
  assert.ok(
    texts.includes('1\u00a0284\u00a0сделки · 105,3\u00a0млн\u00a0₽') ||
      texts.some((text) => text.startsWith('1\u00a0284 сделки')),
  )
  assert.ok(texts.some((text) => text.includes('13\u00a0ноя\u00a02026, 09:12 (МСК)')))
})

test('the words are drawn, from the font that is sent along', async () => {
  const font = { fontFiles: [reportFont(400).path, reportFont(600).path], loadSystemFonts: false, defaultFontFamily: 'Inter' }
  const inkOf = async (svg: string) => {
    const { pixels } = await renderAsync(svg, { font, fitTo: { mode: 'width', value: 440 }, background: '#FFFFFF' })
    let ink = 0
    for (let at = 0; at < pixels.length; at += 4) if (pixels[at]! < 128) ink++
    return ink
  }
  const svg = funnelSvg(reportOf('ru'))
  const wordless = svg.replace(/<text.*?<\/text>/g, '')
  const mute = svg.replace(/(<text[^>]*>).*?(<\/text>)/g, '$1$2')
  assert.equal(await inkOf(mute), await inkOf(wordless))
  assert.ok((await inkOf(svg)) > (await inkOf(wordless)) + 3000)
})

test('names are escaped and stay inside the picture', () => {
  const svg = funnelSvg(reportOf('ru', { funnel: cohortOf('ru', ['<script>&"\'', 'Ж'.repeat(300)]) }))
  assert.ok(svg.includes('&lt;script&gt;&amp;&quot;'))
  assert.ok(!svg.includes('<script'))
})

test('whatever things are called, a picture is made', async () => {
  const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 300 }))
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 16 }), async (names) => {
      assert.deepEqual(sizeOf(await funnelPng(reportOf('en', { funnel: cohortOf('en', names) }))), [1080, 1350])
    }),
    { numRuns: 10 },
  )
})

test('the file is named by period and slice, without signs that a file system refuses', () => {
  assert.equal(reportFileName(reportOf('ru'), 'pdf'), 'Воронка 1 янв – 13 ноя 2026.pdf')
  const funnel = cohortOf('en')
  const departments = [{ id: 1, name: 'A/B: "C" <D>|*?\u202e\n..' }]
  const name = reportFileName(reportOf('en', { funnel: { ...funnel, slice: { ...funnel.slice, departments } } }), 'xlsx')
  assert.equal(name, 'Funnel 1 Jan – 13 Nov 2026, A B C D.xlsx')
})

test('what has no period is named by its day, a flow by its word', () => {
  const asOf = '2026-12-01T09:12:00+03:00'
  const snapshot = { ...snapshotOf('ru'), asOf }
  assert.equal(reportFileName(reportOf('ru', { funnel: snapshot }), 'pdf'), 'Воронка на 1 дек 2026.pdf')
  assert.equal(reportFileName(reportOf('en', { funnel: snapshot }), 'png'), 'Funnel on 1 Dec 2026.png')
  const flow: FlowFunnelView = { ...head, basis: 'flow', layers: [], totals: { deals: 0, amountMinor: 0, entries: 0 } }
  assert.equal(reportFileName(reportOf('ru', { funnel: flow }), 'pdf'), 'Воронка, поток 1 янв – 13 ноя 2026.pdf')
  assert.equal(reportFileName(reportOf('en', { funnel: flow }), 'pdf'), 'Funnel, flow 1 Jan – 13 Nov 2026.pdf')
})

test('a figure is not torn from the word that it counts', () => {
  assert.equal(
    bindFigures('проходят 67\u00a0% решённых; ждёт 71 сделка на 3,1 млн'),
    'проходят 67\u00a0%\u00a0решённых; ждёт 71\u00a0сделка на 3,1\u00a0млн',
  )
  assert.equal(bindFigures('недобор ≈ 28,4'), 'недобор ≈\u00a028,4')
  const texts = textOf(funnelSvg(reportOf('ru')))
  assert.ok(!texts.some((text) => /[\d%] решённых|\d сделок/.test(text)), texts.join('|'))
})
