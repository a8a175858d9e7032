import { withParams } from '#lib/query.ts'
import { goto } from '$app/navigation'
import { page } from '$app/state'

/** The chosen stage stands in the address (`?stage=stage-2`), so that the phone's «back» leaves it and a link opens it. */
let pushed = false

export function chosenStage(): string | null {
  return page.url.searchParams.get('stage')
}

export function stageHref(code: string): string {
  return withParams(page.url, { stage: code, do: null })
}

/** From another stage the step in the history is replaced, so that one «back» leaves both. */
export function openStage(code: string): void {
  if (code === chosenStage()) return
  const replace = chosenStage() !== null
  if (!replace) pushed = true
  void goto(stageHref(code), { replace, reset: false })
}

export function closeStage(): void {
  if (chosenStage() === null) return
  if (pushed) history.back()
  else void goto(withParams(page.url, { stage: null }), { replace: true, reset: false })
  pushed = false
}
