import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { kitDictionary } from '../../api/usecases/kits/kit-words.ts'
import { checkRule } from '../../api/usecases/rules/check-rule.ts'
import { statusSeeds } from '../../db/seeds/statuses.ts'
import { type Condition, type Facts, type FactValue, holds } from '../../shared/domain/conditions.ts'
import { isLastStage, type ProcessVersion, unmetRequirements, waysFrom } from '../../shared/domain/process.ts'
import { checkDraft, type Known } from '../../shared/domain/process-draft.ts'
import type { Gate } from '../../shared/domain/rules.ts'
import { kits } from '../../shared/kits/all.ts'
import { kitStatuses, statusesOf, withStatuses } from '../../shared/kits/kit-statuses.ts'
import { type Kit, KitField, type KitProcess } from '../../shared/schemas/kits.ts'
import type { ProcessDraft } from '../../shared/schemas/process.ts'

const processesOf = (kit: Kit): readonly KitProcess[] => [kit.process, ...kit.furtherProcesses]

/** A company with nothing but the kit in it. */
function knownOf(kit: Kit): Known {
  const documentTypes = new Set(kit.documentTypes.map(({ code }) => code))
  const fields = new Map(kit.fields.map(({ code, kind }) => [code, kind]))
  return {
    statuses: new Set(statusesOf(kit).map(({ code }) => code)),
    documentTypes,
    payableTypes: new Set(kit.documentTypes.filter(({ isPayable }) => isPayable).map(({ code }) => code)),
    fields,
    employees: new Set(),
    roles: new Set(['admin', 'executive', 'head', 'manager', 'field']),
    dealTypes: [{ code: kit.code, fields: new Set(fields.keys()), documentTypes }],
    givenOnlyHere: new Set(),
  }
}

test('there are five kits, and each has the shape of a kit', () => {
  assert.deepEqual(
    kits.map(({ code }) => code),
    ['b2b_sale', 'service_act', 'implementation', 'support_renewal', 'tender'],
  )
  for (const kit of kits) assert.deepEqual(KitField.parse(kit), kit, kit.code)
})

test('a kit is no toy: five to nine stages, two gates and three rules at least', () => {
  for (const kit of kits) {
    const { stages } = kit.process.draft
    assert.ok(stages.length >= 5 && stages.length <= 9, `${kit.code}: ${stages.length} stages`)
    assert.ok(stages.filter(({ gates }) => gates.length > 0).length >= 2, `${kit.code}: gates`)
    assert.ok(kit.rules.length >= 3, `${kit.code}: rules`)
    assert.ok(
      stages.some(({ ways }) => ways.some(({ condition }) => condition)),
      `${kit.code}: branches`,
    )
  }
})

test('the check of processes finds nothing wrong with any of them', () => {
  for (const kit of kits)
    for (const { code, draft } of processesOf(kit)) assert.deepEqual(checkDraft(draft, knownOf(kit)), [], code)
})

test('every rule names what its kit brings, in Russian and in English', () => {
  for (const kit of kits)
    for (const rule of kit.rules) {
      const ground = { dictionary: kitDictionary(kit), activeEmployees: new Set<number>(), locale: 'ru' as const }
      assert.deepEqual(checkRule(rule, ground), [], rule.names.en)
      assert.deepEqual(rule.dealTypes, [kit.code])
    }
})

test('codes and names are told apart, within a kit and between kits', () => {
  const unique = (values: readonly string[], what: string) =>
    assert.equal(new Set(values).size, values.length, `${what}: ${values}`)
  for (const locale of ['ru', 'en'] as const) {
    unique(
      kits.map(({ names }) => names[locale]),
      'kits',
    )
    unique(
      kits.flatMap(({ rules }) => rules.map(({ names }) => names[locale])),
      'rules',
    )
    unique(
      kits.flatMap((kit) => processesOf(kit).map(({ draft }) => draft.names[locale])),
      'processes',
    )
    unique(
      kitStatuses.map(({ names }) => names[locale]),
      'statuses',
    )
    for (const kit of kits) {
      unique(
        kit.fields.map(({ names }) => names[locale]),
        kit.code,
      )
      for (const { draft } of processesOf(kit))
        unique(
          draft.stages.map(({ names }) => names[locale]),
          kit.code,
        )
    }
  }
  unique(
    kits.flatMap((kit) => processesOf(kit).map(({ code }) => code)),
    'codes of processes',
  )
  unique(
    kits.flatMap(({ fields }) => fields.map(({ code }) => code)),
    'codes of fields',
  )
})

test('what several kits bring is the same in each, and the same as a company begins with', () => {
  const types = Map.groupBy(
    kits.flatMap(({ documentTypes }) => documentTypes),
    ({ code }) => code,
  )
  for (const [code, same] of types) for (const type of same) assert.deepEqual(type, same[0], code)
  for (const seed of statusSeeds.filter(({ category }) => category !== 'lost')) {
    const { code, names, phase, isWon, probabilityPct, timeLimitHours } = seed
    const known = kitStatuses.find((status) => status.code === code)
    assert.deepEqual(known, { code, names, phase, isWon, probabilityPct, timeLimitHours })
  }
})

