import { NoInput } from '../../../shared/schemas/directory.ts'
import { CreateStatus, EditStatus, MergeStatus, OrderStatuses, PreviewStatuses } from '../../../shared/schemas/statuses.ts'
import { presentPreview, presentStatus, presentStatuses } from '../../presenters/statuses.ts'
import { mergeStatus, previewStatuses } from '../../usecases/merge-statuses.ts'
import { createStatus, editStatus, listStatuses, orderStatuses } from '../../usecases/statuses.ts'
import { endpoint, type Route } from '../endpoint.ts'

export const statusRoutes: readonly Route[] = [
  endpoint('GET', '/statuses', NoInput, listStatuses, presentStatuses, { summary: 'The dictionary of deal statuses' }),
  endpoint('POST', '/statuses', CreateStatus, createStatus, presentStatus, {
    summary: 'Add a status',
    status: 201,
    version: (view) => view.version,
  }),
  endpoint('PUT', '/statuses/order', OrderStatuses, orderStatuses, presentStatuses, { summary: 'Put the statuses in order' }),
  endpoint('POST', '/statuses/preview', PreviewStatuses, previewStatuses, presentPreview, {
    summary: "What an order or a merger would do to today's funnel",
  }),
  endpoint('PATCH', '/statuses/:code', EditStatus, editStatus, presentStatuses, { summary: 'Change or archive a status' }),
  endpoint('POST', '/statuses/:code/merge', MergeStatus, mergeStatus, presentStatuses, {
    summary: 'Merge a status into another',
  }),
]
