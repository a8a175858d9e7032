import { assemble } from './assemble.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './lifecycle/database.ts'
import { runUntilStopped } from './lifecycle/run.ts'

await runUntilStopped(async ({ signal, onStop, fail }) => {
  const config = readConfig()
  const say = (sentence: string) => console.log(sentence)
  const database = await openDatabase(config, { signal, onProgress: say, onLost: fail })
  onStop('the database', () => database.stop())
  const { port, demoLogins } = await assemble({ config, database, say, onStop })
  console.log(`Voronka is ready: ${config.publicUrl.replace(/:0$/, `:${port}`)}`)
  console.log(
    demoLogins
      ? 'Log in with one tap as any of the demo people; the bot is at /chat.'
      : 'Log in with login and password; make the first user with: npm run voronka -- user add',
  )
})
