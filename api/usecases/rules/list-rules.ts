import { type FactDictionaryRow, selectFactDictionary } from '../../../db/queries/facts.ts'
import { type FiringRow, type RuleRow, selectFiringPage, selectRules } from '../../../db/queries/firings.ts'
import type { IdCursor } from '../../../db/queries/people.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { type Condition, factsIn } from '../../../shared/domain/conditions.ts'
import type { RuleWords } from '../../../shared/messages/describe-condition.ts'
import { type RuleVocabulary, ruleWords } from '../../../shared/messages/rule-words.ts'
import type { ListFiringsInput } from '../../../shared/schemas/process.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { assertSettings } from '../people.ts'
import { factsOf } from './list-facts.ts'

export type ToldRules = { readonly rows: readonly RuleRow[]; readonly words: RuleWords }
export type FiringPage = { readonly rows: readonly FiringRow[]; readonly next: IdCursor | null; readonly total: number }

/** The company's rules in the order they are asked, archived ones last, and the words to tell them with. @throws AppError forbidden */
export async function listRules(session: Session): Promise<ToldRules> {
  assertSettings(session)
  const rows = await selectRules(session.em)
  return { rows, words: await readRuleWords(session, rows) }
}

/** What rules did, newest first. @throws AppError forbidden */
export async function listFirings(session: Session, input: ListFiringsInput): Promise<FiringPage> {
  assertSettings(session)
  return selectFiringPage(session.em, session.actor, { ...input, cursor: decodeCursor(input.cursor, 'id') })
}

/** The words of these rules in the session's language; what is archived keeps its name. */
export async function readRuleWords(session: Session, rules: readonly RuleRow[]): Promise<RuleWords> {
  const { em, locale, organization } = session
  const dictionary = await selectFactDictionary(em)
  const archived = await selectRows<{ kind: string; code: string; ru: string; en: string }>(
    em,
    sql`select 'status' as kind, code, name_ru as ru, name_en as en from status
      union all select 'dealType', code, name_ru, name_en from deal_type
      union all select 'template', code, name_ru, name_en from process_template
      union all select 'documentType', code, name_ru, name_en from document_type`,
  )
  const people = await selectRows<{ kind: string; id: number; name: string }>(
    em,
    sql`select 'employee' as kind, id, name from employee
      union all select 'counterparty', id, name from counterparty where id = any(${clientsIn(rules, dictionary)}::int[])`,
  )
  const coded = (kind: string): { code: string; name: string }[] =>
    archived.filter((row) => row.kind === kind).map((row) => ({ code: row.code, name: row[locale] }))
  const stagesOf = new Map(dictionary.templates.map(({ code, stages }) => [code, stages]))
  const vocabulary: RuleVocabulary = {
    facts: factsOf(dictionary, locale),
    dealTypes: coded('dealType'),
    statuses: coded('status'),
    templates: coded('template').map((template) => ({
      ...template,
      stages: (stagesOf.get(template.code) ?? []).map(({ code, names }) => ({ code, name: names[locale] })),
    })),
    documentTypes: coded('documentType'),
    employees: people.filter(({ kind }) => kind === 'employee'),
    counterparties: people.filter(({ kind }) => kind === 'counterparty'),
    currency: organization.baseCurrency,
  }
  return ruleWords(vocabulary, locale)
}

/** Ids of the clients that conditions name. */
function clientsIn(rules: readonly RuleRow[], dictionary: FactDictionaryRow): number[] {
  const keys = new Set([
    'counterparty',
    ...dictionary.fields.filter(({ kind }) => kind === 'counterparty').map(({ code }) => `field.${code}`),
  ])
  const idsIn = (condition: Condition): number[] => {
    if ('all' in condition) return condition.all.flatMap(idsIn)
    if ('any' in condition) return condition.any.flatMap(idsIn)
    return keys.has(condition.fact) ? [condition.value ?? []].flat().map(Number).filter(Number.isSafeInteger) : []
  }
  return rules
    .filter(({ condition }) => factsIn(condition).some((fact) => keys.has(fact)))
    .flatMap(({ condition }) => idsIn(condition))
}
