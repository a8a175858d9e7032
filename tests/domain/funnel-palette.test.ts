import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { contrastRatio, drawingColours, rampColours, rampPlace, rampStep } from '../../shared/domain/funnel-palette.ts'

test('eight statuses have exactly the eight colours of the design', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((index) => rampStep(index, 8)),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
  assert.deepEqual(rampColours(1, 'light'), { bar: '#0B9DA1', here: '#B6E2E3', ribbon: '#EDF8F8' })
  assert.deepEqual(rampColours(5, 'light'), { bar: '#025695', here: '#B3CCDF', ribbon: '#ECF2F7' })
  assert.deepEqual(rampColours(8, 'dark'), { bar: '#D6D4FE', here: '#5B5C6F', ribbon: '#2B2E38' })
})

test('up to eight statuses have steps of their own, more go evenly along the same path', () => {
  for (let count = 1; count <= 8; count++) {
    const steps = Array.from({ length: count }, (_, index) => rampStep(index, count))
    assert.equal(new Set(steps).size, count)
    assert.ok(steps.every((step) => step >= 1 && step <= 8))
  }
  assert.deepEqual([rampPlace(0, 15), rampPlace(7, 15), rampPlace(14, 15)], [1, 4.5, 8])
})

test('every colour of the ramp stands out by 3:1 at least, and the later status the more', () => {
  const grounds = { light: ['#FFFFFF', '#F5F6F8'], dark: ['#16191F', '#0D0F13'] } as const
  const place = fc.double({ min: 1, max: 8, noNaN: true })
  for (const theme of ['light', 'dark'] as const) {
    fc.assert(
      fc.property(place, place, (one, other) => {
        for (const ground of grounds[theme]) {
          const ratio = contrastRatio(rampColours(one, theme).bar, ground)
          assert.ok(ratio >= 3, `${theme} ${one} ${ratio}`)
          if (other - one >= 0.25) assert.ok(contrastRatio(rampColours(other, theme).bar, ground) > ratio)
        }
        const ribbon = rampColours(one, theme).ribbon
        assert.ok(contrastRatio(drawingColours[theme].ink, ribbon) >= 9)
        assert.ok(contrastRatio(drawingColours[theme].ink2, ribbon) >= 7)
      }),
    )
  }
})

test('a colour between two stops lies between them', () => {
  assert.match(rampColours(1.5, 'light').bar, /^#[0-9A-F]{6}$/u)
  assert.notEqual(rampColours(1.5, 'light').bar, rampColours(1, 'light').bar)
  assert.deepEqual(rampColours(0, 'light'), rampColours(1, 'light'))
  assert.deepEqual(rampColours(99, 'dark'), rampColours(8, 'dark'))
})

test('black on white is 21:1', () => {
  assert.equal(contrastRatio('#000000', '#FFFFFF').toFixed(2), '21.00')
})
