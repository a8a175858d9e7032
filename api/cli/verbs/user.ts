import { randomBytes } from 'node:crypto'
import { Department, Employee } from '../../../db/entities/organization.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { CreateEmployee } from '../../../shared/schemas/directory.ts'
import { parseInput } from '../../http/parse-input.ts'
import type { Session } from '../../session.ts'
import { createEmployee, editEmployee } from '../../usecases/people.ts'
import { CliError } from '../cli-error.ts'
import { openSession } from '../cli-session.ts'
import { askPassword } from '../terminal.ts'
import type { Verb, VerbContext } from '../verb.ts'

const shortest = 10
const secret = `  --generate            make a password and print it once; without it the password is asked for`

export const userAddVerb: Verb = {
  name: 'user add',
  summary: 'add an employee who can log in',
  help: `npm run voronka -- user add LOGIN --name "Anna Petrova" --role admin|executive|head|manager|field [--department NAME]

${secret}`,
  options: { name: { type: 'string' }, role: { type: 'string' }, department: { type: 'string' }, generate: { type: 'boolean' } },
  words: { min: 1, max: 1 },
  async run(context) {
    const { options, positionals } = context
    const session = await openSession(await context.open(), context)
    const department = await findDepartment(session, options['department'] as string | undefined)
    const draft = {
      login: positionals[0],
      name: options['name'] ?? positionals[0],
      role: options['role'] ?? 'admin',
      departmentId: department.id,
    }
    // The shape is checked before a password is asked for.
    parseInput(CreateEmployee, draft, session.locale)
    const { password, printed } = await choosePassword(context)
    const employee = await createEmployee(session, parseInput(CreateEmployee, { ...draft, password }, session.locale))
    const { login, name, role } = employee
    return {
      json: { login, name, role, password: printed },
      lines: [`${name} can log in as ${login} (${role}).`, ...sayPassword(printed)],
    }
  },
}

export const userResetVerb: Verb = {
  name: 'user reset',
  summary: "set an employee's password anew; all logins end",
  help: `npm run voronka -- user reset LOGIN

${secret}`,
  options: { generate: { type: 'boolean' } },
  words: { min: 1, max: 1 },
  async run(context) {
    const session = await openSession(await context.open(), context)
    const login = context.positionals[0]!.toLowerCase()
    const employee = await session.em.fork().findOne(Employee, { login })
    if (!employee) throw new CliError(`There is no employee with the login ${login}.`)
    const { password, printed } = await choosePassword(context)
    await editEmployee(session, { id: employee.id, version: employee.version, password, active: true } as Parameters<
      typeof editEmployee
    >[1])
    return {
      json: { login, password: printed },
      lines: [`The password of ${login} is new; all earlier logins ended.`, ...sayPassword(printed)],
    }
  },
}

async function findDepartment(session: Session, name: string | undefined): Promise<Department> {
  const found = await session.em.findOne(
    Department,
    name === undefined ? { archivedAt: null, parent: null } : { name, archivedAt: null },
    { orderBy: { id: 'asc' } },
  )
  if (!found) throw name === undefined ? new AppError('not_found') : new CliError(`There is no department “${name}”.`)
  return found
}

async function choosePassword({ options }: VerbContext): Promise<{ password: string; printed: string | null }> {
  if (options['generate'] !== true && process.stdin.isTTY) return { password: await askPassword(shortest), printed: null }
  const password = randomBytes(12).toString('base64url')
  return { password, printed: password }
}

function sayPassword(printed: string | null): string[] {
  return printed === null ? [] : [`Password, shown only now: ${printed}`]
}
