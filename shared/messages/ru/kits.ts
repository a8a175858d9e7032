/** What a starter kit makes, named in a refusal. */
export const kitsRu = {
  dealType: 'тип сделок «{name}»',
  template: 'процесс «{name}»',
} as const satisfies Record<string, string>

export type KitsKey = keyof typeof kitsRu
