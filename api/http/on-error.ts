import { randomBytes } from 'node:crypto'
import { ForeignKeyConstraintViolationException, OptimisticLockError, UniqueConstraintViolationException } from '@mikro-orm/core'
import type { Context, Next } from 'koa'
import { AppError, type ErrorDetails } from '../../shared/domain/app-error.ts'
import { describeError, sayProblem } from '../../shared/messages/describe-error.ts'
import { errorStatus } from '../../shared/messages/errors.ts'
import type { ErrorView, Locale } from '../../shared/views/common.ts'
import { presentDealCard } from '../presenters/deals.ts'
import type { DealCard } from '../usecases/deals/show-deal.ts'
import { localeOf } from './auth.ts'
import type { HttpServices } from './context.ts'

/** The one handler of the HTTP door: a refusal becomes its status and sentence; a bug becomes a 500 with an id, logged with its stack, never shown. */
export function handleErrors({ log, now }: Pick<HttpServices, 'log' | 'now'>) {
  return async (ctx: Context, next: Next): Promise<void> => {
    try {
      await next()
    } catch (thrown) {
      const error = toAppError(thrown)
      const id = randomBytes(4).toString('hex')
      const refusal = error ?? new AppError('internal', { id })
      if (error) log.info({ code: error.code, method: ctx.method, path: ctx.path }, 'refused')
      else log.error({ err: thrown, id, method: ctx.method, path: ctx.path }, 'failed')
      answer(ctx, refusal, now())
    }
  }
}

/** Writes a refusal as the answer. */
function answer(ctx: Context, refusal: AppError, now: Date): void {
  const locale = localeOf(ctx)
  ctx.status = errorStatus[refusal.code]
  const { seconds } = refusal.details
  if (refusal.code === 'rate_limited' && typeof seconds === 'number') ctx.set('Retry-After', String(seconds))
  if (refusal.code === 'internal') ctx.remove('ETag')
  ctx.body = {
    error: {
      code: refusal.code,
      message: describeError(refusal, locale),
      ...(Object.keys(refusal.details).length > 0 ? { details: presentDetails(refusal.details, locale, now) } : {}),
    },
  } satisfies ErrorView
}

/** Problems of an input are said in the reader's language; the present state that goes with a stale version is shown as any answer shows it. */
function presentDetails(details: ErrorDetails, locale: Locale, now: Date): ErrorDetails {
  const { problems } = details
  if (Array.isArray(problems)) return { ...details, problems: problems.map((problem) => sayProblem(problem, locale)) }
  const current = details['current'] as DealCard | { readonly version: number } | undefined
  if (current === undefined || !('deal' in current)) return details
  const organization = { baseCurrency: current.deal.currency, timeZone: '' }
  return { ...details, current: presentDealCard(current, { locale, now, organization }) }
}

/** Refusals that others throw: the database's constraints and Koa's own HTTP errors. Their texts name hidden rows, so they are not passed on. */
function toAppError(thrown: unknown): AppError | null {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof OptimisticLockError) return new AppError('version_stale')
  if (thrown instanceof UniqueConstraintViolationException) return new AppError('already_exists', { what: constraintOf(thrown) })
  if (thrown instanceof ForeignKeyConstraintViolationException) return new AppError('not_found')
  const constraint = constraintOf(thrown)
  if (constraint === 'department_no_cycle' || constraint === 'department_not_own_parent') return new AppError('department_cycle')
  const { status, type } = thrown as { status?: number; type?: string }
  if (status === 413 || type === 'entity.too.large') return new AppError('too_large', { limit: '1 MB' })
  if (status === 415) return new AppError('unsupported_media', { expected: 'application/json' })
  if (status === 400) return new AppError('json_invalid')
  return null
}

function constraintOf(thrown: unknown): string {
  const { constraint, cause } = thrown as { constraint?: string; cause?: { constraint?: string } }
  return constraint ?? cause?.constraint ?? ''
}
