import { ApiError, getFile } from '../api.ts'
import { t } from '../messages.ts'
import { sayError } from '../say-error.ts'
import { toasts } from '../toasts.svelte.ts'
import type { FunnelState } from './funnel-state.svelte.ts'

/** `pack`: a PDF of several pages. */
export type ReportKind = 'pdf' | 'pack' | 'xlsx' | 'png'

/** The report of the present slice as a file; a refusal is said in a toast and gives null. */
export async function makeReport(kind: ReportKind, funnel: FunnelState): Promise<File | null> {
  try {
    return await getFile(kind === 'pack' ? funnel.path('/api/funnel.pdf', { pack: '1' }) : funnel.path(`/api/funnel.${kind}`))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    toasts.show(`${t('report.failed')} ${sayError(error)}`, { kind: 'error' })
    return null
  }
}

/** Hands a file to the browser's downloads under its own name. */
export function saveFile(file: File): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  // The download has taken the data by the next task; a minute is plenty for slow disks.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  toasts.show(t('report.saved', { name: file.name }))
}

export function canShareFiles(): boolean {
  return navigator.canShare?.({ files: [new File(['.'], 'report.pdf', { type: 'application/pdf' })] }) ?? false
}

/** The system's share sheet; where the browser refuses (the tap was too long ago), the file is saved instead. */
export async function shareFile(file: File, title: string): Promise<void> {
  try {
    await navigator.share({ files: [file], title })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return
    saveFile(file)
  }
}

/** Copies the address of what is on the screen. */
export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href)
    toasts.show(t('report.linkCopied'))
  } catch {
    // Without a secure origin there is no clipboard: show the address to be copied by hand.
    toasts.show(location.href)
  }
}
