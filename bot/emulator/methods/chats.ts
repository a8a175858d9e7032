import { badRequest } from '../refusal.ts'
import { botAsUser, findChat } from '../state.ts'
import type { MethodTable } from './method.ts'

export const chatMethods: MethodTable = {
  getFile: (state, args) => {
    const file = state.files.link(args.file_id)
    return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.bytes.length, file_path: file.path }
  },
  getChat: (state, args) => ({ ...findChat(state, args.chat_id).chat, accent_color_id: 0, max_reaction_count: 11 }),
  getChatMember: (state, args) => {
    findChat(state, args.chat_id)
    const user = args.user_id === state.bot.id ? botAsUser(state) : state.users.get(args.user_id)
    if (!user) throw badRequest('state', 'PARTICIPANT_ID_INVALID')
    return { status: 'member', user }
  },
  getChatMemberCount: (state, args) => (findChat(state, args.chat_id).chat.type === 'private' ? 2 : state.users.size + 1),
  leaveChat: (state, args) => {
    findChat(state, args.chat_id).started = false
    return true
  },
}
