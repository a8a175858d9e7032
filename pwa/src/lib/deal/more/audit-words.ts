import { type AppMoreKey, appMoreRu } from '../../../../../shared/messages/ru/app-more.ts'
import { t } from './messages.ts'

/** Columns that change with every change and say nothing by themselves. */
const noise = new Set(['version', 'changed_at', 'updated_at'])

export function isTelling(field: string): boolean {
  return !noise.has(field)
}

/** The word for a table, a column or a door; what has no word yet is shown as it is. */
export function sayAuditName(kind: 'entity' | 'field' | 'door', name: string): string {
  const key = `audit.${kind}.${name}`
  return key in appMoreRu ? t(key as AppMoreKey) : name
}
