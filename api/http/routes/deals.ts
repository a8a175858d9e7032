import {
  CommentDeal,
  CreateDeal,
  EditDeal,
  LiftHold,
  ListDeals,
  LoseDeal,
  MoveDeal,
  ReassignDeal,
  ReopenDeal,
  SetParticipants,
  SetStatus,
  ShowDeal,
  UndoChange,
} from '../../../shared/schemas/deals.ts'
import type { DealCardView } from '../../../shared/views/deals.ts'
import { presentDealCard, presentDealList, presentHistory } from '../../presenters/deals.ts'
import { presentOutlook } from '../../presenters/outlook.ts'
import { commentDeal } from '../../usecases/deals/comment-deal.ts'
import { createDeal } from '../../usecases/deals/create-deal.ts'
import { editDeal } from '../../usecases/deals/edit-deal.ts'
import { listDeals } from '../../usecases/deals/list-deals.ts'
import { loseDeal, reopenDeal } from '../../usecases/deals/lose-deal.ts'
import { moveDeal } from '../../usecases/deals/move-deal.ts'
import { reassignDeal, setParticipants } from '../../usecases/deals/reassign-deal.ts'
import { liftHold, setStatus } from '../../usecases/deals/set-status.ts'
import { showDeal, showHistory } from '../../usecases/deals/show-deal.ts'
import { undoChange } from '../../usecases/deals/undo-change.ts'
import { lookAhead } from '../../usecases/rules/look-ahead.ts'
import { endpoint, type Route } from '../endpoint.ts'

const version = (view: DealCardView) => view.version

export const dealRoutes: readonly Route[] = [
  endpoint('GET', '/deals', ListDeals, listDeals, presentDealList, { summary: 'Deals the caller sees, filtered, sorted, paged' }),
  endpoint('POST', '/deals', CreateDeal, createDeal, presentDealCard, { summary: 'Create a deal', status: 201, version }),
  endpoint('GET', '/deals/:number', ShowDeal, showDeal, presentDealCard, { summary: 'One deal', version }),
  endpoint('PATCH', '/deals/:number', EditDeal, editDeal, presentDealCard, { summary: 'Edit a deal', version }),
  endpoint('GET', '/deals/:number/history', ShowDeal, showHistory, presentHistory, {
    summary: 'Stays in statuses and events, with causes',
  }),
  endpoint('GET', '/deals/:number/outlook', ShowDeal, lookAhead, presentOutlook, {
    summary: 'Why the deal has its status, and what would move it on',
  }),
  endpoint('PUT', '/deals/:number/stage', MoveDeal, moveDeal, presentDealCard, { summary: 'Move a process to a stage', version }),
  endpoint('PUT', '/deals/:number/status', SetStatus, setStatus, presentDealCard, { summary: 'Set a status by hand', version }),
  endpoint('DELETE', '/deals/:number/hold', LiftHold, liftHold, presentDealCard, {
    summary: 'Lift the hold of a status',
    version,
  }),
  endpoint('PUT', '/deals/:number/loss', LoseDeal, loseDeal, presentDealCard, { summary: 'Lose a deal', version }),
  endpoint('DELETE', '/deals/:number/loss', ReopenDeal, reopenDeal, presentDealCard, {
    summary: 'Take a lost deal back into work',
    version,
  }),
  endpoint('PUT', '/deals/:number/owner', ReassignDeal, reassignDeal, presentDealCard, { summary: 'Hand a deal over', version }),
  endpoint('PUT', '/deals/:number/participants', SetParticipants, setParticipants, presentDealCard, {
    summary: 'Set who takes part',
    version,
  }),
  endpoint('POST', '/deals/:number/comments', CommentDeal, commentDeal, presentDealCard, {
    summary: 'Comment a deal',
    status: 201,
    version,
  }),
  endpoint('POST', '/deals/:number/undo', UndoChange, undoChange, presentDealCard, {
    summary: 'Undo the last change within ten minutes',
    version,
  }),
]
