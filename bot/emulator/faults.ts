import { pushBounded } from './bounded.ts'
import type { Clock } from './clock.ts'

/**
 * What goes wrong: 429 with retry_after, 500 in Telegram's envelope, 502 as a page of a proxy, no answer at all, or a connection that
 * breaks before or after the call took effect.
 */
export type FaultKind = 429 | 500 | 502 | 'hang' | 'reset-before' | 'reset-after'
export type FaultRule = {
  with: FaultKind
  /** Calls to spoil; 1 when not given. */
  times?: number
  /** Only this method; without it any but getUpdates. */
  method?: string
  chatId?: number
  /** Seconds, for 429. */
  retryAfter?: number
}
export type Fault = { kind: FaultKind; retryAfter: number }
export type EarlyCall = { method: string; chatId: number | undefined; msTooEarly: number }

export type FaultPlan = {
  add(rule: FaultRule): { remaining(): number; cancel(): void }
  take(method: string, chatId: number | undefined): Fault | undefined
  /** Calls that came before the retry_after they had been told was over. */
  early: EarlyCall[]
}

export function createFaultPlan(clock: Clock): FaultPlan {
  const rules: (Required<Pick<FaultRule, 'times'>> & FaultRule)[] = []
  const bans: { rule: FaultRule; until: number }[] = []
  const matches = (rule: FaultRule, method: string, chatId: number | undefined) =>
    (rule.method === undefined ? method !== 'getUpdates' : rule.method === method) &&
    (rule.chatId === undefined || rule.chatId === chatId)

  const plan: FaultPlan = {
    early: [],
    add(rule) {
      const added = { times: 1, ...rule }
      rules.push(added)
      return {
        remaining: () => added.times,
        cancel() {
          added.times = 0
        },
      }
    },
    take(method, chatId) {
      const ban = bans.find(({ rule, until }) => until > clock.now() && matches(rule, method, chatId))
      if (ban) pushBounded(plan.early, { method, chatId, msTooEarly: ban.until - clock.now() }, 5_000)
      const rule = rules.find((candidate) => candidate.times > 0 && matches(candidate, method, chatId))
      if (!rule) return ban && { kind: 429, retryAfter: Math.ceil((ban.until - clock.now()) / 1000) }
      rule.times -= 1
      const retryAfter = rule.retryAfter ?? 1
      if (rule.with === 429) bans.push({ rule, until: clock.now() + retryAfter * 1000 })
      return { kind: rule.with, retryAfter }
    },
  }
  return plan
}
