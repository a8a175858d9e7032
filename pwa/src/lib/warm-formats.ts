import { formatDateTime } from '../../../shared/messages/format.ts'
import { i18n } from './i18n.svelte.ts'
import { session } from './session.svelte.ts'

/**
 * Builds the formats that every screen needs, each in a task of its own while the first answers are on their way: the first of each kind
 * costs a slow phone tens of milliseconds, which the first screen would else wait for.
 */
export function warmFormats(): void {
  const builds = [
    () => formatDateTime('2026-01-01T00:00:00Z', session.timeZone, i18n.locale, 2026),
    () => new Intl.PluralRules(i18n.locale).select(1),
  ]
  for (const build of builds) setTimeout(build)
}
