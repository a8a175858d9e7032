import { Employee } from '../../db/entities/organization.ts'
import { loadEmptyCompany } from '../../db/seeds/load-empty.ts'
import type { Session } from '../session.ts'
import { readOrganization } from '../usecases/settings.ts'
import { CliError } from './cli-error.ts'
import type { CliDatabase, VerbContext } from './verb.ts'

/** The operator is nobody's employee: the audit shows the system. */
const operator = { id: 0, name: 'Voronka', role: 'admin', departmentId: 0 } as const

/**
 * A session for a verb: as the operator, or as an employee by login. A database that was never filled gets an empty company first.
 * @throws CliError for an unknown login
 */
export async function openSession({ orm }: CliDatabase, { config, now }: VerbContext, login?: string): Promise<Session> {
  const em = orm.em.fork()
  if ((await readOrganization(em)) === null) {
    await loadEmptyCompany(orm.em.fork(), { name: 'Voronka', timeZone: config.timeZone, baseCurrency: config.baseCurrency })
  }
  const organization = (await readOrganization(em))!
  const base = { em: orm.em.fork(), now, door: 'system', organization } as const
  if (login === undefined) return { ...base, actor: operator, locale: localeOfTerminal() }
  const employee = await em.findOne(Employee, { login: login.toLowerCase(), deactivatedAt: null }, { populate: ['department'] })
  if (!employee) throw new CliError(`There is no active employee with the login ${login}.`)
  const { id, name, role, department } = employee
  return { ...base, actor: { id, name, role, departmentId: department.id }, locale: employee.locale }
}

/** Sentences of the product come in the terminal's language where it is Russian. */
export function localeOfTerminal(env: NodeJS.ProcessEnv = process.env): 'ru' | 'en' {
  return /^ru/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'ru' : 'en'
}
