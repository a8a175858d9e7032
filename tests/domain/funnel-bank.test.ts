import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { FunnelStatus } from '../../shared/domain/funnel.ts'
import { findBottlenecks } from '../../shared/domain/funnel-bottleneck.ts'
import { cohortFunnel } from '../../shared/domain/funnel-cohort.ts'
import { classOf, type Deal, groupClasses, statusOf } from './funnel-world.ts'

/** A bank's real log of applications, kept beside the repository; its right answers stand in the README there. */
const file = new URL('../../../shared/data/bpic2012-a/events.csv.gz', import.meta.url)
const path = ['SUBMITTED', 'PARTLYSUBMITTED', 'PREACCEPTED', 'ACCEPTED', 'FINALIZED', 'APPROVED']
const losses = ['DECLINED', 'CANCELLED']
/** Written within seconds of each other in varying order: one milestone. */
const milestone = ['REGISTERED', 'ACTIVATED']

function bankStatuses(): readonly FunnelStatus[] {
  const layers = path.map((code, index) => statusOf(index + 1, index + 1, { code, isWon: code === 'APPROVED' }))
  return [...layers, ...losses.map((code, index) => statusOf(90 + index, 90 + index, { code, category: 'lost' }))]
}

function bankDeals(statuses: readonly FunnelStatus[]): readonly Deal[] {
  const idOf = new Map(statuses.map((status) => [status.code, status.id]))
  const rows = gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split(/\r?\n/u)
    .slice(1)
    .map((line) => line.split(','))
  const cases = Map.groupBy(rows, (row) => row[0]!)
  return [...cases.values()].map((events) => ({
    path: 1,
    amountMinor: Number(events[0]![5]) * 100,
    visits: events
      .toSorted((a, b) => Date.parse(a[3]!) - Date.parse(b[3]!))
      .map((event) => {
        const code = event[1]!.replace('A_', '')
        return { status: idOf.get(milestone.includes(code) ? 'APPROVED' : code)!, voided: false }
      }),
  }))
}

test("a bank's log of 13,087 applications gives the known right answers", { skip: !existsSync(file) }, () => {
  const statuses = bankStatuses()
  const classes = groupClasses(bankDeals(statuses).map(classOf))
  const paths = new Map([[1, path.map((_, index) => index + 1)]])
  const { layers, totals } = cohortFunnel({ statuses, paths, classes, strict: false })
  const column = (name: 'reached' | 'lost' | 'skipped' | 'joined') => layers.map((layer) => layer[name])
  assert.deepEqual(column('reached'), [13_087, 13_087, 7_367, 5_113, 5_015, 2_246])
  assert.deepEqual(column('lost').slice(1, 5), [5_720, 2_185, 95, 2_442])
  assert.deepEqual(column('skipped'), [0, 0, 0, 0, 0, 0])
  assert.deepEqual(column('joined'), [0, 0, 0, 0, 0, 0])
  const resolved = layers.map((layer) => layer.conversion.resolved?.toFixed(3) ?? null)
  assert.deepEqual(resolved.slice(2, 5), ['0.701', '0.981', '0.479'])
  assert.equal(totals.won, 2_246)

  const targeted = statuses.map((status) => ({ ...status, targetConversionPct: 50 }))
  const report = findBottlenecks({
    layers: cohortFunnel({ statuses: targeted, paths, classes, strict: false }).layers,
    baselineLayers: [],
    medianHours: new Map(),
    baselineMedianHours: new Map(),
    weeks: new Map(),
    averageWonMinor: 1_000_00,
  })
  assert.equal(report.narrowestId, 5)
  assert.equal(report.narrowestTooFew, false)
  assert.deepEqual(
    report.byLayer.map((found) => found?.kinds ?? null),
    [null, null, null, null, ['conversion'], null],
  )
  assert.equal(report.byLayer[4]!.upperBound!.toFixed(3), '0.493')
})
