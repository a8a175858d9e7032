import { type DealTypeRow, type StatusRow, selectDealTypes } from '../../../db/queries/dictionaries.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { indexKnown, type KnownIndex, proposeRepair } from '../../../shared/domain/near-miss.ts'
import type { ImportMapping } from '../../../shared/schemas/imports.ts'
import type { Session } from '../../session.ts'
import { readStatuses, type StatusDictionary } from '../dictionary.ts'
import type { Refusal, Reporter } from './report.ts'
import { mappingRefusal, sayImport } from './sentences.ts'

/** The status of a word of the file; null when the mapping leaves such rows out. */
export type StatusMatch =
  | { readonly ok: true; readonly status: StatusRow | null }
  /** `near`: what the word probably means. */
  | { readonly ok: false; readonly refusal: Refusal; readonly near: string | null }
export type StatusMatcher = {
  readonly dictionary: StatusDictionary
  match(word: string): StatusMatch
  byCode(code: string): StatusRow
}

const fold = (text: string): string => text.trim().toLowerCase().replaceAll('ё', 'е')
const wonWords = new Set(['won', 'closed won', 'выиграна', 'выиграно', 'успешно', 'успешно реализовано', 'продано'])
const lostWords = new Set(['lost', 'closed lost', 'проиграна', 'проиграно', 'закрыто и не реализовано', 'отказ'])

/** Matches words to statuses: by the mapping, by code, by either name, by the usual words for won and lost. @throws AppError import_mapping_invalid */
export async function openStatusMatcher(
  session: Session,
  mapping: ImportMapping,
  column: string,
  report: Reporter,
): Promise<StatusMatcher> {
  const dictionary = await readStatuses(session)
  const live = dictionary.all.filter((status) => !status.archived)
  const byCode = (code: string): StatusRow => {
    const named = dictionary.all.find((status) => status.code === code)
    const found = named && dictionary.resolve(named.id)
    if (!found || found.archived) throw mappingRefusal([sayImport[session.locale]('mapping_status_missing', { code })])
    return found
  }
  const given = new Map(
    Object.entries(mapping.values.status ?? {}).map(([word, code]) => [fold(word), code === null ? null : byCode(code)]),
  )
  const names = new Map<string, StatusRow>()
  // The name of a merged one means the one it counts as; a living one of that name goes before.
  for (const status of [...dictionary.all.filter(({ mergedIntoId }) => mergedIntoId !== null), ...live.toReversed()])
    for (const name of [status.names.en, status.names.ru, status.code]) names.set(fold(name), dictionary.resolve(status.id))
  const usual = (word: string): StatusRow | undefined =>
    wonWords.has(word)
      ? live.find(({ isWon }) => isWon)
      : lostWords.has(word)
        ? live.find(({ category }) => category === 'lost')
        : undefined
  const known = new Map<string, StatusMatch>()
  let index: KnownIndex | null = null
  const lookUp = (word: string): StatusMatch => {
    const folded = fold(word)
    if (word === '') return refused('status_empty', column, {})
    if (given.has(folded)) return { ok: true, status: given.get(folded)! }
    const found = names.get(folded) ?? usual(folded)
    if (found) return { ok: true, status: found }
    index ??= indexKnown([...Object.keys(mapping.values.status ?? {}), ...live.flatMap(({ names: { ru, en } }) => [ru, en])])
    const proposal = proposeRepair(word, index)
    if (!proposal) return refused('status_unknown', column, { value: word })
    if (!proposal.certain)
      return refused('status_unknown_near', column, { value: word, proposal: proposal.value }, proposal.value)
    return lookUp(proposal.value)
  }
  return {
    dictionary,
    byCode,
    match(word) {
      let match = known.get(word)
      if (!match) {
        match = lookUp(word)
        known.set(word, match)
      }
      if (!match.ok && match.near !== null) report.repair(column, word, match.near, false)
      return match
    },
  }
}

function refused(code: Refusal['code'], column: string, values: Refusal['values'], near: string | null = null): StatusMatch {
  return { ok: false, refusal: { code, column: column === '' ? null : column, values }, near }
}

export type TypeMatcher = { readonly default: DealTypeRow; match(word: string): DealTypeRow | null }

/** Matches words to deal types; rows without one get the default: the mapping's, its first, or the company's first. @throws AppError import_mapping_invalid */
export async function openTypeMatcher(session: Session, mapping: ImportMapping, report: Reporter): Promise<TypeMatcher> {
  const live = (await selectDealTypes(session.em)).filter((type) => !type.archived)
  const code = mapping.defaults.type ?? mapping.types[0]?.code
  const fallback =
    code === undefined ? (live[0] ?? (await createPlainType(session, report))) : live.find((type) => type.code === code)
  if (!fallback) throw mappingRefusal([sayImport[session.locale]('mapping_type_missing', { code: code ?? '' })])
  const names = new Map<string, DealTypeRow>()
  for (const type of live) for (const name of [type.names.en, type.names.ru, type.code]) names.set(fold(name), type)
  const given = new Map(Object.entries(mapping.values.type ?? {}).map(([word, to]) => [fold(word), to]))
  return {
    default: fallback,
    match: (word) => (word === '' ? fallback : (names.get(fold(given.get(fold(word)) ?? word)) ?? null)),
  }
}

/** A company without a single deal type gets one without a process. */
async function createPlainType(session: Session, report: Reporter): Promise<DealTypeRow> {
  const row = await selectRow<{ id: number }>(
    session.em,
    sql`insert into deal_type (code, name_ru, name_en) values ('imported', 'Импорт', 'Imported')
      on conflict (code) do update set archived_at = null, version = deal_type.version + 1 returning id`,
  )
  report.created('dealTypes', [row!.id])
  return (await selectDealTypes(session.em)).find(({ id }) => id === row!.id)!
}
