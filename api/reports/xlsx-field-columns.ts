import type ExcelJS from 'exceljs'
import type { DealRowView } from '../../shared/views/deals.ts'
import type { FieldValueView } from '../../shared/views/processes.ts'
import type { ReportDeals } from './funnel-report.ts'
import { formats, moneyCell, moneyFormat, textCell } from './xlsx-cells.ts'
import type { Column } from './xlsx-style.ts'

type Locale = keyof typeof formats.day
type FieldColumn = { readonly code: string; readonly column: Column }

/** More than these would make a sheet that nobody reads; the list of the app has the rest. */
const mostColumns = 40

/** A column for every custom field that lists show, of whatever type; fields of several types that share a code share the column. */
export function fieldColumns(fields: ReportDeals['fields'], currency: string, locale: Locale): readonly FieldColumn[] {
  const found = new Map<string, ReportDeals['fields'][number]>()
  for (const field of fields) if (!found.has(field.code)) found.set(field.code, field)
  return [...found.values()].slice(0, mostColumns).map((field) => ({
    code: field.code,
    column: { title: textCell(field.name), width: field.kind === 'text' ? 30 : 18, ...formOf(field, currency, locale) },
  }))
}

/** What the deal holds in these columns: figures and days as such, all else in words. */
export function fieldCells(deal: DealRowView, columns: readonly FieldColumn[], currency: string): ExcelJS.CellValue[] {
  const byCode = new Map(deal.fields.map((field) => [field.code, field]))
  return columns.map(({ code }) => {
    const field = byCode.get(code)
    if (!field || field.value === null) return null
    if (field.kind === 'number') return Number(field.value)
    if (field.kind === 'money') return moneyCell(Number(field.value), currency)
    if (field.kind === 'day') return new Date(`${field.value}T00:00:00Z`)
    return textCell(field.text)
  })
}

function formOf({ kind }: Pick<FieldValueView, 'kind'>, currency: string, locale: Locale): Omit<Column, 'title' | 'width'> {
  // Excel's own way shows every digit that there is, and no mark after the last.
  if (kind === 'number') return {}
  if (kind === 'money') return { format: moneyFormat(currency) }
  if (kind === 'day') return { format: formats.day[locale] }
  return { isText: true, ...(kind === 'text' ? { wraps: true } : {}) }
}
