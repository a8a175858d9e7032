import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  connectorWords,
  funnelSentence,
  joinedWords,
  type SentenceInput,
  type SpokenLayer,
} from '../../shared/domain/funnel-sentence.ts'
import { funnelEn } from '../../shared/messages/en/funnel.ts'
import { funnelRu } from '../../shared/messages/ru/funnel.ts'
import { createTranslate } from '../../shared/messages/translate.ts'

const speech = {
  ru: { locale: 'ru', t: createTranslate('ru', funnelRu) },
  en: { locale: 'en', t: createTranslate('en', funnelEn) },
} as const
type Found = NonNullable<SpokenLayer['bottleneck']>

const conversion: Found = {
  kinds: ['conversion'],
  target: 0.61,
  targetSource: 'before',
  upperBound: 0.58,
  impactMinor: 310_000_000,
}

function talks(bottleneck: Found | null, more: Partial<SpokenLayer> = {}): SpokenLayer {
  const base = { code: 'talks', name: 'Переговоры', passed: 241, lost: 214, open: 118 }
  return { ...base, medianHours: 456, baselineMedianHours: 60, timeLimitHours: null, bottleneck, ...more }
}

const contract: SpokenLayer = { ...talks(null), code: 'contract', name: 'Договор' }

/** U+00A0 is written as `_`. */
function say(locale: 'ru' | 'en', layers: readonly SpokenLayer[], more: Partial<SentenceInput> = {}): string {
  const input = { layers, deals: 1284, narrowest: 'talks', narrowestTooFew: false, currency: 'RUB', ...more }
  return funnelSentence(input, speech[locale]).replaceAll('\u00a0', '_')
}

test('a conversion bottleneck: the step, the share, what it is held against, the money, who waits', () => {
  const layers = [talks(conversion), contract]
  assert.equal(
    say('ru', layers),
    'Узкое место: Переговоры → Договор: проходят 53_% решённых, в предыдущие 12_мес. 61_%, недобор ≈_3,1_млн_₽; ждут 118 сделок.',
  )
  assert.equal(
    say('en', layers),
    'Bottleneck: Переговоры → Договор: 53% of the resolved pass, 61% in the preceding 12 months, about ₽3.1M short; 118 deals are waiting.',
  )
})

test('a target that the administrator set is called a target; unknown money and nobody waiting are left out', () => {
  const layers = [talks({ ...conversion, targetSource: 'set', impactMinor: 0 }, { open: 0 }), contract]
  assert.equal(say('ru', layers), 'Узкое место: Переговоры → Договор: проходят 53_% решённых, цель 61_%.')
  assert.equal(say('en', layers), 'Bottleneck: Переговоры → Договор: 53% of the resolved pass, the target is 61%.')
})

test('a time bottleneck: the median beside the limit, else beside what it was', () => {
  const slow: Found = { kinds: ['time'], target: null, targetSource: null, upperBound: 0.6, impactMinor: 0 }
  assert.equal(
    say('ru', [talks(slow, { timeLimitHours: 288, open: 1 }), contract]),
    'Узкое место: Переговоры → Договор: медиана 19_дней, норма 12_дней; ждёт 1 сделка.',
  )
  assert.equal(
    say('ru', [talks(slow, { open: 22 })]),
    'Узкое место: Переговоры: медиана 19_дней, в предыдущие 12_мес. 2,5_дня; ждут 22 сделки.',
  )
  assert.equal(
    say('en', [talks(slow, { medianHours: 35, timeLimitHours: 24, open: 1 })]),
    'Bottleneck: Переговоры: median 35_hours, the limit is 24_hours; 1 deal is waiting.',
  )
})

test('a queue, and all three at once, are still one sentence', () => {
  const queue: Found = { kinds: ['queue'], target: null, targetSource: null, upperBound: null, impactMinor: 0 }
  assert.equal(
    say('ru', [talks(queue), contract]),
    'Узкое место: Переговоры → Договор: три недели подряд приходит больше сделок, чем уходит; ждут 118 сделок.',
  )
  const all = say('ru', [talks({ ...conversion, kinds: ['conversion', 'time', 'queue'] }), contract])
  for (const words of ['проходят 53_%', 'медиана 19_дней', 'три недели подряд', 'ждут 118 сделок'])
    assert.ok(all.includes(words), all)
})

