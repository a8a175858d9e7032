import type { Words } from '../../../../shared/domain/status-rules.ts'

/** One language alone names both. */
export function fillNames({ ru, en }: Words): { ru: string; en: string } {
  return { ru: ru.trim() || en.trim(), en: en.trim() || ru.trim() }
}

export function isNamed({ ru, en }: Words): boolean {
  return ru.trim() !== '' || en.trim() !== ''
}
