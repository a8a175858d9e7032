import type { EmulatorOptions } from './emulator.ts'

/**
 * What an emulator behind the chat page needs, other than in a test: links to this machine, and numbers the database of the bot has
 * not seen before the last restart.
 * @param startedAt milliseconds since 1970
 */
export function demoOptions(startedAt: number): EmulatorOptions {
  return { allowLocalLinks: true, firstId: Math.floor(startedAt / 1000) }
}
