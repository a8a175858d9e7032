import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  authenticateLogin,
  authenticateToken,
  createApiToken,
  findActor,
  logIn,
  logInTelegram,
  type NewLogin,
} from '../../api/usecases/access.ts'
import { createDepartment, createEmployee, editDepartment, editEmployee, listDepartments } from '../../api/usecases/people.ts'
import { editStatus } from '../../api/usecases/statuses.ts'
import { createLinkCode, findLinkedEmployee, linkAccount, previewLinkCode } from '../../api/usecases/telegram.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { CreateEmployee, EditEmployee } from '../../shared/schemas/directory.ts'
import { createWorld, departments, type Name, password, type World } from '../support/world.ts'
import { refused } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const visitor = () => ({ em: world.orm.em.fork(), now: world.clock.now(), userAgent: 'проба '.repeat(100) })
const enter = (login: string, given = password): Promise<NewLogin> => logIn(visitor(), { login, password: given })
const isLive = async (login: NewLogin) => (await authenticateLogin(world.orm.em.fork(), login.token, world.clock.now())) !== null
const edit = async (id: number, fields: object, by: Name = 'ada') => {
  const [row] = await selectRows<{ version: number }>(world.orm.em.fork(), sql`select version from employee where id = ${id}`)
  return editEmployee(world.as(by), EditEmployee.parse({ id, version: row!.version, ...fields }))
}

test('a login lasts while it is used, and ninety days at the most', async () => {
  const login = await enter('mira')
  for (let day = 0; day < 89; day += 10) {
    world.clock.advance({ days: 10 })
    assert.equal(await isLive(login), day + 10 < 90, `day ${day + 10}`)
  }
  world.clock.advance({ days: 1 })
  assert.equal(await isLive(login), false)
})

test('a login that nobody uses ends: after fourteen days, an administrator’s after one', async () => {
  const [manager, admin] = [await enter('mira'), await enter('ada')]
  world.clock.advance({ days: 1 })
  assert.deepEqual([await isLive(manager), await isLive(admin)], [true, true])
  world.clock.advance({ days: 1, ms: 1 })
  assert.deepEqual([await isLive(manager), await isLive(admin)], [true, false])
  world.clock.advance({ days: 14, ms: 1 })
  assert.equal(await isLive(manager), false)
})

test('who has no password cannot log in by one', async () => {
  const input = CreateEmployee.parse({ login: 'nopass', name: 'Без пароля', role: 'field', departmentId: 1 })
  await createEmployee(world.as('ada'), input)
  await refused(enter('nopass', ''), 'login_failed')
  await refused(enter('nopass', 'что угодно'), 'login_failed')
})

test('a deactivated employee is out by every way at once: cookie, token, Telegram, and as an actor', async () => {
  const { id } = world.people.nina
  const login = await enter('nina')
  const { token } = await createApiToken(world.as('nina'), { name: 'касса' })
  await linkAccount(visitor(), { employeeId: id, telegramUserId: 77, chatId: 77, username: null })
  const { code } = await createLinkCode(world.as('nina'))
  assert.ok((await authenticateToken(world.orm.em.fork(), token)) && (await logInTelegram(visitor(), 77)))
  await edit(id, { active: false })
  assert.equal(await isLive(login), false)
  assert.equal(await authenticateToken(world.orm.em.fork(), token), null)
  assert.equal(await findActor(world.orm.em.fork(), id), null)
  assert.equal(await findLinkedEmployee(world.orm.em.fork(), 77), null)
  await refused(logInTelegram(visitor(), 77), 'login_failed')
  await refused(previewLinkCode(visitor(), { code }), 'link_code_wrong')
  await refused(enter('nina'), 'login_failed')
  await edit(id, { active: true })
  assert.equal(await isLive(login), false)
  assert.equal(await authenticateToken(world.orm.em.fork(), token), null, 'a token comes back to life with its employee')
  assert.ok(await enter('nina'))
})

test('a new name or department leaves the logins as they are; a new role ends them', async () => {
  const login = await enter('max')
  await edit(world.people.max.id, { name: 'Максим', departmentId: departments.south })
  assert.equal(await isLive(login), true)
  const found = await authenticateLogin(world.orm.em.fork(), login.token, world.clock.now())
  assert.deepEqual([found?.actor.name, found?.actor.departmentId], ['Максим', departments.south])
  await edit(world.people.max.id, { role: 'head' })
  assert.equal(await isLive(login), false)
})

test('the last administrator stays: neither deactivated nor given another role', async () => {
  await refused(edit(world.people.ada.id, { active: false }), 'conflict')
  await refused(edit(world.people.ada.id, { role: 'manager' }), 'conflict')
  await edit(world.people.ada.id, { name: 'Ада' })
})

test('only the administrator changes people, departments and the dictionary', async () => {
  const input = CreateEmployee.parse({ login: 'x1', name: 'Икс', role: 'admin', departmentId: 1 })
  for (const name of ['eva', 'hugo', 'mira', 'finn'] as const) {
    await refused(createEmployee(world.as(name), input), 'forbidden')
    await refused(edit(world.people[name].id, { role: 'admin' }, name), 'forbidden')
    await refused(createDepartment(world.as(name), { name: 'Моё' }), 'forbidden')
    await refused(editDepartment(world.as(name), { id: 1, version: 1, name: 'Моё' }), 'forbidden')
    await refused(editStatus(world.as(name), { code: 'new', version: 1, probabilityPct: 1 }), 'forbidden')
  }
})

test('a login is taken once, whoever asks; people and departments stand in departments that exist', async () => {
  const person = (fields: object) =>
    createEmployee(
      world.as('ada'),
      CreateEmployee.parse({ login: 'y1', name: 'Игрек', role: 'field', departmentId: 1, ...fields }),
    )
  await refused(person({ login: 'MIRA' }), 'already_exists')
  await refused(person({ departmentId: 99 }), 'not_found')
  await refused(createDepartment(world.as('ada'), { name: 'Н', parentId: 99 }), 'not_found')
  await refused(edit(world.people.mira.id, { departmentId: 99 }), 'not_found')
})

test('a department is moved with all below it, and archived and brought back', async () => {
  const moved = await editDepartment(world.as('ada'), { id: departments.center, version: 1, parentId: departments.service })
  assert.equal(moved.parent?.id, departments.service)
  const tree = await listDepartments(world.as('mira'))
  assert.equal(tree.find((row) => row.id === departments.north)?.depth, 3)
  await refused(editDepartment(world.as('ada'), { id: departments.center, version: 1, name: 'Н' }), 'version_stale')
  await editDepartment(world.as('ada'), { id: departments.north, version: 1, archived: true })
  const back = await editDepartment(world.as('ada'), { id: departments.north, version: 2, archived: false })
  assert.equal(back.archivedAt, null)
})
