import { type FieldRow, selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { checkField, type FieldValue } from '../../../shared/domain/custom-fields.ts'
import { readFieldCell } from '../../../shared/domain/field-texts.ts'
import type { Cell } from '../../../shared/domain/import-values.ts'
import { describeFieldProblem } from '../../../shared/messages/describe-field.ts'
import type { ImportMapping } from '../../../shared/schemas/imports.ts'
import type { Session } from '../../session.ts'
import { RowRefused } from './row-values.ts'
import { compileSource, type ReadCell, type SourceContext } from './sources.ts'
import { columnTitle, type Survey } from './survey.ts'

/** Reads the columns that mean custom fields. */
export type CustomValues = {
  /** By code, of a type's fields: null where the cell is empty. @throws RowRefused */
  read(typeId: number, cells: readonly Cell[]): Readonly<Record<string, FieldValue>>
}

/** The fields that a file can fill: a file field holds what was uploaded, which no table does. */
export async function selectImportableFields(session: Session): Promise<readonly FieldRow[]> {
  return (await selectCustomFields(session.em)).filter((field) => !field.archived && field.kind !== 'file')
}

/** @param survey how the file writes its amounts; days of these columns are read each as it stands, unless the mapping says how */
export async function openCustomValues(
  session: Session,
  mapping: ImportMapping,
  context: SourceContext,
  survey: Survey,
): Promise<CustomValues> {
  const columns = new Map<string, { read: ReadCell; title: string }>(
    Object.entries(mapping.fields).map(([code, source]) => [
      code,
      { read: compileSource(source, context), title: columnTitle(source, context) },
    ]),
  )
  const fields = (await selectImportableFields(session)).filter((field) => columns.has(field.code))
  const names = await readNames(session, fields)
  const decimal = mapping.decimal ?? (mapping.columns.amount === undefined ? undefined : survey.decimal)
  return {
    read(typeId, cells) {
      const values: Record<string, FieldValue> = {}
      for (const field of fields) {
        if (field.typeId !== typeId) continue
        const { read, title } = columns.get(field.code)!
        const cell = read(cells)
        const written = readFieldCell(field, cell, { decimal, dateForm: mapping.dateForm })
        const isNamed = field.kind === 'counterparty' || field.kind === 'employee'
        const given = isNamed && typeof written === 'string' ? names.get(`${field.kind} ${written.toLowerCase()}`) : written
        const checked = given === undefined ? ({ ok: false, problem: `not_${field.kind}` } as const) : checkField(field, given)
        if (!checked.ok)
          throw new RowRefused('field_wrong', title, {
            value: String(cell),
            why: describeFieldProblem(checked.problem, session.locale),
          })
        values[field.code] = checked.value
      }
      return values
    },
  }
}

/** Clients and active employees by name, employees by login too; read only where a column names them. */
async function readNames({ em }: Session, fields: readonly FieldRow[]): Promise<ReadonlyMap<string, string>> {
  const asksFor = (kind: FieldRow['kind']) => fields.some((field) => field.kind === kind)
  if (!asksFor('counterparty') && !asksFor('employee')) return new Map()
  const rows = await selectRows<{ key: string; id: string }>(
    em,
    sql`select 'employee ' || lower(login) as key, id::text from employee where ${asksFor('employee')} and deactivated_at is null
      union all select 'employee ' || lower(name), id::text from employee where ${asksFor('employee')} and deactivated_at is null
      union all select 'counterparty ' || lower(name), id::text from counterparty where ${asksFor('counterparty')} and archived_at is null`,
  )
  return new Map(rows.map(({ key, id }) => [key, id]))
}
