import type { HandleClientError } from '@sveltejs/kit/hooks'
import { ApiError } from '#lib/api.ts'
import { warmFormats } from '#lib/warm-formats.ts'

warmFormats()

/** What the error screen is told about a failure while a screen was being loaded. */
export const handleError: HandleClientError = (caught) => {
  if (caught.kind !== 'unknown') return {}
  if (caught.error instanceof ApiError)
    return { message: caught.error.message, code: caught.error.code, requestId: caught.error.requestId }
  console.error(caught.error)
  return { code: 'unexpected', requestId: null }
}
