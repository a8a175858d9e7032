import { afterNavigate } from '$app/navigation'

/** Whether a screen of this app stands behind the present one, so that «back» may go there. Call while a component is set up. */
export function createBack(): (event: MouseEvent) => void {
  let cameFromInside = false
  afterNavigate(({ from, to }) => {
    // A sheet of this very screen is no screen behind it.
    if (from && from.url.pathname !== to?.url.pathname) cameFromInside = true
  })
  return (event) => {
    if (!cameFromInside || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    history.back()
  }
}
