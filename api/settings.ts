import { z } from 'zod'

/** One rule per setting; each message continues the sentence that begins with the setting's name. No message repeats a value: it may be a secret. */
const port = wholeNumber(0, 65_535, 'must be a port number from 0 to 65535 (0: any free one)')

const host = z
  .string()
  .regex(/^([\w.-]+|[\da-f:]+)$/i, 'must be an address or a host name without a port, such as 127.0.0.1, 0.0.0.0 or ::')

const databaseUrl = urlOf(['postgres:', 'postgresql:'], 'must be a URL like postgres://user:password@host:5432/database')

const publicUrl = urlOf(['http:', 'https:'], 'must be a URL like https://crm.example.com').transform((url) =>
  url.replace(/\/+$/, ''),
)

const apiRoot = urlOf(['http:', 'https:'], 'must be a URL like https://api.telegram.org').transform((url) =>
  url.replace(/\/+$/, ''),
)

const smtpUrl = urlOf(['smtp:', 'smtps:'], 'must be a URL like smtps://user:password@mail.example.com:465')

const token = z.string().regex(/^\d+:[\w-]+$/, 'must be a token as BotFather gives it: digits, a colon, letters')

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Moscow or Asia/Yekaterinburg')

const currency = z
  .string()
  .refine((code) => Intl.supportedValuesOf('currency').includes(code), 'must be an ISO 4217 code such as RUB, EUR or USD')

const flags: Record<string, boolean> = { '1': true, true: true, '0': false, false: false }
const flag = z
  .string()
  .refine((text) => text in flags, 'must be 1 or 0')
  .transform((text) => flags[text]!)

/** The settings as they are written; the names are the contract. */
export const settings = z.object({
  PORT: port.default(8080),
  HOST: host.default('127.0.0.1'),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_REPLICA_URLS: listOf(
    databaseUrl,
    'must be URLs like postgres://user:password@host:5432/database, separated by commas',
  ).default([]),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: publicUrl.optional(),
  DEMO: flag.optional(),
  TELEGRAM_BOT_TOKEN: token.optional(),
  TELEGRAM_API_ROOT: apiRoot.default('https://api.telegram.org'),
  TELEGRAM_MODE: oneOf(['webhook', 'polling', 'demo', 'off']).optional(),
  SMTP_URL: smtpUrl.optional(),
  PROCESS_ROLES: listOf(z.enum(['api', 'bot', 'jobs']), 'must be api, bot, jobs or some of them, separated by commas').default([
    'api',
    'bot',
    'jobs',
  ]),
  TIME_ZONE: timeZone.default('Europe/Moscow'),
  BASE_CURRENCY: currency.default('RUB'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export type Settings = z.output<typeof settings>

function wholeNumber(from: number, to: number, message: string) {
  const inRange = (text: string) => /^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to
  return z.string().refine(inRange, message).transform(Number)
}

function urlOf(protocols: readonly string[], message: string) {
  return z.string().refine((text) => {
    const url = URL.parse(text)
    return url !== null && protocols.includes(url.protocol) && (url.hostname !== '' || url.searchParams.has('host'))
  }, message)
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}`)
}

/** Items separated by commas; one message for the list, whichever item is wrong. */
function listOf<T extends z.ZodType<unknown, string>>(item: T, message: string) {
  return z.string().transform((text, context): z.output<T>[] => {
    const read = z
      .array(item)
      .min(1)
      .safeParse(
        text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      )
    if (read.success) return read.data
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}
