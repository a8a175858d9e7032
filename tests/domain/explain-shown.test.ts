import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shareDigits, showDecimals, showMoneys, showShare, showShares } from '../../shared/domain/explain-shown.ts'

const plain = ({ now, before, size, sign }: ReturnType<typeof showShares>) =>
  [now, before, `${['▼', '', '▲'][sign + 1]}${size}`].map((text) => text.replaceAll('\u00a0', ' '))
const numberOf = (text: string) => Number(text.replace(/[^\d.−-]/g, '').replace('−', '-'))

test('a change says what the figures beside it say: all three get a decimal more where they would not agree', () => {
  const shares = (now: number, before: number) => plain(showShares({ now, before }, 'ru'))
  assert.deepEqual(shares(0.53, 0.61), ['53 %', '61 %', '▼8 п.п.'])
  assert.deepEqual(shares(0.4361, 0.4428), ['43,6 %', '44,3 %', '▼0,7 п.п.'])
  assert.deepEqual(shares(0.991, 0.996), ['99,1 %', '99,6 %', '▼0,5 п.п.'])
  assert.deepEqual(shares(0.44, 0.44), ['44 %', '44 %', '0 п.п.'])
  const money = (now: number, before: number) => plain(showMoneys({ now, before }, 'RUB', 'ru'))
  assert.deepEqual(money(63_861_000_000, 38_996_000_000), ['638,61 млн ₽', '389,96 млн ₽', '▲248,65 млн ₽'])
  assert.deepEqual(money(63_860_000_000, 39_000_000_000), ['638,6 млн ₽', '390,0 млн ₽', '▲248,6 млн ₽'])
  assert.deepEqual(money(9_540_000_000, 9_536_000_000), ['95,40 млн ₽', '95,36 млн ₽', '▲0,04 млн ₽'])
})

test('what is shown is always the difference of what is shown, in money as in shares, and no two shares of a column differ in decimals', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const amount = fc.integer({ min: 0, max: 5_000_000_000_000 })
  const agree = ({ now, before, size, sign }: ReturnType<typeof showShares>) =>
    assert.ok(Math.abs(numberOf(now) - numberOf(before) - sign * numberOf(size)) < 1e-6, `${now} ${before} ${size}`)
  fc.assert(fc.property(share, share, (now, before) => agree(showShares({ now, before }, 'en'))))
  fc.assert(fc.property(amount, amount, (now, before) => agree(showMoneys({ now, before }, 'RUB', 'en'))))
  fc.assert(
    fc.property(fc.array(fc.record({ now: share, before: share }), { minLength: 1 }), (pairs) => {
      const digits = shareDigits(pairs)
      const written = pairs.flatMap(({ now, before }) => [now, before].map((one) => showShare(one, digits, 'en')))
      assert.equal(new Set(written.map((text) => text.split('.')[1]?.length ?? 0)).size, 1)
    }),
  )
})

test('a share that is not there is a dash, and it rounds nothing else', () => {
  assert.equal(shareDigits([{ now: null, before: 0.5 }]), 0)
  assert.equal(showShare(null, 1, 'ru'), '—')
  assert.deepEqual(plain(showDecimals({ now: 1.25, before: 1 }, 'ru')), ['1,25', '1', '▲0,25'])
  assert.deepEqual(plain(showDecimals({ now: 1.5, before: 20 }, 'ru')), ['1,5', '20', '▼18,5'])
})
