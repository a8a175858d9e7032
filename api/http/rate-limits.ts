import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Orm } from '../../db/orm.ts'
import { AppError } from '../../shared/domain/app-error.ts'

/** Attempts counted in the database, so that every process shares them. */
export type RateLimits = {
  /** Counts one try to log in, before the password is looked at. @throws AppError rate_limited */
  countLogin(ip: string, login: string): Promise<void>
  /** A right password clears the account's count. */
  clearLogin(login: string): Promise<void>
  /** One-time codes and other guesses by address. @throws AppError rate_limited */
  countGuess(ip: string): Promise<void>
  /** Openings of shared reports by address. @throws AppError rate_limited */
  countOpening(ip: string): Promise<void>
}

const quarterHourS = 15 * 60

/** 10 tries per account and 50 per address in 15 minutes; an account is slowed down, never locked by strangers for good. */
export async function createRateLimits(orm: Orm): Promise<RateLimits> {
  const storeClient = await (orm.em.getConnection() as unknown as { getNativeClient(): Promise<unknown> }).getNativeClient()
  const limiter = (keyPrefix: string, points: number) =>
    new Promise<RateLimiterPostgres>((resolve, reject) => {
      const made: RateLimiterPostgres = new RateLimiterPostgres(
        { storeClient, storeType: 'pool', tableName: 'rate_limit', keyPrefix, points, duration: quarterHourS },
        (error?: Error) => (error ? reject(error) : resolve(made)),
      )
    })
  const byAccount = await limiter('login', 10)
  const byAddress = await limiter('address', 50)
  const byGuess = await limiter('guess', 30)
  // A page is three requests: itself, its picture, its file.
  const byOpening = await limiter('opening', 600)
  return {
    async countLogin(ip, login) {
      await count(byAddress, ip)
      await count(byAccount, login.trim().toLowerCase().slice(0, 255))
    },
    async clearLogin(login) {
      await byAccount.delete(login.trim().toLowerCase().slice(0, 255))
    },
    countGuess: (ip) => count(byGuess, ip),
    countOpening: (ip) => count(byOpening, ip),
  }
}

async function count(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw new AppError('rate_limited', { seconds: Math.ceil(refusal.msBeforeNext / 1000) })
    throw refusal
  }
}
