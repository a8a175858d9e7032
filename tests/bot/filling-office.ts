import { createDealField } from '../../api/usecases/deal-types/type-fields.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import type { UserDriver } from '../../bot/emulator/user-driver.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { CreateDealField } from '../../shared/schemas/deal-types.ts'
import { CreateDeal } from '../../shared/schemas/deals.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { type Office, openOffice, type Person } from './office.ts'

const options = [
  { code: 'air', ru: 'Самолёт', en: 'Air' },
  { code: 'sea', ru: 'Море', en: 'Sea' },
  { code: 'rail', ru: 'Поезд', en: 'Rail' },
]
/** A field of every kind. */
const kinds = {
  note: 'text',
  weight: 'number',
  price: 'money',
  ready: 'day',
  way: 'choice',
  ways: 'several',
  urgent: 'flag',
  scan: 'file',
  carrier: 'counterparty',
  driver: 'employee',
} as const
export type FieldCode = keyof typeof kinds
const names: Readonly<Record<FieldCode, string>> = {
  note: 'Пометка',
  weight: 'Вес',
  price: 'Цена',
  ready: 'Готовность',
  way: 'Чем везём',
  ways: 'Чем можно',
  urgent: 'Срочно',
  scan: 'Скан',
  carrier: 'Перевозчик',
  driver: 'Водитель',
}

/**
 * An office with the type `cargo`, which has a field of every kind: draft -> ready (weight, day and way are needed); and one type per kind of
 * gate that asks: `one-<field>` needs that field alone. `strict` cannot be made without a weight and a way.
 */
export async function openCargo(): Promise<Office> {
  const office = await openOffice()
  const em = office.orm.em.fork()
  for (const table of ['process_template', 'process_template_version', 'stage'])
    await selectRows(em, sql`select setval(pg_get_serial_sequence(${table}, 'id'), 100)`)
  const add = async (type: string, field: FieldCode, isRequired = false) => {
    const kind = kinds[field]
    const input = { code: type, field, kind, isRequired, names: { ru: names[field], en: field } }
    const more = kind === 'choice' || kind === 'several' ? { options } : {}
    await createDealField(office.session('admin'), CreateDealField.parse({ ...input, ...more }))
  }
  const type = async (code: string, stages: Parameters<typeof insertProcess>[2]) =>
    insertType(office.orm, code, await insertProcess(office.orm, code, stages))
  const fields = Object.keys(kinds) as FieldCode[]
  const needs = (...facts: string[]) => [
    { code: 'draft', status: 'new' },
    { code: 'ready', status: 'proposal', gates: [{ kind: 'fields' as const, facts }] },
  ]
  await type('cargo', needs('field.weight', 'field.ready', 'field.way'))
  for (const field of fields) await add('cargo', field)
  for (const field of fields) {
    await type(`one-${field}`, needs(`field.${field}`))
    await add(`one-${field}`, field)
  }
  await type('own', needs('contact', 'expectedCloseOn'))
  await type('paid', [
    { code: 'draft', status: 'new' },
    { code: 'ready', status: 'proposal', gates: [{ kind: 'amount', fromMinor: 500_000_00, toMinor: 900_000_00 }] },
  ])
  await type('papers', [
    { code: 'draft', status: 'new' },
    {
      code: 'ready',
      status: 'proposal',
      gates: [{ kind: 'requisites' }, { kind: 'tasks' }, { kind: 'approval', role: 'head' }],
    },
  ])
  await type('strict', needs('field.weight'))
  await add('strict', 'weight', true)
  await add('strict', 'way', true)
  await add('strict', 'note')
  return office
}

export type Chat = {
  readonly user: UserDriver
  readonly number: number
  /** The newest message of the bot. */
  readonly last: () => string
  readonly labels: () => string[]
  readonly send: (text: string) => Promise<void>
  /** Presses a key of the newest message. @returns what the press was answered with */
  readonly press: (label: string) => Promise<string>
  readonly stage: () => Promise<string | null>
  readonly fields: () => Promise<Readonly<Record<string, unknown>>>
}

/** A deal of the person, its card open in his chat. */
export async function openDeal(
  office: Office,
  type: string,
  person: Person = 'anna',
  given: Readonly<Record<string, unknown>> = {},
): Promise<Chat> {
  const amount = { amountMinor: 100_000_00, currency: 'RUB' }
  const input = CreateDeal.parse({ title: 'Груз', type, amount, counterpartyId: 1, ...given })
  const { number } = (await createDeal(office.session(person), input)).deal
  const chat = chatOf(office, person, number)
  // Whatever a test before has left open rests.
  await chat.send('/start')
  await chat.send(`#${number}`)
  return chat
}

export function chatOf(office: Office, person: Person, number: number): Chat {
  const user = office.telegram(person)
  const deal = async () => (await showDeal(office.session('admin'), { number })).deal
  return {
    user,
    number,
    last: () => user.chat.last().message.text ?? '',
    labels: () => user.chat.buttons(user.chat.last()).flat(),
    async send(text) {
      user.send(text)
      await office.quiet()
    },
    async press(label) {
      const pressed = user.press(label, user.chat.last())
      await office.quiet()
      return pressed.answer()?.text ?? ''
    },
    stage: async () => (await deal()).stageCode,
    fields: async () => (await deal()).fields,
  }
}
