import { readConfig } from '../../api/config.ts'
import { openDatabase } from '../../api/lifecycle/database.ts'
import { listen } from '../../api/lifecycle/listen.ts'
import { runUntilStopped } from '../../api/lifecycle/run.ts'
import { createPool, type Pool } from './fixture-rows.ts'

/** The smallest program that starts and stops as Voronka does: one table behind one HTTP route. Says "ready PORT". */
await runUntilStopped(async (life) => {
  const config = readConfig()
  const onProgress = (sentence: string) => console.log(sentence)
  const log = { info: onProgress, warn: onProgress, error: onProgress }
  const database = await openDatabase(config, { log, onProgress, signal: life.signal, onLost: life.fail })
  life.onStop('database', () => database.stop())
  if (process.env['FIXTURE_START'] === 'endless') await new Promise(() => console.log('endless'))
  const rows: Pool = await createPool(database.url)
  life.onStop('rows', () => rows.end())
  const server = await listen((request, response) => void rows.answer(request, response), config)
  life.onStop('server', () => server.close())
  console.log(`ready ${server.port}`)
})
