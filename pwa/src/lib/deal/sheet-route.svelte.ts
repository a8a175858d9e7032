import { withParams } from '#lib/query.ts'
import { goto } from '$app/navigation'
import { page } from '$app/state'

/** Sheets stand in the address (`?do=lose`), so that the phone's «back» closes them and a link opens them. */
let pushed = false

export function openSheetName(): string | null {
  return page.url.searchParams.get('do')
}

/** Opens a sheet; from another sheet the step in the history is replaced, so that one «back» leaves both. */
export function openSheet(name: string): void {
  const replace = openSheetName() !== null
  if (!replace) pushed = true
  void goto(withParams(page.url, { do: name }), { replace, reset: false })
}

export function closeSheet(): void {
  if (openSheetName() === null) return
  if (pushed) history.back()
  else void goto(withParams(page.url, { do: null }), { replace: true, reset: false })
  pushed = false
}

/**
 * Whether a sheet is being left for another address: that address then takes the sheet's place in the history.
 * The caller takes `do` out of the address.
 */
export function leaveSheet(): boolean {
  pushed = false
  return openSheetName() !== null
}
