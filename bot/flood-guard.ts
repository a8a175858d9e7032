export type FloodGuard = {
  /** Telegram asked not to send to a chat before `until`. */
  report(chatId: number, until: Date, now: Date): void
  /** True while nothing at all may be sent. */
  isOver(now: Date): boolean
}

/**
 * Remembers what Telegram asked for. One chat under a ban waits alone (its line stands still); two at once mean that the bot as a
 * whole sends too much, and everything waits. Its limits are nowhere stated, so that nothing is held back before it says so.
 */
export function createFloodGuard(): FloodGuard {
  const bans = new Map<number, number>()
  let wholeUntil = 0
  return {
    report(chatId, until, now) {
      for (const [chat, end] of bans) if (end <= now.getTime()) bans.delete(chat)
      bans.set(chatId, until.getTime())
      if (bans.size > 1) wholeUntil = Math.max(wholeUntil, until.getTime())
    },
    isOver: (now) => now.getTime() < wholeUntil,
  }
}
