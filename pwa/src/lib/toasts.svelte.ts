/** Short messages at the foot of the screen, with at most one thing to do about them. */
export type Toast = {
  readonly id: number
  readonly text: string
  readonly kind: 'plain' | 'error'
  readonly action: { readonly label: string; readonly run: () => void } | null
}

/** An undo must stand long enough to be read and reached. */
const shownMs = 8000
let shown = $state.raw<readonly Toast[]>([])
let lastId = 0

export const toasts = {
  get shown(): readonly Toast[] {
    return shown
  },
  show(text: string, options: { readonly kind?: Toast['kind']; readonly action?: Toast['action'] } = {}): number {
    const toast: Toast = { id: ++lastId, text, kind: options.kind ?? 'plain', action: options.action ?? null }
    // On a phone a pile would cover the work; and what an earlier one offers is past once there is something newer to do.
    shown = [...shown.filter((one) => toast.action === null || one.action === null).slice(-1), toast]
    setTimeout(() => toasts.close(toast.id), shownMs)
    return toast.id
  },
  close(id: number): void {
    shown = shown.filter((toast) => toast.id !== id)
  },
}
