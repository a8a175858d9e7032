import { after } from 'node:test'

/** What must end before the database does: hooks run in the order they are registered, and this module is imported before the database's. */
export const running: (() => Promise<void>)[] = []

after(async () => {
  for (const stop of running.splice(0)) await stop()
})
