import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { SMTPServer } from 'smtp-server'

export type ReceivedLetter = { readonly from: string; readonly to: readonly string[]; readonly source: string }

export type Mailbox = {
  /** As SMTP_URL. */
  readonly url: string
  readonly letters: readonly ReceivedLetter[]
  /** The next letter is answered so, once. */
  refuseNext(code: number, text: string): void
}

const open: SMTPServer[] = []
after(() => Promise.all(open.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))))

/** A mail server on a free port of this machine that takes every letter, until the file's tests end. */
export async function openMailbox(): Promise<Mailbox> {
  const letters: ReceivedLetter[] = []
  let refusal: Error | null = null
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(_address, _session, callback) {
      const now = refusal
      refusal = null
      callback(now)
    },
    onData(stream, { envelope }, callback) {
      let source = ''
      stream.setEncoding('utf8').on('data', (part: string) => {
        source += part
      })
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        letters.push({ from, to: envelope.rcptTo.map(({ address }) => address), source })
        callback()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  open.push(server)
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}/?from=crm@example.com`,
    letters,
    refuseNext(code, text) {
      refusal = Object.assign(new Error(text), { responseCode: code })
    },
  }
}
