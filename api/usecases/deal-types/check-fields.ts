import { type FieldRow, type NamedKind, selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { selectVisibleFiles } from '../../../db/queries/files.ts'
import { visibleCounterparties } from '../../../db/queries/visibility.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { checkFields, type FieldProblem, type FieldValue } from '../../../shared/domain/custom-fields.ts'
import { describeFieldProblem } from '../../../shared/messages/describe-field.ts'
import type { Session } from '../../session.ts'

type Values = Readonly<Record<string, FieldValue>>

/** What a deal carries already is not looked up again: it may have gone out of the person's sight since. */
type Checking = { readonly typeId: number; readonly isWhole: boolean; readonly before?: Values }

/**
 * The values for a deal's fields, brought to the form they are kept in.
 * @throws AppError input_invalid with a problem per field, named by it
 */
export async function checkDealFields(
  session: Session,
  given: Readonly<Record<string, unknown>>,
  { typeId, isWhole, before = {} }: Checking,
): Promise<{ readonly values: Values; readonly fields: readonly FieldRow[] }> {
  const fields = (await selectCustomFields(session.em)).filter((field) => field.typeId === typeId)
  const { values, problems } = checkFields(fields, given, isWhole)
  const unknown = await findUnknown(session, fields, values, before)
  const all = [...problems, ...unknown]
  if (all.length > 0) throw new AppError('input_invalid', { problems: all.map((problem) => say(session, fields, problem)) })
  return { values, fields }
}

type Problem = { readonly code: string; readonly problem: FieldProblem }

function say({ locale }: Session, fields: readonly FieldRow[], { code, problem }: Problem) {
  const name = fields.find((field) => field.code === code)?.names[locale]
  const message = describeFieldProblem(problem, locale)
  return { path: `fields.${code}`, message: name === undefined ? message : `«${name}»: ${message}` }
}

/** Files, clients and employees that are not there for the actor. */
async function findUnknown(session: Session, fields: readonly FieldRow[], values: Values, before: Values): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const kind of ['file', 'counterparty', 'employee'] as const) {
    const named = fields.filter(
      (field) => field.kind === kind && typeof values[field.code] === 'string' && values[field.code] !== before[field.code],
    )
    if (named.length === 0) continue
    const found = await selectKnownIds(
      session,
      kind,
      named.map((field) => Number(values[field.code])),
    )
    for (const field of named)
      if (!found.has(Number(values[field.code]))) problems.push({ code: field.code, problem: `not_${kind}` })
  }
  return problems
}

async function selectKnownIds(session: Session, kind: NamedKind, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const { em, actor } = session
  switch (kind) {
    case 'file':
      return new Set((await selectVisibleFiles(em, actor, ids)).map(({ id }) => id))
    case 'counterparty':
      return idsOf(
        await selectRows(
          em,
          sql`select id from counterparty where id = any(${[...ids]}::int[]) and ${visibleCounterparties(actor)}`,
        ),
      )
    case 'employee':
      return idsOf(
        await selectRows(em, sql`select id from employee where id = any(${[...ids]}::int[]) and deactivated_at is null`),
      )
  }
}

function idsOf(rows: readonly unknown[]): ReadonlySet<number> {
  return new Set(rows.map((row) => (row as { id: number }).id))
}