test('only the bottleneck with most at stake is spoken of', () => {
  const small = { ...talks({ ...conversion, impactMinor: 1 }), code: 'small', name: 'Предложение' }
  assert.match(say('ru', [small, talks(conversion), contract]), /^Узкое место: Переговоры → Договор/u)
})

test('without a bottleneck the lowest layer is named, marked when its deals are too few', () => {
  assert.equal(say('ru', [talks(null), contract]), 'Узких мест нет; ниже всего Переговоры → Договор: проходят 53_% решённых.')
  const few = [talks(null, { passed: 4, lost: 7 }), contract]
  assert.equal(
    say('ru', few, { narrowestTooFew: true }),
    'Узких мест не видно; ниже всего Переговоры → Договор: проходят 36_% решённых, но сделок мало: решено 11.',
  )
  assert.equal(
    say('en', few, { narrowestTooFew: true }),
    'No bottleneck to be seen; the lowest is Переговоры → Договор: 36% of the resolved pass, but too few deals: 11 resolved.',
  )
})

test('no resolved deals and no deals at all are said as such, in the right plural', () => {
  assert.equal(
    say('ru', [contract], { narrowest: null, deals: 31 }),
    'Решённых сделок пока нет, узкое место назвать нельзя; в воронке 31 сделка.',
  )
  assert.equal(
    say('ru', [contract], { narrowest: null, deals: 1284 }),
    'Решённых сделок пока нет, узкое место назвать нельзя; в воронке 1_284 сделки.',
  )
  assert.equal(
    say('en', [contract], { narrowest: null, deals: 1 }),
    'No resolved deals yet, so a bottleneck cannot be named; 1 deal is in the funnel.',
  )
  assert.equal(say('ru', [contract], { deals: 0 }), 'За этот период по этому срезу сделок нет.')
})

test('names that hold signs of the message language are shown as they are', () => {
  assert.match(say('ru', [talks(conversion, { name: "{x} 'y' <b>" }), contract]), /: \{x\} 'y' <b> → Договор:/u)
})

test('a connector says its share, its change and, when loud, its mark', () => {
  const words = (resolved: number | null, baseline: number | null, loud = false) => {
    const found = connectorWords({ resolved, baseline, loud }, speech.ru)
    return [found.share, found.change, found.mark].map((text) => text?.replaceAll('\u00a0', '_') ?? null)
  }
  assert.deepEqual(words(0.53, 0.61, true), ['→ 53_%', '▼_8_п.п.', 'Узкое место'])
  assert.deepEqual(words(0.75, 0.7501), ['→ 75_%', 'без изменений', null])
  assert.deepEqual(words(null, 0.5), ['→ —', null, null])
  assert.equal(joinedWords(12, speech.ru), '+ 12 начали здесь')
  assert.equal(joinedWords(21, speech.ru), '+ 21 начала здесь')
  assert.equal(joinedWords(0, speech.ru), null)
})

test('every message of both languages can be filled in', () => {
  const values = {
    from: 'a',
    to: 'b',
    place: 'c',
    clauses: 'd',
    share: 'e',
    target: 'f',
    money: 'g',
    age: 'h',
    limit: 'i',
    number: '5',
    count: 5,
  }
  for (const [locale, catalogue] of [
    ['ru', funnelRu],
    ['en', funnelEn],
  ] as const) {
    for (const key of Object.keys(catalogue) as (keyof typeof funnelRu)[])
      assert.doesNotMatch(speech[locale].t(key, values), /[{}]/u)
  }
})

test('a median that cannot be told yet is said to be more, and working hours are called so', () => {
  const slow: Found = { ...conversion, kinds: ['time'] }
  const limited = { timeLimitHours: 40, medianHours: 61, baselineMedianHours: null, open: 0 }
  const working = talks(slow, { ...limited, clock: 'working', isMedianOver: true })
  assert.equal(say('ru', [working]), 'Узкое место: Переговоры: медиана пока 61_рабочий час и растёт, норма 40_рабочих часов.')
  assert.equal(
    say('en', [working]),
    'Bottleneck: Переговоры: median 61_working hours so far and growing, the limit is 40_working hours.',
  )
  const calendar = talks(slow, { ...limited, isMedianOver: true })
  assert.equal(say('en', [calendar]), 'Bottleneck: Переговоры: median 2.5_days so far and growing, the limit is 40_hours.')
})
