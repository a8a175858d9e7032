import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Relation } from '../../shared/domain/permissions.ts'
import { mayApprove, mayCloseTask } from '../../shared/domain/work-rights.ts'
import type { Role } from '../../shared/views/common.ts'

const roles: readonly Role[] = ['admin', 'executive', 'head', 'manager', 'field']
const relations: readonly Relation[] = ['own', 'participant', 'subtree', 'other']

test('whose task it is closes it, whatever he is to the deal', () => {
  for (const role of roles)
    for (const relation of relations) assert.ok(mayCloseTask({ id: 1, role }, { assigneeId: 1 }, relation), `${role} ${relation}`)
})

test('another’s task is closed by the deal’s owner, a head of the subtree and an administrator', () => {
  const may = (role: Role) => relations.filter((relation) => mayCloseTask({ id: 1, role }, { assigneeId: 2 }, relation))
  assert.deepEqual(roles.map(may), [relations, ['own'], ['own', 'subtree'], ['own'], ['own']])
})

test('a gate is decided by the role it asks for, by a head within his subtree, and by an administrator', () => {
  const may = (role: Role, asked: Role) => relations.filter((relation) => mayApprove({ id: 1, role }, asked, relation))
  for (const role of roles)
    for (const asked of roles) {
      const expected = role === 'admin' ? relations : role !== asked ? [] : role === 'head' ? ['own', 'subtree'] : relations
      assert.deepEqual(may(role, asked), expected, `${role} for ${asked}`)
    }
})
