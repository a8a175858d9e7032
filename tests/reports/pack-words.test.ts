import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparisonTable } from '../../api/reports/pack-tables.ts'
import { appEn } from '../../shared/messages/en/app.ts'
import { appOutcomesEn } from '../../shared/messages/en/app-outcomes.ts'
import { appTravelEn } from '../../shared/messages/en/app-travel.ts'
import { reportEn } from '../../shared/messages/en/report.ts'
import { appRu } from '../../shared/messages/ru/app.ts'
import { appOutcomesRu } from '../../shared/messages/ru/app-outcomes.ts'
import { appTravelRu } from '../../shared/messages/ru/app-travel.ts'
import { reportRu } from '../../shared/messages/ru/report.ts'
import type { CohortCompareView } from '../../shared/views/compare.ts'
import { cannedComparison } from '../pwa/canned-travel.ts'

const wordsOf = ({ now }: CohortCompareView, locale: 'ru' | 'en') => ({ locale, currency: 'RUB', deepLink: null, funnel: now })

/** Whoever reads the pack has read the screen: a difference is doubted in the same words. */
const screens = { ru: appTravelRu, en: appTravelEn }
for (const locale of ['ru', 'en'] as const)
  test(`the pack doubts a difference in the words of the screen, not of statistics (${locale})`, () => {
    const view = cannedComparison(locale, 'count', new URLSearchParams())
    const said = (['real', 'chance', 'few'] as const).map((verdict) => {
      const layers = view.layers.map((layer) => ({ ...layer, conversion: { ...layer.conversion, verdict } }))
      return [verdict, comparisonTable({ ...view, layers }, wordsOf(view, locale)).rows[0]!.cells.at(-1)!.text] as const
    })
    for (const [verdict, text] of said) assert.ok(text.startsWith(screens[locale][`compare.verdict.${verdict}`]), text)
  })

test('where a side begins before anything is known the pack doubts nothing, and leaves the word for chance out', () => {
  const view = {
    ...cannedComparison('ru', 'count', new URLSearchParams()),
    missingHistory: { sides: ['before'], since: '2025-06-02' },
  } as const
  for (const { cells } of comparisonTable(view, wordsOf(view, 'ru')).rows) assert.equal(cells.at(-1)!.text, '—')
})

const apps = { ru: { ...appRu, ...appOutcomesRu }, en: { ...appEn, ...appOutcomesEn } }
const reports = { ru: reportRu, en: reportEn }
for (const locale of ['ru', 'en'] as const)
  test(`a report calls the parts of the funnel what the screen calls them (${locale})`, () => {
    const [app, report] = [apps[locale], reports[locale]]
    const lower = (text: string) => text.toLowerCase()
    for (const part of ['passed', 'open', 'lost', 'percent'] as const)
      assert.equal(report[`legend.${part}`], app[`funnel.legend.${part}`])
    for (const part of ['advanced', 'stillThere', 'handedOff', 'movedBack'] as const) {
      assert.equal(report[`legend.${part}`], app[`flow.legend.${part}`])
      assert.equal(lower(report[`column.${part}`]), app[`flow.part.${part}`])
      assert.ok(report[`flow.${part}`].startsWith(app[`flow.part.${part}`]), part)
    }
    assert.equal(report['snapshot.age'], app['funnel.medianAge'])
    assert.equal(report['snapshot.overdue'], app['funnel.overdue'].replace('count', 'shown'))
    assert.ok(app['funnel.overdue'].endsWith(lower(report['column.overdue'])))
    assert.equal(report['column.winRate'], app['rate.title'])
  })