test('every text is said in both languages, Russian in Cyrillic and English without it', () => {
  const wordsIn = (value: unknown): { ru: string; en: string }[] => {
    if (typeof value !== 'object' || value === null) return []
    const { ru, en } = value as { ru?: unknown; en?: unknown }
    if (typeof ru === 'string' && typeof en === 'string') return [{ ru, en }]
    return Object.values(value).flatMap(wordsIn)
  }
  const all = wordsIn([kits, kitStatuses])
  assert.ok(all.length > 200, String(all.length))
  for (const { ru, en } of all) {
    assert.match(ru, /[а-яё]|44-ФЗ/i)
    assert.doesNotMatch(en, /[а-яё]/i)
    assert.doesNotMatch(`${ru}${en}`, /\d%|"| - /)
  }
})

test('a kit uses other statuses where they stand for its own', () => {
  const exchanged = withStatuses(
    kits[0]!,
    new Map([
      ['contract', 'payment'],
      ['payment', 'contract'],
      ['new', 'lead'],
    ]),
  )
  const given = exchanged.process.draft.stages.map(({ status }) => status)
  assert.deepEqual(given.slice(0, 6), ['lead', 'qualification', 'proposal', 'negotiation', 'payment', 'contract'])
  const idle = exchanged.rules.find(({ trigger }) => trigger.kind === 'deal_idle')!
  assert.deepEqual(idle.condition, {
    fact: 'status',
    is: 'oneOf',
    value: ['lead', 'qualification', 'proposal', 'negotiation', 'payment', 'contract'],
  })
  assert.deepEqual(exchanged.rules[0]!.actions[0], { kind: 'set_status', status: 'payment' })
  assert.equal(withStatuses(kits[0]!, new Map([['new', 'new']])), kits[0])
})

/** The draft as the rules of processes take it: ids are places. */
function versionOf(draft: ProcessDraft): ProcessVersion {
  const idOf = (code: string) => draft.stages.findIndex((stage) => stage.code === code) + 1
  return {
    id: 1,
    statusId: null,
    stages: draft.stages.map(({ code, gates, ways }, index) => ({
      id: index + 1,
      code,
      position: index + 1,
      statusId: null,
      gates,
      ways: ways.map(({ to, names, condition }) => ({ to: idOf(to), names: names ?? null, condition: condition ?? null })),
    })),
  }
}

/** Facts that pass a gate; the amount is the deal's own. */
function passing(gate: Gate): Facts {
  switch (gate.kind) {
    case 'fields':
      return Object.fromEntries(gate.facts.map((fact) => [fact, 'given']))
    case 'document':
      return gate.goal === 'paid' ? { [`paid.${gate.documentType}`]: true } : { [`document.${gate.documentType}`]: gate.goal }
    case 'approval':
      return { [`approval.${gate.role}`]: true }
    case 'time':
      return { hoursInStage: gate.hours }
    case 'requisites':
      return { requisitesComplete: true }
    case 'payment':
      return { paidAmount: gate.atLeastMinor }
    case 'amount':
    case 'tasks':
      return {}
  }
}

/** A value for each choice that ways ask about. */
const someDeal = (kit: Kit) =>
  fc.record({
    amount: fc.integer({ min: 100, max: 1_000_000_000 }),
    isLinked: fc.boolean(),
    choices: fc.record(
      Object.fromEntries(
        kit.fields
          .filter(({ options }) => options.length > 0)
          .map(({ code, options }) => [`field.${code}`, fc.constantFrom(...options.map((option) => option.code))]),
      ),
    ) as fc.Arbitrary<Record<string, FactValue>>,
    steps: fc.array(fc.nat({ max: 1000 }), { minLength: 400, maxLength: 400 }),
  })

test('a deal that meets the gates comes to an end, whichever ways it goes, and is never stuck', () => {
  for (const kit of kits)
    for (const { code, draft } of processesOf(kit)) {
      const version = versionOf(draft)
      fc.assert(
        fc.property(someDeal(kit), ({ amount, isLinked, choices, steps }) => {
          let at = 1
          for (const step of steps) {
            if (isLastStage(version, at)) return true
            const deal: Facts = { amount, isLinked, ...choices }
            const ways = waysFrom(version, at, deal)
            const onward = ways.filter(({ kind }) => kind === 'forward')
            assert.ok(onward.length > 0, `${code}: no way on from ${draft.stages[at - 1]!.code}`)
            // One step in five goes anywhere, the others on: a deal that goes back as often as forth takes for ever.
            const offered = step % 5 === 0 ? ways : onward
            const { stage } = offered[step % offered.length]!
            const facts = Object.assign({}, ...stage.gates.map(passing), deal)
            assert.deepEqual(unmetRequirements(version, at, stage.id, facts), [])
            at = stage.id
          }
          return isLastStage(version, at)
        }),
        { numRuns: 200 },
      )
    }
})

test('every gate bars a deal that has nothing to show, and every condition of a rule holds for some status', () => {
  for (const kit of kits) {
    for (const { draft } of processesOf(kit)) {
      const version = versionOf(draft)
      for (const stage of version.stages.filter(({ gates }) => gates.length > 0)) {
        const from = version.stages.find(
          ({ id, ways }) => id < stage.id && ways.some(({ to, condition }) => to === stage.id && !condition),
        )
        if (!from) continue
        const open = unmetRequirements(version, from.id, stage.id, { openTasks: 1 })
        assert.equal(open.length, stage.gates.length, `${draft.names.en}: ${stage.code}`)
      }
    }
    for (const { condition, names } of kit.rules)
      assert.ok(
        statusesOf(kit).some(({ code }) => holds(condition, meeting(condition, code))),
        names.en,
      )
  }
})

function meeting(condition: Condition, status: string): Facts {
  if ('all' in condition) return Object.assign({}, ...condition.all.map((part) => meeting(part, status)))
  if ('any' in condition) return Object.assign({}, ...condition.any.map((part) => meeting(part, status)))
  if (condition.fact === 'status') return { status }
  return { status, [condition.fact]: condition.is === 'isSet' ? 'given' : (condition.value ?? null) }
}
