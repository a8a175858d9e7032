import { appReportsEn } from '../shared/messages/en/app-reports.ts'
import { botEn } from '../shared/messages/en/bot.ts'
import { type AppReportsKey, appReportsRu } from '../shared/messages/ru/app-reports.ts'
import { type BotKey, botRu } from '../shared/messages/ru/bot.ts'
import { createTranslate, type Translate } from '../shared/messages/translate.ts'
import type { Locale } from '../shared/views/common.ts'

const translators: Readonly<Record<Locale, Translate<BotKey>>> = {
  ru: createTranslate('ru', botRu),
  en: createTranslate('en', botEn),
}

/** The bot's own texts. Values are put in as they are: escape what people wrote before it goes into HTML. */
export function botText(locale: Locale): Translate<BotKey> {
  return translators[locale]
}

const schedules: Readonly<Record<Locale, Translate<AppReportsKey>>> = {
  ru: createTranslate('ru', appReportsRu),
  en: createTranslate('en', appReportsEn),
}

/** Words of schedules, the same that the app has. */
export function scheduleText(locale: Locale): Translate<AppReportsKey> {
  return schedules[locale]
}

/** The language of somebody whom the CRM does not know. */
export function localeOfTelegram(languageCode: string | undefined): Locale {
  return languageCode === undefined || /^(ru|be|uk|kk)\b/.test(languageCode) ? 'ru' : 'en'
}
