import { createHash } from 'node:crypto'
import type { Context } from 'koa'
import { IdempotencyKey } from '../../db/entities/access.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { type Session, transact } from '../session.ts'

/**
 * Runs a request once per Idempotency-Key and employee: the key is taken, the work done and the answer kept in one transaction, so that
 * a second request (also one at the same time, which waits) gets the first one's answer and does nothing.
 * Without a key, or for other methods than POST, the work just runs.
 * @throws AppError idempotency_reused when the key came with another request before
 */
export async function once(ctx: Context, session: Session, work: (inside: Session) => Promise<void>): Promise<void> {
  const key = ctx.get('idempotency-key')
  if (ctx.method !== 'POST' || key === '') return work(session)
  if (key.length > 255) throw new AppError('input_invalid', { problems: 'Idempotency-Key' })
  const requestHash = createHash('sha256')
    .update(JSON.stringify([ctx.path, ctx.querystring, ctx.request.body ?? null]))
    .digest('hex')
  await transact(session, async (inside) => {
    const [taken] = await selectRows<{ key: string }>(
      inside.em,
      sql`insert into idempotency_key (employee_id, key, request_hash, created_at) values (${inside.actor.id}, ${key}, ${requestHash}, ${inside.now})
        on conflict do nothing returning key`,
    )
    const kept = await inside.em.findOneOrFail(IdempotencyKey, { employeeId: inside.actor.id, key })
    if (taken) {
      await work(inside)
      kept.status = ctx.status
      kept.body = ctx.body ?? null
      kept.headers = { etag: ctx.response.get('etag') }
    } else {
      if (kept.requestHash !== requestHash) throw new AppError('idempotency_reused')
      ctx.status = kept.status ?? 200
      ctx.body = kept.body
      if (kept.headers?.['etag']) ctx.set('ETag', kept.headers['etag'])
      ctx.set('Idempotency-Replayed', 'true')
    }
  })
}
