import type { Role } from '../views/common.ts'
import type { DealEventKind } from './events.ts'

/**
 * Who may do what (product.md, section 1 and the reading in README "What the roles see").
 * Visibility of rows is not here but in `db/queries/visibility.ts`; this table says what may be done with a row that is seen.
 */

/** How the employee stands to a deal, the closest that is true. */
export type Relation = 'own' | 'participant' | 'subtree' | 'other'

export type DealAction = 'edit' | 'move' | 'setStatus' | 'lose' | 'reopen' | 'reassign' | 'invite' | 'comment' | 'undo'

/** Things done with no single deal at hand. */
export type Ability =
  | 'deal.create'
  | 'deal.createForOthers'
  | 'funnel.view'
  | 'report.make'
  | 'counterparty.edit'
  | 'import.run'
  | 'audit.view'
  | 'settings.edit'

export type PermissionActor = { readonly id: number; readonly role: Role }

const everything: readonly DealAction[] = ['edit', 'move', 'setStatus', 'lose', 'reopen', 'reassign', 'invite', 'comment', 'undo']
const nothing: readonly DealAction[] = []

/** Role x relation -> actions. An executive watches and redirects; work on a deal is its people's. */
const dealActions: { readonly [R in Role]: { readonly [Rel in Relation]: readonly DealAction[] } } = {
  admin: { own: everything, participant: everything, subtree: everything, other: everything },
  executive: {
    own: everything,
    participant: ['reassign', 'invite', 'comment'],
    subtree: ['reassign', 'invite', 'comment'],
    other: ['reassign', 'invite', 'comment'],
  },
  head: { own: everything, participant: ['move', 'comment', 'undo'], subtree: everything, other: nothing },
  manager: {
    own: ['edit', 'move', 'setStatus', 'lose', 'reopen', 'invite', 'comment', 'undo'],
    participant: ['move', 'comment', 'undo'],
    subtree: nothing,
    other: nothing,
  },
  field: { own: ['move', 'comment', 'undo'], participant: ['move', 'comment', 'undo'], subtree: nothing, other: nothing },
}

const roleAbilities: { readonly [R in Role]: readonly Ability[] } = {
  admin: [
    'deal.create',
    'deal.createForOthers',
    'funnel.view',
    'report.make',
    'counterparty.edit',
    'import.run',
    'audit.view',
    'settings.edit',
  ],
  executive: ['funnel.view', 'report.make', 'audit.view'],
  head: ['deal.create', 'deal.createForOthers', 'funnel.view', 'report.make', 'counterparty.edit'],
  manager: ['deal.create', 'funnel.view', 'report.make', 'counterparty.edit'],
  field: ['funnel.view', 'report.make'],
}

/**
 * May the actor do this with a deal that he stands to as `relation`?
 * @returns true or false; never throws.
 */
export function can(actor: PermissionActor, action: DealAction, relation: Relation): boolean {
  return dealActions[actor.role][relation].includes(action)
}

/**
 * The action that made a fact of this kind, null where none can be undone. Undoing takes the right to do: who may only move a deal does not take back a loss.
 */
export function actionBehind(kind: DealEventKind): DealAction | null {
  switch (kind) {
    case 'stage_entered':
    case 'process_started':
    case 'process_cancelled':
      return 'move'
    case 'status_changed':
    case 'status_held':
    case 'hold_lifted':
      return 'setStatus'
    case 'deal_lost':
      return 'lose'
    case 'deal_reopened':
      return 'reopen'
    case 'deal_reassigned':
      return 'reassign'
    case 'deal_edited':
      return 'edit'
    case 'deal_created':
    case 'deal_imported':
    case 'participants_changed':
    case 'comment_added':
    case 'process_finished':
    case 'task_created':
    case 'task_closed':
    case 'approval_given':
    case 'document_changed':
    case 'payment_recorded':
    case 'rule_fired':
    case 'deal_linked':
    case 'time_passed':
    case 'change_undone':
      return null
  }
}

/** All that the actor may do with a deal, in the table's order. */
export function actionsFor(actor: PermissionActor, relation: Relation): readonly DealAction[] {
  return dealActions[actor.role][relation]
}

/** May the actor do this at all? */
export function isAble(actor: PermissionActor, ability: Ability): boolean {
  return roleAbilities[actor.role].includes(ability)
}

/** All abilities of a role. */
export function abilitiesOf(role: Role): readonly Ability[] {
  return roleAbilities[role]
}

/** The closest relation: owner before participant before department before none. */
export function relationTo(
  actor: PermissionActor,
  deal: { readonly ownerId: number; readonly isParticipant: boolean; readonly inSubtree: boolean },
): Relation {
  if (deal.ownerId === actor.id) return 'own'
  if (deal.inSubtree && actor.role === 'head') return 'subtree'
  if (deal.isParticipant) return 'participant'
  return deal.inSubtree ? 'subtree' : 'other'
}
