import { parseArgs } from 'node:util'
import { StartError } from '../../db/embedded/start-error.ts'
import { migrate, openOrm } from '../../db/orm.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { describeError } from '../../shared/messages/describe-error.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../lifecycle/database.ts'
import { CliError } from './cli-error.ts'
import { localeOfTerminal } from './cli-session.ts'
import { createProgressBar } from './terminal.ts'
import type { CliDatabase, Verb, VerbResult } from './verb.ts'
import { checkVerb } from './verbs/check.ts'
import { backupVerb, demoResetVerb, migrateVerb, restoreVerb } from './verbs/data.ts'
import { importVerb } from './verbs/import.ts'
import { userAddVerb, userResetVerb } from './verbs/user.ts'

const verbs: readonly Verb[] = [
  importVerb,
  checkVerb,
  backupVerb,
  restoreVerb,
  userAddVerb,
  userResetVerb,
  demoResetVerb,
  migrateVerb,
]
const common = { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } } as const

/**
 * Runs one command line.
 * @param args what stands after `npm run voronka --`
 * @returns the exit code: 0 done, 1 refused or something found, 2 the command itself was wrong
 */
export async function runVerb(args: readonly string[], signal: AbortSignal): Promise<0 | 1 | 2> {
  const bar = createProgressBar()
  const isJson = args.includes('--json')
  try {
    const found = findVerb(args)
    if (!found) {
      console.log(overview())
      return args.length === 0 || args.includes('--help') || args.includes('-h') ? 0 : 2
    }
    const { values, positionals } = parse(found.verb, found.rest)
    if (values['help']) {
      console.log(found.verb.help)
      return 0
    }
    const { min, max } = found.verb.words
    if (positionals.length < min || positionals.length > max) throw new CliError(found.verb.help, 2)
    const result = await perform(found.verb, values, positionals, signal, bar)
    bar.clear()
    console.log(isJson ? JSON.stringify(result.json, null, 2) : result.lines.join('\n'))
    return result.failed ? 1 : 0
  } catch (error) {
    bar.clear()
    return report(error, isJson)
  }
}

function findVerb(args: readonly string[]): { verb: Verb; rest: string[] } | null {
  for (const verb of verbs) {
    const words = verb.name.split(' ')
    if (words.every((word, index) => args[index] === word)) return { verb, rest: args.slice(words.length) }
  }
  return null
}

function parse(verb: Verb, args: string[]) {
  try {
    return parseArgs({ args, options: { ...verb.options, ...common }, allowPositionals: true })
  } catch (error) {
    throw new CliError(`${(error as Error).message}\n\n${verb.help}`, 2)
  }
}

type Values = ReturnType<typeof parse>['values']

async function perform(
  verb: Verb,
  options: Values,
  positionals: readonly string[],
  signal: AbortSignal,
  bar: ReturnType<typeof createProgressBar>,
): Promise<VerbResult> {
  const config = readConfig()
  const closing: (() => Promise<unknown>)[] = []
  const open = async (): Promise<CliDatabase> => {
    const database = await openDatabase(config, { join: true, signal })
    closing.unshift(() => database.stop())
    const orm = await openOrm(database.url, 5)
    closing.unshift(() => orm.close(true))
    await migrate(orm)
    return { orm, em: orm.em, url: database.url, embedded: database.embedded }
  }
  try {
    return await verb.run({ config, now: new Date(), signal, bar, positionals, options, open })
  } finally {
    for (const close of closing) await close()
  }
}

function overview(): string {
  const width = Math.max(...verbs.map(({ name }) => name.length))
  return [
    'npm run voronka -- <verb> [--help] [--json]',
    '',
    ...verbs.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
  ].join('\n')
}

function report(error: unknown, isJson: boolean): 1 | 2 {
  const code =
    error instanceof AppError
      ? error.code
      : error instanceof CliError
        ? 'cli'
        : error instanceof StartError
          ? 'start'
          : 'internal'
  const message =
    error instanceof AppError ? describeError(error, localeOfTerminal()) : error instanceof Error ? error.message : String(error)
  if (isJson) console.log(JSON.stringify({ error: { code, message } }, null, 2))
  else console.error(code === 'internal' ? error : message)
  return error instanceof CliError ? error.code : 1
}
