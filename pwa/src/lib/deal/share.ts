import { toasts } from '../toasts.svelte.ts'
import { t } from './messages.ts'

/** The system's share sheet where there is one, else the clipboard. */
export async function shareLink(url: string, title: string): Promise<void> {
  if (typeof navigator.share === 'function') {
    // A cancelled share rejects too; nothing is to be said then.
    await navigator.share({ url, title }).catch(() => undefined)
    return
  }
  const copied = await navigator.clipboard?.writeText(url).then(
    () => true,
    () => false,
  )
  toasts.show(copied ? t('deal.copied') : url)
}
