import type { Words } from '../domain/status-rules.ts'

/** What the example rules of the editor write, in both languages. */
export const ruleExampleWords = {
  thank: { ru: 'Поблагодарить клиента и согласовать сроки', en: 'Thank the client and agree on the dates' },
  idle: { ru: 'Связаться с клиентом', en: 'Get in touch with the client' },
  support: { ru: 'Сопровождение', en: 'Support' },
  big: { ru: 'Новая крупная сделка, посмотрите её', en: 'A new large deal: have a look at it' },
} as const satisfies Record<string, Words>
