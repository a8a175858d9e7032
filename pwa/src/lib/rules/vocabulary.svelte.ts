import type { Condition } from '../../../../shared/domain/conditions.ts'
import type { RuleWords } from '../../../../shared/messages/describe-condition.ts'
import { ruleWords } from '../../../../shared/messages/rule-words.ts'
import type { PageView } from '../../../../shared/views/common.ts'
import type {
  CounterpartyCardView,
  DealTypeView,
  EmployeeView,
  ProcessTemplateView,
  StatusView,
} from '../../../../shared/views/dictionaries.ts'
import type { DocumentTypeView, FactView } from '../../../../shared/views/processes.ts'
import { get } from '../api.ts'
import { i18n } from '../i18n.svelte.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { session } from '../session.svelte.ts'

/** Everything a rule may name, and the words to say it with. */
export type Vocabulary = {
  readonly facts: readonly FactView[]
  readonly templates: readonly ProcessTemplateView[]
  readonly statuses: readonly StatusView[]
  readonly dealTypes: readonly DealTypeView[]
  readonly documentTypes: readonly DocumentTypeView[]
  readonly words: RuleWords
}

/** Loads the vocabulary. Call it while a component is being set up. @param named conditions whose clients are to be called by name */
export function createVocabulary(named: () => readonly Condition[]): Resource<Vocabulary> {
  const items = <Item>(path: string): Resource<{ items: readonly Item[] }> =>
    createResource(() => (session.can('settings.edit') ? `${path}${path.includes('?') ? '&' : '?'}lang=${i18n.locale}` : null))
  const facts = items<FactView>('/api/facts')
  const templates = items<ProcessTemplateView>('/api/process-templates')
  const statuses = items<StatusView>('/api/statuses')
  const dealTypes = items<DealTypeView>('/api/deal-types')
  const documentTypes = items<DocumentTypeView>('/api/document-types')
  const employees = createResource<PageView<EmployeeView>>(() =>
    session.can('settings.edit') ? '/api/employees?limit=200' : null,
  )
  const all = [facts, templates, statuses, dealTypes, documentTypes, employees] as const
  let clients = $state.raw<readonly { readonly id: number; readonly name: string }[]>([])

  $effect(() => {
    const wanted = named().flatMap((condition) => clientsIn(condition, facts.data?.items ?? []))
    const missing = [...new Set(wanted)].filter((id) => !clients.some((client) => client.id === id))
    // A client that cannot be read stays a number.
    for (const id of missing)
      void get<CounterpartyCardView>(`/api/counterparties/${id}`).then(
        ({ name }) => (clients = [...clients, { id, name }]),
        () => undefined,
      )
  })
  const data = $derived.by((): Vocabulary | null => {
    if (!facts.data || !templates.data || !statuses.data || !dealTypes.data || !documentTypes.data || !employees.data) return null
    const lists = {
      facts: facts.data.items,
      templates: templates.data.items,
      statuses: statuses.data.items,
      dealTypes: dealTypes.data.items,
      documentTypes: documentTypes.data.items,
    }
    const words = ruleWords(
      { ...lists, employees: employees.data.items, counterparties: clients, currency: session.currency },
      i18n.locale,
    )
    return { ...lists, words }
  })
  return {
    get data() {
      return data
    },
    get at() {
      return facts.at
    },
    get error() {
      return all.find(({ error }) => error)?.error ?? null
    },
    get loading() {
      return all.some(({ loading }) => loading)
    },
    get isCurrent() {
      return all.every(({ isCurrent }) => isCurrent)
    },
    reload: async () => void (await Promise.all(all.map((one) => one.reload()))),
  }
}

/** Ids of the clients that a condition names. */
function clientsIn(condition: Condition, facts: readonly FactView[]): number[] {
  if ('all' in condition) return condition.all.flatMap((part) => clientsIn(part, facts))
  if ('any' in condition) return condition.any.flatMap((part) => clientsIn(part, facts))
  if (facts.find(({ key }) => key === condition.fact)?.source !== 'counterparty') return []
  return [condition.value ?? []]
    .flat()
    .map(Number)
    .filter((id) => Number.isInteger(id) && id > 0)
}
