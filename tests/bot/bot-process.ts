import { pino } from 'pino'
import { startBot } from '../../bot/main.ts'
import { openOrm } from '../../db/orm.ts'

/** A bot in a process of its own, to be killed: arguments are the database's and the Bot API's address, the token and the mode. */
const [databaseUrl = '', apiRoot = '', token = ''] = process.argv.slice(2)
startBot({
  orm: await openOrm(databaseUrl, 8),
  log: pino({ level: 'fatal' }),
  mode: 'polling',
  token,
  apiRoot,
  publicUrl: 'http://localhost:8080',
  makeReportFile: () => Promise.reject(new Error('no reports here')),
})
process.stdout.write('started\n')
