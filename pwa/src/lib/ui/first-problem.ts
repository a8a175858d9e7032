import { tick } from 'svelte'

/** Controls that a form has marked as wrong, and the sentences that say so. */
const marked = '[aria-invalid="true"], .bad :is(input, select, textarea, button), button.bad, .error, [role="alert"]'

/**
 * Brings the first thing that a refused form complains of into sight, and the focus with it: on a phone it may lie a screen above the button.
 * @param root where to look; nothing happens when it complains of nothing
 */
export async function showFirstProblem(root: HTMLElement | undefined): Promise<void> {
  await tick()
  const first = root?.querySelector<HTMLElement>(marked)
  first?.scrollIntoView({ block: 'center' })
  first?.focus({ preventScroll: true })
}
