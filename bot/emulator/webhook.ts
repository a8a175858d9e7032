import type { Update } from '@grammyjs/types'

export type WebhookReply = {
  status: number
  reason: string
  retryAfterMs?: number
  call?: { method: string } & Record<string, unknown>
}

const TIMEOUT_MS = 60_000

/**
 * One attempt to hand an update to the webhook.
 * @param secret sent in X-Telegram-Bot-Api-Secret-Token when given
 * @returns status 0 when there was no answer; `call` when the answer is itself a method call
 */
export async function deliverWebhook(
  url: string,
  secret: string | undefined,
  update: Update,
  signal: AbortSignal,
): Promise<WebhookReply> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...(secret ? { 'x-telegram-bot-api-secret-token': secret } : {}) },
      body: JSON.stringify(update),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const body = await response.text()
    const seconds = Number(response.headers.get('retry-after'))
    return {
      status: response.status,
      reason: response.statusText,
      ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
      ...readCall(response.headers.get('content-type') ?? '', body),
    }
  } catch (error) {
    return { status: 0, reason: error instanceof Error ? error.message : 'no answer' }
  }
}

function readCall(contentType: string, body: string): Pick<WebhookReply, 'call'> {
  if (!contentType.startsWith('application/json') || body === '') return {}
  try {
    const value = JSON.parse(body)
    return typeof value?.method === 'string' ? { call: value } : {}
  } catch {
    return {}
  }
}
