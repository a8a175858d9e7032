import { defineEntity, p } from '@mikro-orm/core'

const CounterpartySchema = defineEntity({
  name: 'Counterparty',
  tableName: 'counterparty',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.string(),
    /** Russian tax requisites; null where unknown or foreign. */
    inn: p.string().length(12).nullable(),
    kpp: p.string().length(9).nullable(),
    ogrn: p.string().length(15).nullable(),
    address: p.string().nullable(),
    phone: p.string().nullable(),
    email: p.string().nullable(),
    externalId: p.string().nullable().unique(),
    archivedAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    version: p.integer().version(),
  },
})
export class Counterparty extends CounterpartySchema.class {}
CounterpartySchema.setClass(Counterparty)

/** A person at a counterparty. */
const ContactSchema = defineEntity({
  name: 'Contact',
  tableName: 'contact',
  properties: {
    id: p.integer().primary().autoincrement(),
    counterparty: () => p.manyToOne(Counterparty).index(),
    name: p.string(),
    position: p.string().nullable(),
    phone: p.string().nullable(),
    email: p.string().nullable(),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class Contact extends ContactSchema.class {}
ContactSchema.setClass(Contact)
