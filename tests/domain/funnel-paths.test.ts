import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FunnelStatus } from '../../shared/domain/funnel.ts'
import { type FunnelPaths, funnelPaths, type PathsInput, type WayRow } from '../../shared/domain/funnel-paths.ts'
import { statusWaysOf } from '../../shared/domain/process-ways.ts'

const status = (id: number, category: FunnelStatus['category'] = 'open'): FunnelStatus => ({
  id,
  code: `s${id}`,
  rank: id * 10,
  phase: 'sale',
  category,
  isWon: id === 4,
  shownInFunnel: category === 'open',
  targetConversionPct: null,
  timeLimitHours: null,
})
const statuses = [status(1), status(2), status(3), status(4), status(8, 'paused'), status(9, 'lost')]
const offered = new Set(['0>1', '1>2', '2>3', '3>4', '3>2'])

function run(rows: readonly (readonly [from: number, to: number, path?: number])[]): FunnelPaths {
  const full = rows.map(
    ([from, to, path = 1]): WayRow => ({ from, to, path, deals: 1, times: 1, again: 0, amountMinor: 5, medianHours: 1 }),
  )
  const input: PathsInput = {
    statuses,
    paths: new Map([
      [1, [1, 2, 3, 4]],
      [2, [1, 3, 4]],
    ]),
    offered: new Map([
      [1, offered],
      [2, new Set(['0>1', '1>3', '3>4'])],
    ]),
    rows: full,
  }
  return funnelPaths(input)
}
const only = (from: number, to: number, path?: number) => run([[from, to, path]]).ways[0]!

const kinds = [
  [0, 1, 'entry', 0, 0],
  [0, 2, 'entry', 0, 1],
  [1, 2, 'forward', 0, 0],
  [1, 3, 'forward', 1, 1],
  [3, 2, 'back', 0, 0],
  [3, 1, 'back', 0, 1],
  [2, 9, 'lost', 0, 0],
  [9, 2, 'reopened', 0, 0],
  [2, 8, 'paused', 0, 0],
  [8, 2, 'resumed', 0, 0],
  [2, 0, 'stands', 0, 0],
] as const
for (const [from, to, kind, skipping, outside] of kinds)
  test(`${from} to ${to}: ${kind}${skipping ? ', past a status' : ''}${outside ? ', outside the process' : ''}`, () => {
    const way = only(from, to)
    assert.deepEqual([way.kind, way.skipping, way.outside], [kind, skipping, outside])
  })

test('what one process goes past and does not offer, another does: each deal is held against its own', () => {
  const [way, ...others] = run([
    [1, 3, 1],
    [1, 3, 2],
  ]).ways
  assert.deepEqual(others, [])
  assert.deepEqual([way?.deals, way?.skipping, way?.outside, way?.amountMinor], [2, 1, 1, 10])
})

test('deals without a process are outside of nothing', () => assert.equal(only(1, 4, 0).outside, 0))

test('offered ways that nobody took are named, of the processes of these deals only', () => {
  assert.deepEqual(
    run([
      [0, 1, 2],
      [1, 3, 2],
    ]).untaken,
    [{ from: 3, to: 4 }],
  )
})

test('statuses stand in the order of the funnel, lost ones last, with all that came and all that stay', () => {
  const { nodes } = run([
    [0, 3],
    [0, 1],
    [3, 9],
    [1, 3],
    [9, 0],
    [3, 0],
  ])
  assert.deepEqual(nodes, [
    { statusId: 1, entries: 1, standing: 0 },
    { statusId: 3, entries: 2, standing: 1 },
    { statusId: 9, entries: 1, standing: 1 },
  ])
})

test('stages that give no status, or the same, are gone through', () => {
  const stage = (id: number, statusId: number | null, ...to: number[]) => ({
    id,
    code: `t${id}`,
    position: id,
    statusId,
    gates: [],
    ways: to.map((next) => ({ to: next, names: null, condition: null })),
  })
  const version = {
    id: 1,
    statusId: null,
    stages: [stage(1, 5, 2, 4), stage(2, null, 3), stage(3, 5, 5), stage(4, 6, 1), stage(5, 7)],
  }
  assert.deepEqual([...statusWaysOf(version)].sort(), ['0>5', '5>6', '5>7', '6>5'])
})
