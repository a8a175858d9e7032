import type { Gate } from '../../../../shared/domain/rules.ts'
import { describeGate, nameBuiltInFact } from '../../../../shared/messages/describe-gate.ts'
import type { StatusView } from '../../../../shared/views/dictionaries.ts'
import type { DocumentTypeView, FactView } from '../../../../shared/views/processes.ts'
import { i18n } from '../i18n.svelte.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { session } from '../session.svelte.ts'

/** The company's words that a process may name: statuses, facts, types of documents. */
export type Vocabulary = {
  readonly statuses: readonly StatusView[]
  readonly facts: readonly FactView[]
  readonly documentTypes: readonly DocumentTypeView[]
  /** True once the statuses are here: a new process begins with two of them. */
  readonly isReady: boolean
  readonly source: Resource<unknown>
  status(code: string | null): StatusView | undefined
  factName(key: string): string
  documentTypeName(code: string): string
  sayGate(gate: Gate): string
}

/** Call it while a component is being set up. */
export function createVocabulary(): Vocabulary {
  const pathOf = (path: string) => (): string | null => (session.can('settings.edit') ? `${path}?lang=${i18n.locale}` : null)
  const statuses = createResource<{ items: StatusView[] }>(pathOf('/api/statuses'))
  const facts = createResource<{ items: FactView[] }>(pathOf('/api/facts'))
  const documentTypes = createResource<{ items: DocumentTypeView[] }>(pathOf('/api/document-types'))
  const words: Vocabulary = {
    get statuses() {
      return statuses.data?.items ?? []
    },
    get facts() {
      return facts.data?.items ?? []
    },
    get documentTypes() {
      return documentTypes.data?.items.filter((type) => !type.archived) ?? []
    },
    get isReady() {
      return statuses.data !== null
    },
    source: statuses,
    status: (code) => words.statuses.find((status) => status.code === code),
    factName: (key) => words.facts.find((fact) => fact.key === key)?.name ?? nameBuiltInFact(key, i18n.locale) ?? key,
    documentTypeName: (code) => documentTypes.data?.items.find((type) => type.code === code)?.name ?? code,
    sayGate: (gate) =>
      describeGate(gate, i18n.locale, {
        fact: words.factName,
        documentType: words.documentTypeName,
        currency: session.currency,
      }),
  }
  return words
}
