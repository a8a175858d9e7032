import type { FieldKind } from '../../../../shared/domain/facts.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import { readAmount, writeAmount } from '../deal/amount.ts'

/** A range as people type it; an end that is left open is empty. Money stands in minor units in the address, in whole units of the organisation's currency here. */
export type TypedRange = { readonly from: string; readonly to: string }

export function splitRange(kind: FieldKind, value: string, locale: Locale, currency: string): TypedRange {
  const [from = '', to = value.includes('..') ? '' : from] = value.split('..')
  const show = (end: string): string =>
    end === ''
      ? ''
      : kind === 'money'
        ? writeAmount(Number(end), locale, currency)
        : kind === 'number' && locale === 'ru'
          ? end.replace('.', ',')
          : end
  return { from: show(from), to: show(to) }
}

/** What cannot be read is an open end. */
export function joinRange(kind: FieldKind, typed: TypedRange, locale: Locale, currency: string): string {
  const read = (text: string): string => {
    if (text.trim() === '') return ''
    if (kind === 'day') return /^\d{4}-\d\d-\d\d$/.test(text) ? text : ''
    if (kind === 'money') {
      const reading = readAmount(text, locale, currency)
      return 'amountMinor' in reading ? String(reading.amountMinor) : ''
    }
    const plain = text
      .replace(/[\s\u00a0\u202f_]/g, '')
      .replace('−', '-')
      .replace(',', '.')
    return /^-?\d{1,15}(\.\d{1,9})?$/.test(plain) ? plain : ''
  }
  const [from, to] = [read(typed.from), read(typed.to)]
  return from === '' && to === '' ? '' : `${from}..${to}`
}
