import type { Middleware } from 'koa'
import type { Orm } from '../../db/orm.ts'
import { selectRow, sql } from '../../db/sql.ts'

/** `/healthz`: the process answers. `/readyz`: the database answers and no migration is missing. */
export function serveHealth(orm: Orm): Middleware {
  return async (ctx, next) => {
    if (ctx.path === '/healthz') {
      ctx.body = { status: 'alive' }
    } else if (ctx.path === '/readyz') {
      const problem = await findProblem(orm)
      ctx.status = problem ? 503 : 200
      ctx.body = problem ? { status: 'not ready', problem } : { status: 'ready' }
    } else {
      await next()
    }
  }
}

async function findProblem(orm: Orm): Promise<string | null> {
  try {
    await selectRow(orm.em.fork(), sql`select 1`)
    return (await orm.migrator.getPending()).length > 0 ? 'migrations are missing' : null
  } catch {
    return 'the database does not answer'
  }
}
