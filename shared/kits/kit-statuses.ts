import { type Condition, type FactValue, factsIn } from '../domain/conditions.ts'
import { renameStatus } from '../domain/rename-status.ts'
import { type StatusRule, statusOf } from '../domain/status-rules.ts'
import type { Kit, KitProcess } from '../schemas/kits.ts'
import type { CreateStatusInput } from '../schemas/statuses.ts'

export type KitStatus = Pick<CreateStatusInput, 'names' | 'phase' | 'isWon' | 'probabilityPct'> & {
  readonly code: string
  readonly timeLimitHours: number | null
}

/** Every status that kits give, in the order of the funnel: the eight that a company begins with, and three that kits bring along. */
export const kitStatuses: readonly KitStatus[] = [
  status('new', 'Новая', 'New', 'presale', 10, 48),
  status('qualification', 'Квалификация', 'Qualification', 'presale', 20, 168),
  status('proposal', 'Предложение', 'Proposal', 'presale', 40, 240),
  status('bid', 'Подача заявки', 'Bid', 'presale', 50, 240),
  status('negotiation', 'Переговоры', 'Negotiation', 'presale', 60, 504),
  { ...status('contract', 'Договор', 'Contract', 'sale', 95, 240), isWon: true },
  status('payment', 'Оплата', 'Payment', 'sale', 98, 336),
  status('delivery', 'Исполнение', 'Delivery', 'delivery', 100, 576),
  status('acceptance', 'Приёмка', 'Acceptance', 'delivery', 100, 240),
  status('support', 'Сопровождение', 'Support', 'support', 100, null),
  status('renewal', 'Продление', 'Renewal', 'renewal', 100, 720),
]

/** The statuses that a kit names anywhere, in the order of the funnel. */
export function statusesOf(kit: Kit): readonly KitStatus[] {
  const named = new Set([
    ...[kit.process, ...kit.furtherProcesses].flatMap(({ draft }) => [
      draft.status,
      ...draft.stages.flatMap((stage) => [stage.status, ...stage.ways.flatMap(({ condition }) => statusesIn(condition ?? null))]),
    ]),
    ...kit.rules.flatMap((rule) => [rule.trigger.status, statusOf(rule), ...statusesIn(rule.condition)]),
  ])
  return kitStatuses.filter(({ code }) => named.has(code))
}

/** The kit with other statuses in place of its own. @param codeOf code in the kit -> code in the company; all at once, so that they may be exchanged */
export function withStatuses(kit: Kit, codeOf: ReadonlyMap<string, string>): Kit {
  const renamed = [...codeOf].filter(([from, into]) => from !== into)
  if (renamed.length === 0) return kit
  const other = (code: string | null) => (code === null ? null : (codeOf.get(code) ?? code))
  const inProcess = ({ code, draft }: KitProcess): KitProcess => ({
    code,
    draft: {
      ...draft,
      status: other(draft.status),
      stages: draft.stages.map((stage) => ({ ...stage, status: other(stage.status) })),
    },
  })
  // Through names that nobody has, so that a status put in place of another is not replaced itself.
  const steps = [
    ...renamed.map(([from]) => [from, `${from}\u0000`] as const),
    ...renamed.map(([from, into]) => [`${from}\u0000`, into] as const),
  ]
  const inRule = (rule: Kit['rules'][number]): Kit['rules'][number] => {
    let said: Pick<StatusRule, 'trigger' | 'condition' | 'actions'> = rule
    for (const [from, into] of steps) said = renameStatus(said, from, into) ?? said
    const { trigger, condition, actions } = said
    return { ...rule, trigger, condition, actions: [...actions] }
  }
  return {
    ...kit,
    process: inProcess(kit.process),
    furtherProcesses: kit.furtherProcesses.map(inProcess),
    rules: kit.rules.map(inRule),
  }
}

function statusesIn(condition: Condition | null): readonly string[] {
  if (condition === null || !factsIn(condition).includes('status')) return []
  if ('all' in condition) return condition.all.flatMap(statusesIn)
  if ('any' in condition) return condition.any.flatMap(statusesIn)
  return [condition.value ?? ([] as FactValue)].flat().map(String)
}

function status(
  code: string,
  ru: string,
  en: string,
  phase: KitStatus['phase'],
  probabilityPct: number,
  timeLimitHours: number | null,
): KitStatus {
  return { code, names: { ru, en }, phase, isWon: false, probabilityPct, timeLimitHours }
}
