import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../shared/domain/app-error.ts'
import {
  isLastStage,
  kindOfWay,
  type ProcessStage,
  type ProcessVersion,
  pathOf,
  stageOf,
  unmetRequirements,
  waysFrom,
} from '../../shared/domain/process.ts'

const waysTo = (...ids: number[]) => ids.map((to) => ({ to, names: null, condition: null }))

/** request > offer > contract > done, with a way past the offer, and ways back. */
const request: ProcessStage = { id: 1, code: 'request', position: 1, statusId: 10, gates: [], ways: waysTo(3, 2) }
const offer: ProcessStage = { id: 2, code: 'offer', position: 2, statusId: null, gates: [], ways: waysTo(1, 3) }
const contract: ProcessStage = { id: 3, code: 'contract', position: 3, statusId: 30, gates: [], ways: waysTo(2, 4, 1) }
const done: ProcessStage = { id: 4, code: 'done', position: 4, statusId: 30, gates: [], ways: waysTo(3) }
const version: ProcessVersion = { id: 1, statusId: 20, stages: [request, offer, contract, done] }

test('a way is forward when it leads to a later stage', () => {
  assert.equal(kindOfWay(request, offer), 'forward')
  assert.equal(kindOfWay(contract, offer), 'back')
})

test('ways on are offered before ways back, the nearest first', () => {
  const offered = (stage: ProcessStage) => waysFrom(version, stage.id).map((way) => [way.stage.code, way.kind])
  assert.deepEqual(offered(request), [
    ['offer', 'forward'],
    ['contract', 'forward'],
  ])
  assert.deepEqual(
    offered(contract)
      .map(([code]) => code)
      .slice(0, 1),
    ['done'],
  )
  assert.deepEqual(
    offered(contract).map(([, kind]) => kind),
    ['forward', 'back', 'back'],
  )
})

test('a stage is entered only by a way that leads there', () => {
  assert.deepEqual(unmetRequirements(version, 1, 2, {}), [])
  assert.deepEqual(unmetRequirements(version, 1, 4, {}), [{ kind: 'no_way', from: 'request', to: 'done' }])
  assert.deepEqual(unmetRequirements(version, 2, 2, {}), [{ kind: 'no_way', from: 'offer', to: 'offer' }])
})

test('the last stage is one from which no way leads forward', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((id) => isLastStage(version, id)),
    [false, false, false, true],
  )
})

test('the path holds every status once that a stage, or the process for it, gives', () => {
  assert.deepEqual([...pathOf(version)].sort(), [10, 20, 30])
  assert.deepEqual([...pathOf({ ...version, statusId: null })].sort(), [10, 30])
  assert.deepEqual(pathOf({ id: 2, statusId: 20, stages: [] }), [])
})

test('a stage of another version is not there', () => {
  for (const ask of [() => stageOf(version, 99), () => waysFrom(version, 99), () => unmetRequirements(version, 1, 99, {})])
    assert.throws(ask, (error: unknown) => error instanceof AppError && error.code === 'not_found')
})
