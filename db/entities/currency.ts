import { defineEntity, p } from '@mikro-orm/core'

/** What one unit of a currency is worth in the organisation's, from a day on until the next row's. A trigger converts the deals anew. */
const ExchangeRateSchema = defineEntity({
  name: 'ExchangeRate',
  tableName: 'exchange_rate',
  properties: {
    currency: p.string().length(3).primary(),
    validFrom: p.date().primary(),
    /** Exact decimal, as text. */
    rate: p.decimal('string').precision(20).scale(10),
  },
})
export class ExchangeRate extends ExchangeRateSchema.class {}
ExchangeRateSchema.setClass(ExchangeRate)
