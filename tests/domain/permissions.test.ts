import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Ability,
  abilitiesOf,
  actionBehind,
  actionsFor,
  can,
  type DealAction,
  isAble,
  type Relation,
  relationTo,
} from '../../shared/domain/permissions.ts'
import type { Role } from '../../shared/views/common.ts'

/** e edit, m move, s set status, l lose, o reopen, r reassign, i invite, c comment, u undo; by own / participant / subtree / other. */
const letters: Readonly<Record<string, DealAction>> = {
  e: 'edit',
  m: 'move',
  s: 'setStatus',
  l: 'lose',
  o: 'reopen',
  r: 'reassign',
  i: 'invite',
  c: 'comment',
  u: 'undo',
}
const expected: Readonly<Record<Role, string>> = {
  admin: 'emsloricu / emsloricu / emsloricu / emsloricu',
  executive: 'emsloricu / ric / ric / ric',
  head: 'emsloricu / mcu / emsloricu / ',
  manager: 'emsloicu / mcu /  / ',
  field: 'mcu / mcu /  / ',
}
const relations: readonly Relation[] = ['own', 'participant', 'subtree', 'other']

for (const [role, line] of Object.entries(expected) as [Role, string][]) {
  for (const [index, relation] of relations.entries()) {
    const may = [...line.split('/')[index]!.trim()].map((letter) => letters[letter]!)
    test(`${role}, ${relation}: ${may.join(', ') || 'nothing'}`, () => {
      for (const action of Object.values(letters))
        assert.equal(can({ id: 1, role }, action, relation), may.includes(action), action)
      assert.deepEqual(new Set(actionsFor({ id: 1, role }, relation)), new Set(may))
    })
  }
}

test('settings and imports are the administrator’s, the audit also the executive’s; who works with clients enters them', () => {
  const able = (ability: Ability) => (Object.keys(expected) as Role[]).filter((role) => isAble({ id: 1, role }, ability))
  assert.deepEqual(able('settings.edit'), ['admin'])
  assert.deepEqual(able('import.run'), ['admin'])
  assert.deepEqual(able('audit.view'), ['admin', 'executive'])
  assert.deepEqual(able('deal.create'), ['admin', 'head', 'manager'])
  assert.deepEqual(able('deal.createForOthers'), ['admin', 'head'])
  assert.deepEqual(able('counterparty.edit'), ['admin', 'head', 'manager'])
  assert.deepEqual(able('funnel.view').length, 5)
  assert.deepEqual(abilitiesOf('field'), ['funnel.view', 'report.make'])
})

test('the closest relation counts: owner, then a head’s department, then participant', () => {
  const relation = (role: Role, ownerId: number, isParticipant: boolean, inSubtree: boolean) =>
    relationTo({ id: 1, role }, { ownerId, isParticipant, inSubtree })
  assert.equal(relation('head', 1, true, true), 'own')
  assert.equal(relation('head', 2, true, true), 'subtree')
  assert.equal(relation('manager', 2, true, true), 'participant')
  assert.equal(relation('manager', 2, false, true), 'subtree')
  assert.equal(relation('head', 2, true, false), 'participant')
  assert.equal(relation('head', 2, false, false), 'other')
})

test('undoing takes the right to do; what is not undone has no right', () => {
  assert.equal(actionBehind('stage_entered'), 'move')
  assert.equal(actionBehind('deal_lost'), 'lose')
  assert.equal(actionBehind('deal_reassigned'), 'reassign')
  assert.equal(actionBehind('status_held'), 'setStatus')
  for (const kind of ['comment_added', 'deal_created', 'change_undone', 'participants_changed'] as const)
    assert.equal(actionBehind(kind), null)
})
