import type { FieldDefinition } from './custom-fields.ts'
import type { DateForm } from './import-dates.ts'
import { detectDateForm, parseDay } from './import-dates.ts'
import { type Cell, cellText, detectDecimal, isBlankCell, parseMoney, parseNumber, parseYesNo } from './import-values.ts'

/** How the file writes what cannot be told from one cell. */
export type CellForms = { readonly decimal?: '.' | ',' | undefined; readonly dateForm?: DateForm | undefined }

/**
 * A cell of a table as a value of a field, before `checkField`: options by code or by either name, several of them parted by `;` or `,`.
 * Clients and employees come back as their names, for the caller to look up; what cannot be read comes back as written, so that the check says so.
 */
export function readFieldCell(field: FieldDefinition, cell: Cell, forms: CellForms = {}): unknown {
  if (isBlankCell(cell)) return null
  const text = cellText(cell)
  switch (field.kind) {
    case 'number':
      return valueOr(text, parseNumber(cell, { decimal: decimalOf(cell, forms, null) }))
    case 'money': {
      const money = parseMoney(cell, { decimal: decimalOf(cell, forms, 2) })
      return money.ok ? money.value.amountMinor : text
    }
    case 'day':
      return valueOr(text, parseDay(cell, forms.dateForm ?? formOf(cell)))
    case 'flag':
      return valueOr(text, parseYesNo(cell))
    case 'choice':
      return codeOf(field, text)
    case 'several':
      return text
        .split(/[;,]/)
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => codeOf(field, part))
    case 'text':
    case 'file':
    case 'counterparty':
    case 'employee':
      return text
  }
}

function valueOr<Value>(text: string, parsed: { ok: true; value: Value } | { ok: false }): Value | string {
  return parsed.ok ? parsed.value : text
}

function codeOf({ options }: FieldDefinition, text: string): string {
  const word = text.toLowerCase()
  return options.find(({ code, ru, en }) => [code, ru, en].some((name) => name.toLowerCase() === word))?.code ?? text
}

function decimalOf(cell: Cell, forms: CellForms, usualDecimals: number | null): '.' | ',' {
  if (forms.decimal) return forms.decimal
  const found = detectDecimal([cell], usualDecimals)
  return found.ok ? found.value : ','
}

/** A lone day that reads both ways is read as written in Russia. */
function formOf(cell: Cell): DateForm {
  const found = detectDateForm([cell])
  return found.ok ? found.value : 'dmy'
}
