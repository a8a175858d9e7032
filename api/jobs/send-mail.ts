import { createTransport } from 'nodemailer'
import { type Letter, LetterRefused, type SendLetter } from '../usecases/reports/deliver-reports.ts'

export type Mail = {
  /** What stands as the sender. */
  readonly from: string
  readonly send: SendLetter
  close(): void
}

/**
 * The sender's address: `?from=` of SMTP_URL, else its user where that is an address, else `voronka@` at the host of PUBLIC_URL.
 * @param url of SMTP_URL; undefined: mail is not set up, and the answer null
 */
export function mailFromOf(url: string | undefined, publicUrl: string): string | null {
  if (url === undefined) return null
  const { searchParams, username } = new URL(url)
  const user = decodeURIComponent(username)
  return searchParams.get('from') ?? (user.includes('@') ? user : `voronka@${new URL(publicUrl).hostname}`)
}

/** @param url of SMTP_URL. @returns null when mail is not set up */
export function createMail(url: string | undefined, publicUrl: string): Mail | null {
  const from = mailFromOf(url, publicUrl)
  if (url === undefined || from === null) return null
  const plain = new URL(url)
  plain.searchParams.delete('from')
  const transport = createTransport({
    url: plain.href,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 120_000,
    // Nothing that stands in a letter is ever fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const host = new URL(publicUrl).hostname
  return {
    from,
    send: async ({ id, to, subject, text, html, file }: Letter) => {
      const attachments = [{ filename: file.name, contentType: file.mediaType, content: file.content }]
      const headers = { 'Auto-Submitted': 'auto-generated' }
      await transport
        .sendMail({ from, to, subject, text, html, attachments, headers, messageId: `<${id}@${host}>` })
        .catch((error: unknown) => {
          throw isFinal(error) ? new LetterRefused((error as Error).message) : error
        })
    },
    close: () => transport.close(),
  }
}

/** The server knows the address or the letter and will not have it: RFC 5321, 4.2.1. What concerns the login may be mended. */
function isFinal(error: unknown): boolean {
  const { code, responseCode } = error as { code?: string; responseCode?: number }
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500
}
