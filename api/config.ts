import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { StartError } from '../db/embedded/start-error.ts'
import { type Settings, settings } from './settings.ts'

export type ProcessRole = 'api' | 'bot' | 'jobs'
export type TelegramMode = 'webhook' | 'polling' | 'demo' | 'off'
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** Everything the operator can set, checked. Holds secrets: never log it whole. */
export interface Config {
  /** TCP port; 0 lets the system choose. */
  readonly port: number
  readonly host: string
  /** A PostgreSQL server to use; undefined means the embedded one. */
  readonly databaseUrl: string | undefined
  /** Streaming replicas for reads, possibly none. */
  readonly databaseReplicaUrls: readonly string[]
  /** Absolute path. */
  readonly dataDir: string
  /** Where browsers and Telegram reach this server, without a slash at the end. */
  readonly publicUrl: string
  /** Demo logins; undefined: allowed only on an embedded database that this start itself filled. */
  readonly demo: boolean | undefined
  readonly telegram: { readonly mode: TelegramMode; readonly token: string | undefined; readonly apiRoot: string }
  readonly smtpUrl: string | undefined
  readonly roles: ReadonlySet<ProcessRole>
  /** IANA name. */
  readonly timeZone: string
  /** ISO 4217 code. */
  readonly baseCurrency: string
  readonly logLevel: LogLevel
}

/**
 * Reads the settings from the environment and the `.env` file; what stands in the environment wins, an empty value counts as not set.
 *
 * In: `env`, usually process.env; `envFile`, the path of a file that need not exist.
 * Errors: one StartError with a line for every setting that is unknown or malformed. Secret values are never part of it.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, envFile = resolve('.env')): Config {
  const fromFile = existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {}
  const problems = Object.keys(fromFile)
    .filter((name) => !(name in settings.shape))
    .map((name) => `${name} in ${envFile} is not a setting${suggest(name)}`)
  const merged: Record<string, string> = {}
  for (const name of Object.keys(settings.shape)) {
    const value = (env[name] ?? fromFile[name])?.trim()
    if (value) merged[name] = value
  }
  const read = settings.safeParse(merged)
  for (const { path, message } of read.error?.issues ?? []) problems.push(`${quote(String(path[0]), merged)} ${message}`)
  if (read.data) problems.push(...findContradictions(read.data))
  if (problems.length > 0 || !read.data)
    throw new StartError(['Voronka cannot start with these settings:', ...problems].join('\n  '))
  return toConfig(read.data)
}

/** The setting with its value, unless that may hold a password. */
function quote(name: string, values: Record<string, string>): string {
  return /URL|ROOT|TOKEN/.test(name) ? name : `${name} "${values[name]}"`
}

function findContradictions(read: Settings): string[] {
  const problems: string[] = []
  const { TELEGRAM_MODE: mode, TELEGRAM_BOT_TOKEN: token } = read
  if (read.DATABASE_REPLICA_URLS.length > 0 && !read.DATABASE_URL)
    problems.push('DATABASE_REPLICA_URLS needs DATABASE_URL, the server they follow')
  if ((mode === 'webhook' || mode === 'polling') && !token) problems.push(`TELEGRAM_MODE ${mode} needs TELEGRAM_BOT_TOKEN`)
  if (mode === 'webhook' && !read.PUBLIC_URL)
    problems.push('TELEGRAM_MODE webhook needs PUBLIC_URL, the address at which Telegram reaches this server')
  return problems
}

function toConfig(read: Settings): Config {
  return {
    port: read.PORT,
    host: read.HOST,
    databaseUrl: read.DATABASE_URL,
    databaseReplicaUrls: read.DATABASE_REPLICA_URLS,
    dataDir: resolve(read.DATA_DIR),
    publicUrl: read.PUBLIC_URL ?? `http://localhost:${read.PORT}`,
    demo: read.DEMO,
    telegram: {
      mode: read.TELEGRAM_MODE ?? chooseTelegramMode(read),
      token: read.TELEGRAM_BOT_TOKEN,
      apiRoot: read.TELEGRAM_API_ROOT,
    },
    smtpUrl: read.SMTP_URL,
    roles: new Set(read.PROCESS_ROLES),
    timeZone: read.TIME_ZONE,
    baseCurrency: read.BASE_CURRENCY,
    logLevel: read.LOG_LEVEL,
  }
}

/** Telegram calls back only over https, so a token without a public https address means polling. */
function chooseTelegramMode(read: Settings): TelegramMode {
  if (!read.TELEGRAM_BOT_TOKEN) return 'demo'
  return read.PUBLIC_URL?.startsWith('https:') ? 'webhook' : 'polling'
}

/** Names the setting that was probably meant. */
function suggest(name: string): string {
  const letters = (text: string) => text.toUpperCase().replace(/[^A-Z]/g, '')
  const near = Object.keys(settings.shape).map((known) => ({ known, distance: editDistance(letters(name), letters(known)) }))
  const best = near.toSorted((a, b) => a.distance - b.distance)[0]!
  return best.distance <= Math.min(3, name.length / 3)
    ? `; did you mean ${best.known}?`
    : `; the settings are ${Object.keys(settings.shape).join(', ')}`
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced))
    }
    row = next
  }
  return row[b.length]!
}
