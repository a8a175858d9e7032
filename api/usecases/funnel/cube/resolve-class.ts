import type { DealClass } from '../../../../shared/domain/funnel.ts'
import type { StatusDictionary } from '../../dictionary.ts'

/** The class with the statuses that its own count as: classes are kept as visits name them. */
export function resolveClass<Class extends DealClass>(one: Class, statuses: StatusDictionary): Class {
  const visited = new Set(one.visited.map((id) => statuses.resolve(id).id))
  return { ...one, visited: [...visited].sort((a, b) => a - b), current: statuses.resolve(one.current).id }
}
