import { countSlips } from './letter-slips.ts'

/**
 * Proposals for values that a dictionary does not know but nearly does: "GTXPro" for "GTX Pro", "technolgy" for "technology".
 *
 * `spacing` differs only in case, blanks, quotes, dashes, dots, ё, or the place of the legal form; `lookalike` only in Latin letters that
 * look like Cyrillic ones: both are certain. `legal_form` lacks or adds the legal form ("Ромашка" for ООО «Ромашка»), `typo` is a slip of one to three letters: likely,
 * a person should agree.
 */
export type RepairKind = 'spacing' | 'lookalike' | 'legal_form' | 'typo'
export type RepairProposal = {
  readonly value: string
  readonly kind: RepairKind
  readonly certain: boolean /** 0 to 1 */
  readonly score: number
}

type KnownValue = { readonly value: string; readonly skeleton: string; readonly letters: number; readonly guard: string }
type KnownName = { readonly value: string; readonly hasForm: boolean }
/** A dictionary prepared for many questions; see `indexKnown`. */
export type KnownIndex = {
  readonly exact: ReadonlySet<string>
  readonly bySpacing: ReadonlyMap<string, readonly string[]>
  readonly bySkeleton: ReadonlyMap<string, readonly string[]>
  readonly byBareName: ReadonlyMap<string, readonly KnownName[]>
  readonly byLength: ReadonlyMap<number, readonly KnownValue[]>
}

/** Legal forms name different firms: ООО and АО of the same name are never a slip of each other. */
const LEGAL_FORMS = [
  'ооо',
  'оао',
  'зао',
  'пао',
  'ао',
  'нао',
  'ип',
  'тоо',
  'одо',
  'чуп',
  'фгуп',
  'муп',
  'гуп',
  'нко',
  'ано',
  'llc',
  'ltd',
  'inc',
  'gmbh',
  'ag',
  'sa',
  'corp',
  'plc',
  'jsc',
]
const LATIN_TWINS: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  і: 'i',
  ѕ: 's',
  ј: 'j',
  з: '3',
}
const LEGAL_FORM_KEYS = new Set(LEGAL_FORMS.map(toSkeleton))
const IGNORED_SIGNS = /[\s\u00a0\u200b-\u200d\ufeff"'`«»„“”‘’‹›.,;:_()[\]{}\-‐-―−/\\]+/gu

/**
 * Prepares known values for `proposeRepair`.
 * @param known names as the dictionary writes them; repeated ones count once
 */
export function indexKnown(known: Iterable<string>): KnownIndex {
  const exact = new Set(known)
  const bySpacing = new Map<string, string[]>()
  const bySkeleton = new Map<string, string[]>()
  const byBareName = new Map<string, KnownName[]>()
  const byLength = new Map<number, KnownValue[]>()
  for (const value of exact) {
    const words = foldWords(value)
    const skeleton = toSkeleton(words.key)
    if (skeleton === '') continue
    append(bySpacing, words.key, value)
    append(bySkeleton, skeleton, value)
    append(byBareName, words.bare, { value, hasForm: words.hasForm })
    append(byLength, skeleton.length, { value, skeleton, letters: letterSet(skeleton), guard: words.guard })
  }
  return { exact, bySpacing, bySkeleton, byBareName, byLength }
}

/**
 * The one known value that an unknown one was most probably meant to be.
 * Nothing is proposed for a value that is known as it stands, when two candidates are equally near, when the legal forms or the digits
 * differ, or when the value is too short to tell a slip from another word.
 * @param known the dictionary, or its index when many values are asked for (10,000 names: a few milliseconds each at worst)
 */
export function proposeRepair(value: string, known: KnownIndex | readonly string[]): RepairProposal | null {
  const index = 'exact' in known ? known : indexKnown(known)
  if (index.exact.has(value)) return null
  const words = foldWords(value)
  const skeleton = toSkeleton(words.key)
  const sameSpacing = index.bySpacing.get(words.key)
  if (sameSpacing) return single(sameSpacing, 'spacing', 1)
  const sameSkeleton = index.bySkeleton.get(skeleton)
  if (sameSkeleton) return single(sameSkeleton, 'lookalike', 0.99)
  const sameName = index.byBareName.get(words.bare)?.filter((name) => name.hasForm !== words.hasForm) ?? []
  if (sameName.length > 0)
    return single(
      sameName.map((name) => name.value),
      'legal_form',
      0.9,
    )
  return findTypo(skeleton, words.guard, index)
}

function single(candidates: readonly string[], kind: RepairKind, score: number): RepairProposal | null {
  return candidates.length === 1
    ? { value: candidates[0]!, kind, certain: kind === 'spacing' || kind === 'lookalike', score }
    : null
}

function findTypo(skeleton: string, guard: string, index: KnownIndex): RepairProposal | null {
  const limit = slipsAllowed(skeleton.length)
  const letters = letterSet(skeleton)
  let [best, bestDistance, isTie]: [KnownValue | null, number, boolean] = [null, limit + 1, false]
  for (let length = skeleton.length - limit; length <= skeleton.length + limit; length++) {
    for (const candidate of index.byLength.get(length) ?? []) {
      if (candidate.guard !== guard || countBits(candidate.letters ^ letters) > 2 * limit) continue
      const distance = countSlips(skeleton, candidate.skeleton, Math.min(bestDistance, limit))
      if (distance > limit || distance > bestDistance) continue
      isTie = distance === bestDistance
      if (!isTie) [best, bestDistance] = [candidate, distance]
    }
  }
  if (!best || isTie) return null
  const score = 1 - bestDistance / Math.max(skeleton.length, best.skeleton.length)
  return { value: best.value, kind: 'typo', certain: false, score: Math.round(score * 1000) / 1000 }
}

/** One slip from four letters on, two from nine, three from eighteen: a fifth of a word at most. */
function slipsAllowed(length: number): number {
  if (length < 4) return 0
  return length < 9 ? 1 : length < 18 ? 2 : 3
}

/** `key` has the legal form in front wherever it stood; `guard` holds what a slip may not touch: legal forms and digits. */
function foldWords(value: string): { key: string; bare: string; hasForm: boolean; guard: string } {
  const folded = value.normalize('NFKC').toLowerCase().replaceAll('ё', 'е')
  const words = folded.split(IGNORED_SIGNS).filter(Boolean)
  const forms = words.filter((word) => LEGAL_FORM_KEYS.has(toSkeleton(word)))
  const others = words.filter((word) => !forms.includes(word))
  const digits = folded.match(/\d+/g) ?? []
  const bare = toSkeleton(others.join(''))
  return {
    key: [...forms, ...others].join(''),
    bare,
    hasForm: forms.length > 0,
    guard: [...forms.map(toSkeleton), '|', ...digits].join(' '),
  }
}

/** The same letters for words that look the same in capitals. */
function toSkeleton(text: string): string {
  return text.replace(/[а-яіѕј]/g, (letter) => LATIN_TWINS[letter] ?? letter)
}

/** Which letters occur, one bit each (letters share bits): one slip changes two bits at most, so most candidates fall out unread. */
function letterSet(text: string): number {
  let bits = 0
  for (let i = 0; i < text.length; i++) bits |= 1 << (text.charCodeAt(i) & 31)
  return bits
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
