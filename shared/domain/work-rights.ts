import type { Role } from '../views/common.ts'
import type { PermissionActor, Relation } from './permissions.ts'

/** Who may do what with the work on a deal that he sees: tasks, approvals, further processes. */

/** The one whose task it is, the deal's owner, a head for his subtree, an administrator. */
export function mayCloseTask(actor: PermissionActor, task: { readonly assigneeId: number }, relation: Relation): boolean {
  if (task.assigneeId === actor.id || actor.role === 'admin' || relation === 'own') return true
  return actor.role === 'head' && relation === 'subtree'
}

/** The role that a gate asks for, a head only within his subtree; an administrator always. */
export function mayApprove(actor: PermissionActor, role: Role, relation: Relation): boolean {
  if (actor.role === 'admin') return true
  return actor.role === role && (role !== 'head' || relation === 'own' || relation === 'subtree')
}
