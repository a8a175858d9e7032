import type { Logger } from 'pino'
import type { Orm } from '../../db/orm.ts'
import { deliverNext } from '../usecases/reports/deliver-reports.ts'
import { fireSchedules } from '../usecases/reports/fire-schedules.ts'
import { createMail } from './send-mail.ts'

const everyMs = 2_000

export type ReportJobs = { stop(): Promise<void> }

/**
 * Looks every two seconds for reports that are due and for readers who wait; several processes share the work.
 * @param publicUrl where people reach the app. @returns how to stop: what is under way is finished
 */
export function startReportJobs(parts: {
  readonly orm: Orm
  readonly log: Logger
  readonly now: () => Date
  readonly smtpUrl: string | undefined
  readonly publicUrl: string
}): ReportJobs {
  const { orm, log, now, publicUrl } = parts
  const mail = createMail(parts.smtpUrl, publicUrl)
  const delivery = { now, sendLetter: mail?.send ?? null, appUrl: publicUrl }
  let stopped = false
  let underWay: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    try {
      const ordered = await fireSchedules(orm.em.fork(), now())
      if (ordered > 0) log.info({ ordered }, 'scheduled reports')
      while (!stopped && (await deliverNext(orm.em.fork(), delivery))) log.debug('a report was delivered')
    } catch (error) {
      log.error({ err: error }, 'reports could not be delivered')
    }
    if (!stopped) timer = setTimeout(again, everyMs)
  }
  function again(): void {
    underWay = look()
  }
  again()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await underWay
      mail?.close()
    },
  }
}
