import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { readConfig } from '../../api/config.ts'
import { StartError } from '../../db/embedded/start-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'voronka-config-'))
after(() => rmSync(folder, { recursive: true }))
const nowhere = join(folder, 'none')

test('with nothing set everything has its documented value', () => {
  assert.deepEqual(readConfig({}, nowhere), {
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: undefined,
    databaseReplicaUrls: [],
    dataDir: resolve('data'),
    publicUrl: 'http://localhost:8080',
    demo: undefined,
    telegram: { mode: 'demo', token: undefined, apiRoot: 'https://api.telegram.org' },
    smtpUrl: undefined,
    roles: new Set(['api', 'bot', 'jobs']),
    timeZone: 'Europe/Moscow',
    baseCurrency: 'RUB',
    logLevel: 'info',
  })
})

const accepted: [setting: Record<string, string>, part: Record<string, unknown>][] = [
  [{ PORT: '0' }, { port: 0 }],
  [{ PORT: ' 9000 ' }, { port: 9000, publicUrl: 'http://localhost:9000' }],
  [{ PORT: '' }, { port: 8080 }],
  [{ HOST: '::' }, { host: '::' }],
  [{ DEMO: '1' }, { demo: true }],
  [{ DEMO: '0' }, { demo: false }],
  [{ PUBLIC_URL: 'https://crm.example.com/' }, { publicUrl: 'https://crm.example.com' }],
  [{ PROCESS_ROLES: 'bot, jobs' }, { roles: new Set(['bot', 'jobs']) }],
  [
    { TIME_ZONE: 'Asia/Yekaterinburg', BASE_CURRENCY: 'EUR' },
    { timeZone: 'Asia/Yekaterinburg', baseCurrency: 'EUR' },
  ],
  [
    { DATABASE_URL: 'postgres://u:p@db/v', DATABASE_REPLICA_URLS: 'postgres://u:p@r1/v, postgresql://u:p@r2/v' },
    { databaseUrl: 'postgres://u:p@db/v', databaseReplicaUrls: ['postgres://u:p@r1/v', 'postgresql://u:p@r2/v'] },
  ],
]

for (const [setting, part] of accepted) {
  test(`${JSON.stringify(setting)} is understood`, () => {
    const config: object = readConfig(setting, nowhere)
    assert.deepEqual(Object.fromEntries(Object.entries(config).filter(([name]) => name in part)), part)
  })
}

const modes: [setting: Record<string, string>, mode: string][] = [
  [{ TELEGRAM_BOT_TOKEN: '1:abc' }, 'polling'],
  [{ TELEGRAM_BOT_TOKEN: '1:abc', PUBLIC_URL: 'http://crm.example.com' }, 'polling'],
  [{ TELEGRAM_BOT_TOKEN: '1:abc', PUBLIC_URL: 'https://crm.example.com' }, 'webhook'],
  [{ TELEGRAM_BOT_TOKEN: '1:abc', TELEGRAM_MODE: 'off' }, 'off'],
]

for (const [setting, mode] of modes) {
  test(`${Object.keys(setting).join(' and ')} ${setting['PUBLIC_URL'] ?? ''} lead to Telegram mode ${mode}`, () => {
    assert.equal(readConfig(setting, nowhere).telegram.mode, mode)
  })
}

const refused: [setting: Record<string, string>, sentence: RegExp][] = [
  [{ PORT: '65536' }, /PORT "65536" must be a port number from 0 to 65535/],
  [{ PORT: '80.5' }, /PORT "80.5"/],
  [{ HOST: 'http://localhost' }, /HOST .* without a port/],
  [{ DATABASE_URL: 'mysql://u:secret@db/v' }, /DATABASE_URL must be a URL like postgres:/],
  [
    { DATABASE_URL: 'postgres://u:secret@db/v', DATABASE_REPLICA_URLS: 'postgres://u:secret@r/v,r2' },
    /DATABASE_REPLICA_URLS must be URLs/,
  ],
  [{ DATABASE_REPLICA_URLS: 'postgres://u:secret@r/v' }, /DATABASE_REPLICA_URLS needs DATABASE_URL/],
  [{ PUBLIC_URL: 'crm.example.com' }, /PUBLIC_URL must be a URL like https:/],
  [{ DEMO: 'maybe' }, /DEMO "maybe" must be 1 or 0/],
  [{ TELEGRAM_BOT_TOKEN: 'secret' }, /TELEGRAM_BOT_TOKEN must be a token/],
  [{ TELEGRAM_MODE: 'push' }, /TELEGRAM_MODE "push" must be one of webhook, polling, demo, off/],
  [{ TELEGRAM_MODE: 'polling' }, /TELEGRAM_MODE polling needs TELEGRAM_BOT_TOKEN/],
  [{ TELEGRAM_MODE: 'webhook', TELEGRAM_BOT_TOKEN: '1:secret' }, /TELEGRAM_MODE webhook needs PUBLIC_URL/],
  [{ TELEGRAM_API_ROOT: 'telegram' }, /TELEGRAM_API_ROOT must be a URL/],
  [{ SMTP_URL: 'mail.example.com:secret' }, /SMTP_URL must be a URL like smtps:/],
  [{ PROCESS_ROLES: 'api,web' }, /PROCESS_ROLES "api,web" must be api, bot, jobs/],
  [{ TIME_ZONE: 'Moscow' }, /TIME_ZONE "Moscow" must be an IANA time zone/],
  [{ BASE_CURRENCY: 'РУБ' }, /BASE_CURRENCY "РУБ" must be an ISO 4217 code/],
  [{ LOG_LEVEL: 'verbose' }, /LOG_LEVEL "verbose" must be one of trace/],
]

for (const [setting, sentence] of refused) {
  test(`${JSON.stringify(setting)} is refused with a sentence that names it`, () => {
    assert.throws(
      () => readConfig(setting, nowhere),
      (error: Error) => error instanceof StartError && sentence.test(error.message) && !/secret/.test(error.message),
    )
  })
}

test('all wrong settings are reported at once', () => {
  assert.throws(() => readConfig({ PORT: 'x', DEMO: 'x', TIME_ZONE: 'x' }, nowhere), /PORT.*\n.*DEMO.*\n.*TIME_ZONE/)
})

test('the .env file is read and the environment wins over it', () => {
  const file = join(folder, 'both')
  writeFileSync(file, '# a comment\nPORT=9001\nLOG_LEVEL="debug"\n')
  const { port, logLevel } = readConfig({ PORT: '9002' }, file)
  assert.deepEqual({ port, logLevel }, { port: 9002, logLevel: 'debug' })
})

test('a name in the .env file that is no setting is refused, with the one that was probably meant', () => {
  const file = join(folder, 'typo')
  writeFileSync(file, 'DATABSE_URL=postgres://u:secret@db/v\nCOLOUR=red\n')
  assert.throws(
    () => readConfig({ HOME: '/root' }, file),
    (error: Error) =>
      /DATABSE_URL .* did you mean DATABASE_URL\?/.test(error.message) &&
      /COLOUR .* the settings are PORT/.test(error.message) &&
      !/secret/.test(error.message),
  )
})

test('every setting stands in .env.example, and nothing else', async () => {
  const { settings } = await import('../../api/settings.ts')
  const { readFileSync } = await import('node:fs')
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  const named = [...text.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name)
  assert.deepEqual(named.toSorted(), Object.keys(settings.shape).toSorted())
})
