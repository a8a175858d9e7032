import { AppError } from '../../shared/domain/app-error.ts'

/** A place in a list: in which order, the value sorted by as text, and the row's id. */
export type Cursor<Order extends string = string> = { readonly order: Order; readonly value: string; readonly id: number }

/** Opaque text of a place in a list, for `?cursor=`. */
export function encodeCursor(cursor: Cursor | null): string | null {
  return cursor ? Buffer.from(JSON.stringify([cursor.order, cursor.value, cursor.id])).toString('base64url') : null
}

/** @throws AppError input_invalid when the text was not made by `encodeCursor` for a list in this order */
export function decodeCursor<Order extends string>(text: string | undefined, order: Order): Cursor<Order> | null {
  if (text === undefined) return null
  try {
    const [given, value, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown, unknown]
    const fits = order === 'recent' || order === 'created' || order === 'waiting' ? isInstant : isCount
    if (given === order && typeof value === 'string' && fits(value) && Number.isSafeInteger(id))
      return { order, value, id: id as number }
  } catch {
    // Falls through to the one refusal below.
  }
  throw new AppError('input_invalid', { problems: 'cursor' })
}

/** A whole number that a bigint holds. */
function isCount(value: string): boolean {
  return /^\d{1,18}$/.test(value)
}

/** An instant as PostgreSQL writes it. */
function isInstant(value: string): boolean {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?[+-](?:0\d|1[0-4])(?::[0-5]\d)?$/.exec(value) ?? []
  const instant = new Date(`${day}T${time}Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${day}T${time}`)
}
