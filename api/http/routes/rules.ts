import { NoInput } from '../../../shared/schemas/directory.ts'
import { CreateRule, EditRule, ListFirings, PreviewRules, RetryFiring } from '../../../shared/schemas/process.ts'
import { presentRulePreview } from '../../presenters/rule-preview.ts'
import { presentFacts, presentFiring, presentFiringPage, presentRule, presentRules } from '../../presenters/rules.ts'
import { createRule, editRule, retryFiring } from '../../usecases/rules/edit-rules.ts'
import { listFacts } from '../../usecases/rules/list-facts.ts'
import { listFirings, listRules } from '../../usecases/rules/list-rules.ts'
import { previewRules } from '../../usecases/rules/preview-rules.ts'
import { endpoint, type Route } from '../endpoint.ts'

const version = (view: { readonly version: number }) => view.version

export const ruleRoutes: readonly Route[] = [
  endpoint('GET', '/facts', NoInput, listFacts, presentFacts, { summary: 'What rules, gates and branches may ask about a deal' }),
  endpoint('GET', '/rules', NoInput, listRules, presentRules, { summary: 'Status rules, in the order they are asked' }),
  endpoint('POST', '/rules', CreateRule, createRule, presentRule, { summary: 'Add a status rule', status: 201, version }),
  endpoint('PATCH', '/rules/:code', EditRule, editRule, presentRule, {
    summary: 'Change, move, switch or archive a status rule',
    version,
  }),
  endpoint('POST', '/rules/preview', PreviewRules, previewRules, presentRulePreview, {
    summary: 'What changed rules would have made of a past period',
  }),
  endpoint('GET', '/rules/firings', ListFirings, listFirings, presentFiringPage, { summary: 'What status rules did' }),
  endpoint('POST', '/rules/firings/:id/retry', RetryFiring, retryFiring, presentFiring, {
    summary: 'Try again what failed of a firing',
  }),
]
