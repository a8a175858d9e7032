import { AppError } from '../../shared/domain/app-error.ts'

/** Opaque text of a place in a list, for `?cursor=`. */
export function encodeCursor(cursor: { readonly value: string; readonly id: number } | null): string | null {
  return cursor ? Buffer.from(JSON.stringify([cursor.value, cursor.id])).toString('base64url') : null
}

/** @throws AppError input_invalid when the text was not made by `encodeCursor` */
export function decodeCursor(text: string | undefined): { value: string; id: number } | null {
  if (text === undefined) return null
  try {
    const [value, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown]
    if (typeof value === 'string' && /^[\d.:+ T-]{1,40}$/.test(value) && Number.isSafeInteger(id))
      return { value, id: id as number }
  } catch {
    // Falls through to the one refusal below.
  }
  throw new AppError('input_invalid', { problems: 'cursor' })
}
