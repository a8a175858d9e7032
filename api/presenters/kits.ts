import type { KitStatus } from '../../shared/kits/kit-statuses.ts'
import { statusesOf } from '../../shared/kits/kit-statuses.ts'
import { describeCondition } from '../../shared/messages/describe-condition.ts'
import { describeGate } from '../../shared/messages/describe-gate.ts'
import { describeRule } from '../../shared/messages/describe-rule.ts'
import type { KitProcess } from '../../shared/schemas/kits.ts'
import type { KitProcessView, KitStageView, KitView } from '../../shared/views/kits.ts'
import { kitWords } from '../usecases/kits/kit-words.ts'
import type { KitCard } from '../usecases/kits/list-kits.ts'
import { findStatusOf, placeOf } from '../usecases/kits/settle-statuses.ts'
import type { Reader } from './deals.ts'

export function presentKits(cards: readonly KitCard[], reader: Reader): { items: readonly KitView[] } {
  return { items: cards.map((card) => presentKit(card, reader)) }
}

export function presentKit(card: KitCard, reader: Reader): KitView {
  const { kit, installed, statuses } = card
  const { locale } = reader
  const words = kitWords(kit, locale, card.currency)
  return {
    code: kit.code,
    name: kit.names[locale],
    summary: kit.summary[locale],
    icon: kit.icon,
    installed,
    process: presentProcess(kit.process, card, reader),
    furtherProcesses: kit.furtherProcesses.map((process) => presentProcess(process, card, reader)),
    // The type is the kit's own: said with every rule, it would be in the way.
    rules: kit.rules.map((rule) => ({
      name: rule.names[locale],
      sentence: describeRule({ ...rule, dealTypes: [] }, locale, words.rules),
    })),
    fields: kit.fields.map(({ names }) => names[locale]),
    documents: kit.documentTypes.map(({ names }) => names[locale]),
    newStatuses: statusesOf(kit)
      .filter((status) => findStatusOf(statuses, status) === undefined)
      .map(({ names }) => names[locale]),
  }
}

function presentProcess({ code, draft }: KitProcess, card: KitCard, reader: Reader): KitProcessView {
  const { locale } = reader
  const words = kitWords(card.kit, locale, card.currency)
  const own = new Map(statusesOf(card.kit).map((status) => [status.code, status]))
  const placeOfStage = (stage: string) => draft.stages.findIndex((other) => other.code === stage)
  return {
    code,
    name: draft.names[locale],
    stages: draft.stages.map((stage, index) => {
      const status = stage.status === null ? undefined : own.get(stage.status)
      return {
        code: stage.code,
        name: stage.names[locale],
        status: status ? presentStatus(status, card, reader) : null,
        timeLimitHours: stage.timeLimitHours,
        gates: stage.gates.map((gate) => describeGate(gate, locale, words.gates)),
        tasks: stage.tasks.map(({ title }) => title[locale]),
        ways: stage.ways.map(({ to, names, condition }) => ({
          to: draft.stages[placeOfStage(to)]?.names[locale] ?? to,
          name: names?.[locale] ?? null,
          kind: placeOfStage(to) > index ? ('forward' as const) : ('back' as const),
          condition: condition ? describeCondition(condition, locale, words.rules) : null,
        })),
      }
    }),
  }
}

/** A status that is still missing has the colour of the one it will go behind. */
function presentStatus(status: KitStatus, { statuses }: KitCard, { locale }: Reader): KitStageView['status'] {
  const found = findStatusOf(statuses, status)
  const after = found ? null : placeOf(statuses, status.code)
  const step = found ? statuses.step(found) : after === null ? null : statuses.step(statuses.find(after))
  return { name: (found ?? status).names[locale], step }
}
