import type { Role } from '../../shared/views/common.ts'

/** `work` says what a person's deals are; the weight is his share among those who do the same. */
export type PersonSeed = {
  readonly id: number
  readonly name: string
  readonly login: string
  readonly position: string
  readonly role: Role
  readonly departmentId: number
  readonly isDemoLogin: boolean
}
export type DepartmentSeed = { readonly id: number; readonly name: string; readonly parentId: number | null }

export const company = { id: 1, name: 'Компания', parentId: null } as const
export const sales = { id: 2, name: 'Продажи', parentId: 1 } as const
export const center = { id: 3, name: 'Продажи Центр', parentId: 2 } as const
export const south = { id: 4, name: 'Продажи Юг', parentId: 2 } as const
export const projects = { id: 5, name: 'Проекты', parentId: 1 } as const
export const service = { id: 6, name: 'Сервис', parentId: 1 } as const
export const departmentSeeds: readonly DepartmentSeed[] = [company, sales, center, south, projects, service]

const demoLogins = new Set(['nikitin', 'vlasova', 'sokolov', 'petrova', 'orlov'])

const people: readonly (readonly [login: string, name: string, position: string, role: Role, department: DepartmentSeed])[] = [
  ['nikitin', 'Сергей Никитин', 'Администратор системы', 'admin', company],
  ['vlasova', 'Елена Власова', 'Генеральный директор', 'executive', company],
  ['gromov', 'Павел Громов', 'Коммерческий директор', 'executive', company],
  ['sokolov', 'Игорь Соколов', 'Руководитель продаж', 'head', sales],
  ['zaytseva', 'Ольга Зайцева', 'Руководитель отдела «Центр»', 'head', center],
  ['akhmetov', 'Руслан Ахметов', 'Руководитель отдела «Юг»', 'head', south],
  ['titov', 'Алексей Титов', 'Руководитель проектов', 'head', projects],
  ['belova', 'Наталья Белова', 'Руководитель сервиса', 'head', service],
  ['petrova', 'Анна Петрова', 'Менеджер по продажам', 'manager', center],
  ['fedorov', 'Кирилл Фёдоров', 'Менеджер по продажам', 'manager', center],
  ['safonova', 'Юлия Сафонова', 'Менеджер по продажам', 'manager', center],
  ['markov', 'Денис Марков', 'Менеджер по продажам', 'manager', center],
  ['kim', 'Мария Ким', 'Старший менеджер по продажам', 'manager', south],
  ['galiev', 'Тимур Галиев', 'Менеджер по продажам', 'manager', south],
  ['ryabova', 'Светлана Рябова', 'Менеджер по продажам', 'manager', south],
  ['krylov', 'Андрей Крылов', 'Менеджер проектов', 'manager', projects],
  ['lapteva', 'Евгения Лаптева', 'Менеджер проектов', 'manager', projects],
  ['gusev', 'Максим Гусев', 'Менеджер сервиса', 'manager', service],
  ['orekhova', 'Полина Орехова', 'Менеджер сервиса', 'manager', service],
  ['orlov', 'Дмитрий Орлов', 'Инженер-наладчик', 'field', service],
  ['chernov', 'Илья Чернов', 'Сервисный инженер', 'field', service],
  ['maslov', 'Степан Маслов', 'Инженер-наладчик', 'field', projects],
]

export const personSeeds: readonly PersonSeed[] = people.map(([login, name, position, role, department], index) => ({
  id: index + 1,
  name,
  login,
  position,
  role,
  departmentId: department.id,
  isDemoLogin: demoLogins.has(login),
}))

/** The person with this login. @throws Error when the seeds have none. */
export function person(login: string): PersonSeed {
  const found = personSeeds.find((candidate) => candidate.login === login)
  if (!found) throw new Error(`the seeds have no person ${login}`)
  return found
}

/** Who gets a new deal of a type, by weight. */
export const ownersByType: Readonly<Record<string, readonly { readonly who: PersonSeed; readonly weight: number }[]>> = {
  product_sale: owners('petrova 12 fedorov 12 safonova 11 markov 10 kim 15 galiev 11 ryabova 9 sokolov 4 zaytseva 4'),
  service: owners('gusev 20 orekhova 18 belova 4 petrova 3 kim 3 ryabova 2'),
  project: owners('krylov 16 lapteva 14 titov 6 petrova 5 fedorov 3 kim 5'),
  support_contract: owners('orekhova 14 gusev 12 belova 3 petrova 6 safonova 5 kim 4 galiev 4'),
}

/** Who leads the people of a department. */
export const headOf: Readonly<Record<number, PersonSeed>> = {
  [sales.id]: person('sokolov'),
  [center.id]: person('zaytseva'),
  [south.id]: person('akhmetov'),
  [projects.id]: person('titov'),
  [service.id]: person('belova'),
}

function owners(line: string): readonly { readonly who: PersonSeed; readonly weight: number }[] {
  const words = line.split(' ')
  return words.flatMap((login, index) => (index % 2 === 0 ? [{ who: person(login), weight: Number(words[index + 1]) }] : []))
}
