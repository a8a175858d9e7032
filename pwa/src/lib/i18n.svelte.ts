import { type Catalogue, createTranslate, type Translate } from '../../../shared/messages/translate.ts'
import type { Locale } from '../../../shared/views/common.ts'

/**
 * Language of the app. Only the chosen language's catalogues are fetched; switching needs no reload, since `locale` is a rune
 * and every translator reads it.
 */
const storageKey = 'voronka.locale'

function initialLocale(): Locale {
  const stored = localStorage.getItem(storageKey)
  if (stored === 'ru' || stored === 'en') return stored
  return navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en'
}

let locale = $state<Locale>(initialLocale())

type Area = { readonly load: (locale: Locale) => Promise<void> }
const areas = new Set<Area>()

export const i18n = {
  get locale(): Locale {
    return locale
  },
  /** True when the person chose the language in this browser, as against the browser's own. */
  get isChosen(): boolean {
    return localStorage.getItem(storageKey) !== null
  },
  /** Switches the language of the whole app once the catalogues of every area in use are here. */
  async choose(next: Locale, remember = true): Promise<void> {
    await Promise.all([...areas].map((area) => area.load(next)))
    locale = next
    document.documentElement.lang = next
    if (remember) localStorage.setItem(storageKey, next)
  },
}

export type Messages<Key extends string> = {
  /** Waits until the catalogue of the present language is here; call it in `load` before the first `t`. */
  readonly ready: () => Promise<void>
  readonly t: Translate<Key>
}

/**
 * Makes the translator of one area of the app from the loaders of its two catalogues.
 * @param loaders dynamic imports, so that each language is a chunk of its own.
 */
export function createMessages<Key extends string>(
  loaders: Readonly<Record<Locale, () => Promise<Catalogue<Key>>>>,
): Messages<Key> {
  const translators: Partial<Record<Locale, Translate<Key>>> = {}
  const load = async (wanted: Locale): Promise<void> => {
    translators[wanted] ??= createTranslate(wanted, await loaders[wanted]())
  }
  areas.add({ load })
  return {
    ready: () => load(locale),
    t: (key, values) => translators[locale]?.(key, values) ?? key,
  }
}
