import type { FactView } from '../../shared/views/processes.ts'

export function presentFacts(items: readonly FactView[]): { items: readonly FactView[] } {
  return { items }
}
