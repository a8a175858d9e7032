import { IntlMessageFormat } from 'intl-messageformat'
import type { Locale } from '../views/common.ts'
import { nestQuotes } from './nest-quotes.ts'

/** A catalogue of one area in one language: key -> ICU message. */
export type Catalogue<Key extends string = string> = Readonly<Record<Key, string>>
export type MessageValues = Readonly<Record<string, string | number | boolean | null | undefined>>

type Parsed = Exclude<ConstructorParameters<typeof IntlMessageFormat>[0], string>

/** Looks a message up and fills it in. */
export type Translate<Key extends string> = (key: Key, values?: MessageValues) => string

/**
 * Makes the translator of one catalogue. Messages are ICU (plurals by CLDR); parsed once per key, plain text is returned as it is.
 * In Russian what is filled in may bring quotation marks of its own: those become the inner ones.
 * @param locale decides plurals and number forms inside messages.
 */
export function createTranslate<Key extends string>(locale: Locale, catalogue: Catalogue<Key>): Translate<Key> {
  const parsed = new Map<Key, IntlMessageFormat>()
  return (key, values) => {
    // The app's build has parsed the messages already: those come as what the parser makes of them.
    const text: string | Parsed = catalogue[key]
    if (typeof text === 'string' && !text.includes('{') && !text.includes("'")) return text
    let message = parsed.get(key)
    if (!message) {
      message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true })
      parsed.set(key, message)
    }
    const said = String(message.format(values as Record<string, string>))
    return locale === 'ru' ? nestQuotes(said) : said
  }
}
