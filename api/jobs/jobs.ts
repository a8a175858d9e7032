import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Orm } from '../../db/orm.ts'
import { forgetExpired } from '../usecases/jobs.ts'

const cleaning = 'forget-expired'

/**
 * Starts the worker of timed jobs on the same database; several processes share the work.
 * @param url connection string of the database. @returns how to stop it: jobs under way are finished.
 */
export async function startJobs({
  orm,
  url,
  log,
  now,
}: {
  orm: Orm
  url: string
  log: Logger
  now: () => Date
}): Promise<{ stop(): Promise<void> }> {
  const boss = new PgBoss({ connectionString: url, max: 3 })
  boss.on('error', (error) => log.error({ err: error }, 'jobs'))
  await boss.start()
  await boss.createQueue(cleaning)
  await boss.schedule(cleaning, '17 * * * *')
  await boss.work(cleaning, async () => {
    const removed = await forgetExpired(orm.em.fork(), now())
    log.debug({ removed }, 'forgot what had expired')
  })
  return { stop: () => boss.stop({ graceful: true, timeout: 5_000 }) }
}
