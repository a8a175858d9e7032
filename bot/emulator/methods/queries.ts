import { LIMITS } from '../limits.ts'
import { badRequest } from '../refusal.ts'
import type { MethodTable } from './method.ts'

const TOO_OLD = 'query is too old and response timeout expired or query ID is invalid'

export const queryMethods: MethodTable = {
  answerCallbackQuery: (state, args) => {
    const query = state.queries.get(args.callback_query_id)
    if (!query || query.answer) throw badRequest('callback', TOO_OLD)
    if (state.clock.now() - query.askedAt > LIMITS.callbackAnswerMs) throw badRequest('state', TOO_OLD)
    query.answer = {
      showAlert: args.show_alert === true,
      ...(args.text ? { text: args.text } : {}),
      ...(args.url ? { url: args.url } : {}),
    }
    state.changes.emit('change', { kind: 'answer', chatId: query.chatId, query })
    return true
  },
  answerInlineQuery: (state, args) => {
    const query = state.inlineQueries.get(args.inline_query_id)
    if (!query || query.answer) throw badRequest('callback', TOO_OLD)
    if (state.clock.now() - query.askedAt > LIMITS.callbackAnswerMs) throw badRequest('state', TOO_OLD)
    if (args.results.length > 50) throw badRequest('limit', 'RESULTS_TOO_MUCH')
    const ids = args.results.map((result) => result.id)
    if (new Set(ids).size < ids.length) throw badRequest('limit', 'RESULT_ID_DUPLICATE')
    query.answer = { ...args }
    return true
  },
}
