import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Orm } from '../../db/orm.ts'
import { notifyOverdueTasks } from '../usecases/chat/notify-work.ts'
import { keepForecasts } from '../usecases/funnel/forecast-copies.ts'
import { forgetExpired } from '../usecases/jobs.ts'
import { forgetReports } from '../usecases/reports/forget-reports.ts'
import { hearTime } from '../usecases/rules/hear-time.ts'
import { retryFirings } from '../usecases/rules/retry-firings.ts'
import { startCubeKeeper } from './keep-cube.ts'
import { sendWebhook } from './send-webhook.ts'

const cleaning = 'forget-expired'
const ruling = 'rules'
const forecasting = 'forecasts'

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
    const removed = (await forgetExpired(orm.em.fork(), now())) + (await forgetReports(orm.em.fork(), now()))
    log.debug({ removed }, 'forgot what had expired')
  })
  await boss.createQueue(ruling)
  await boss.schedule(ruling, '* * * * *')
  await boss.work(ruling, async () => {
    const heard = await hearTime(orm.em.fork(), now())
    const tried = await retryFirings(orm.em.fork(), now(), sendWebhook)
    if (heard + tried > 0) log.info({ heard, tried }, 'rules')
    const overdue = await notifyOverdueTasks(orm.em.fork(), now())
    if (overdue > 0) log.info({ overdue }, 'told people of overdue tasks')
  })
  await boss.createQueue(forecasting)
  await boss.schedule(forecasting, '*/10 * * * *')
  // A company that has just begun need not wait for its first probabilities.
  await boss.send(forecasting, null, { singletonKey: 'start' })
  await boss.work(forecasting, async () => {
    const copies = await keepForecasts(orm.em.fork(), now())
    if (copies > 0) log.info({ copies }, 'froze the forecasts of the week')
  })
  const cube = startCubeKeeper({ orm, log, now })
  return {
    async stop() {
      await Promise.all([cube.stop(), boss.stop({ graceful: true, timeout: 5_000 })])
    },
  }
}
