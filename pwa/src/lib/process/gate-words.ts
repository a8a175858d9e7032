import type { GateInput, GateKind } from '../../../../shared/domain/rules.ts'
import { processEn } from '../../../../shared/messages/en/process.ts'
import { type ProcessKey, processRu } from '../../../../shared/messages/ru/process.ts'
import { createTranslate } from '../../../../shared/messages/translate.ts'
import { i18n } from '../i18n.svelte.ts'
import { t } from './messages.ts'

const translators = { ru: createTranslate<ProcessKey>('ru', processRu), en: createTranslate<ProcessKey>('en', processEn) }

export function sayGateKind(kind: GateKind): string {
  return translators[i18n.locale](`gateKind.${kind}`)
}

/** The label of one part of a gate: its own where it has one, else that of the kind of input. */
export function sayGatePart(part: string, input: GateInput): string {
  const key = `gatePart.${part}`
  return key in processRu ? translators[i18n.locale](key as ProcessKey) : t(`gateInput.${input}`)
}
