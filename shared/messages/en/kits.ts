import type { KitsKey } from '../ru/kits.ts'

export const kitsEn = {
  dealType: 'the deal type “{name}”',
  template: 'the process “{name}”',
} as const satisfies Record<KitsKey, string>
