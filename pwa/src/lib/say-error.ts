import type { ApiError } from './api.ts'
import { t } from './messages.ts'

/** The sentence for a person: the server's own, already in his language, or ours when there was no answer. */
export function sayError(error: ApiError): string {
  if (error.message) return error.message
  if (error.code === 'timeout') return t('error.timeout')
  if (error.status === 0) return t('error.unreachable')
  return t('error.server')
}
