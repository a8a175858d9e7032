import { type Cell, cellText, isBlankCell } from '../../../shared/domain/import-values.ts'
import type { ImportSource } from '../../../shared/schemas/imports.ts'

/** Gives a row's value for a field; an empty text where there is none. */
export type ReadCell = (cells: readonly Cell[]) => Cell

/** A reference file in memory: key -> row, as texts by column. */
export type Lookup = {
  readonly on: string
  readonly columns: readonly string[]
  readonly rows: ReadonlyMap<string, Readonly<Record<string, string>>>
}

export type SourceContext = {
  readonly header: readonly string[]
  readonly lookups: ReadonlyMap<string, Lookup>
  /** Column -> what is written -> what is meant; may still grow while the compiled readers are in use. */
  readonly repairs: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** The columns that a source needs; with `lookup:` in front those of a reference file. */
export function columnsOf(source: ImportSource, context: Pick<SourceContext, 'lookups'>): readonly string[] {
  if (typeof source === 'string') return [source]
  if ('value' in source) return []
  if ('template' in source) return [...source.template.matchAll(/\{([^{}]+)\}/g)].map(([, column]) => column!.trim())
  return [context.lookups.get(source.lookup)?.on ?? '']
}

/** Makes a source into a function over rows. The mapping was checked: its columns are there. */
export function compileSource(source: ImportSource, context: SourceContext): ReadCell {
  if (typeof source === 'string') return columnReader(source, context)
  if ('value' in source) return () => source.value
  if ('template' in source) return templateReader(source.template, context)
  const lookup = context.lookups.get(source.lookup)
  const key = columnReader(lookup?.on ?? '', context)
  return (cells) => lookup?.rows.get(cellText(key(cells)))?.[source.column] ?? ''
}

function columnReader(column: string, { header, repairs }: SourceContext): ReadCell {
  const index = header.indexOf(column)
  return (cells) => {
    const cell = cells[index] ?? ''
    const meant = repairs.get(column)?.get(cellText(cell))
    return meant ?? cell
  }
}

function templateReader(template: string, context: SourceContext): ReadCell {
  const parts = template
    .split(/\{([^{}]+)\}/g)
    .map((part, index) => (index % 2 === 0 ? part : columnReader(part.trim(), context)))
  return (cells) => {
    const texts = parts.map((part) => (typeof part === 'string' ? part : textOf(part(cells))))
    const isEmpty = texts.every((text, index) => typeof parts[index] === 'string' || text === '')
    return isEmpty && parts.length > 1 ? '' : texts.join('').replace(/^[\s,;:·—–-]+|[\s,;:·—–-]+$/g, '')
  }
}

/** The text of a cell, empty for the dash that stands for nothing. */
export function textOf(cell: Cell): string {
  return isBlankCell(cell) ? '' : cellText(cell).replace(/\s+/g, ' ')
}
