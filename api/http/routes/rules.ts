import { NoInput } from '../../../shared/schemas/directory.ts'
import { presentFacts } from '../../presenters/rules.ts'
import { listFacts } from '../../usecases/rules/list-facts.ts'
import { endpoint, type Route } from '../endpoint.ts'

export const ruleRoutes: readonly Route[] = [
  endpoint('GET', '/facts', NoInput, listFacts, presentFacts, { summary: 'What rules, gates and branches may ask about a deal' }),
]
