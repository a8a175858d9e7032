import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Persona } from './chat-page.ts'
import { viewChat, viewMessage } from './chat-view.ts'
import type { Emulator } from './emulator.ts'
import type { Change } from './state.ts'

const HEARTBEAT_MS = 20_000

export type StreamOptions = { emulator: Emulator; persona: Persona; personas: readonly Persona[]; base: string; language: string }

/**
 * Server-sent events of one person's chat: first `snapshot`, then each change; `unread` names another person whose chat got a message.
 * @returns ends the stream
 */
export function streamChat(options: StreamOptions, request: IncomingMessage, response: ServerResponse): () => void {
  const { emulator, persona } = options
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  const send = (event: string, data: unknown) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  const { state } = emulator
  const chat = state.chats.get(persona.telegramUserId)!
  const snapshot = () => viewChat(emulator, chat, options.base, options.language)
  const onChange = (change: Change) => {
    const event = eventFor(options, change)
    if (event === 'snapshot') send('snapshot', snapshot())
    else if (event) send(event[0], event[1])
  }
  send('snapshot', snapshot())
  state.changes.on('change', onChange)
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS)
  heartbeat.unref()
  const stop = () => {
    clearInterval(heartbeat)
    state.changes.off('change', onChange)
    response.end()
  }
  request.once('close', stop)
  return stop
}

function eventFor({ persona, personas, base }: StreamOptions, change: Change): 'snapshot' | [string, unknown] | undefined {
  if (change.kind === 'commands') return 'snapshot'
  if (change.chatId !== persona.telegramUserId) {
    const other = personas.find(({ telegramUserId }) => telegramUserId === change.chatId)
    return other && change.kind === 'message' && change.stored.fromBot ? ['unread', { persona: other.id }] : undefined
  }
  if (change.kind === 'action') return ['action', { action: change.action }]
  if (change.kind === 'keyboard') return 'snapshot'
  if (change.kind === 'answer') return ['answer', { queryId: change.query.id, ...change.query.answer }]
  if (change.kind === 'delete') return ['delete', { id: change.stored.message.message_id }]
  return [change.kind === 'message' ? 'message' : 'edit', viewMessage(change.stored, base)]
}
