import assert from 'node:assert/strict'
import type { ChatSnapshot, MessageView } from '../../bot/emulator/chat-view.ts'
import type { Role } from '../../shared/views/common.ts'
import type { Program } from './program.ts'

/** A demo person's chat with the bot, through what the page at /chat itself asks for. */
export type Chat = {
  readonly messages: () => Promise<readonly MessageView[]>
  /** Writes, and waits for the bot's next message. */
  readonly write: (text: string) => Promise<MessageView>
  /** Presses a button of a message, and waits until the bot wrote or changed something that fits. */
  readonly press: (message: MessageView, label: RegExp, fits: (message: MessageView) => boolean) => Promise<MessageView>
}

export function openChat({ url }: Program, role: Role): Chat {
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { origin: url, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/chat/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ persona: role, ...body }),
    })
    assert.equal(answer.status, 200, `${path}: ${await answer.text()}`)
  }
  const messages = () => readSnapshot(`${url}/chat/events?persona=${role}&lang=ru`)
  const until = async (fits: (message: MessageView) => boolean): Promise<MessageView> => {
    for (let turn = 0; turn < 150; turn++) {
      const found = (await messages()).findLast((message) => !message.mine && fits(message))
      if (found) return found
      await new Promise((done) => setTimeout(done, 100))
    }
    const seen = (await messages()).map(({ text }) => text.slice(0, 200))
    assert.fail(`the bot never answered as expected:\n${seen.join('\n---\n')}`)
  }
  return {
    messages,
    async write(text) {
      const before = (await messages()).at(-1)?.id ?? 0
      await post('send', { text })
      return until(({ id }) => id > before)
    },
    async press(message, label, fits) {
      for (const [row, keys] of message.buttons.entries()) {
        const column = keys.findIndex(({ text }) => label.test(text))
        if (column < 0) continue
        await post('press', { message: message.id, row, column, text: keys[column]!.text })
        return until(fits)
      }
      assert.fail(`no button ${label} among ${JSON.stringify(message.buttons.flat().map(({ text }) => text))}`)
    },
  }
}

/** The first event of the stream is the whole chat. */
async function readSnapshot(address: string): Promise<readonly MessageView[]> {
  const abort = new AbortController()
  const { body } = await fetch(address, { signal: abort.signal })
  let text = ''
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const end = text.indexOf('\n\n')
    if (end < 0) continue
    abort.abort()
    const data = text.slice(text.indexOf('data: ') + 6, end)
    return (JSON.parse(data) as ChatSnapshot).messages
  }
  throw new Error('the chat gave no snapshot')
}
