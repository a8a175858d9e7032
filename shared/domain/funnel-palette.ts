/**
 * The colours of the statuses (design/look, section 3): the later in the life cycle, the stronger against the background.
 * Eight stops are given; any number of statuses is sampled on the same path, in OKLab, at even places.
 */
export type PaletteTheme = 'light' | 'dark'
export type RampColours = { readonly bar: string; readonly here: string; readonly ribbon: string }

const stops: Readonly<Record<PaletteTheme, readonly RampColours[]>> = {
  light: [
    { bar: '#0B9DA1', here: '#B6E2E3', ribbon: '#EDF8F8' },
    { bar: '#008C9E', here: '#B3DCE2', ribbon: '#ECF6F8' },
    { bar: '#017A99', here: '#B3D7E0', ribbon: '#ECF5F7' },
    { bar: '#036995', here: '#B3D2DF', ribbon: '#ECF4F7' },
    { bar: '#025695', here: '#B3CCDF', ribbon: '#ECF2F7' },
    { bar: '#113F9B', here: '#B8C5E1', ribbon: '#EDF1F8' },
    { bar: '#2A2A88', here: '#BFBFDB', ribbon: '#EFEFF6' },
    { bar: '#311870', here: '#C1BAD4', ribbon: '#F0EEF4' },
  ],
  dark: [
    { bar: '#087A84', here: '#113C43', ribbon: '#14242A' },
    { bar: '#0689A2', here: '#10414E', ribbon: '#14252D' },
    { bar: '#0297C5', here: '#0F465B', ribbon: '#142731' },
    { bar: '#25A2EA', here: '#1B4A68', ribbon: '#182835' },
    { bar: '#62ACFF', here: '#314E70', ribbon: '#1E2938' },
    { bar: '#96B8FE', here: '#44526F', ribbon: '#242A38' },
    { bar: '#BAC5FE', here: '#51576F', ribbon: '#282C38' },
    { bar: '#D6D4FE', here: '#5B5C6F', ribbon: '#2B2E38' },
  ],
}

/** Colours that every drawing needs beside the ramp. `lost` is for the lost hatch and the lost line only. */
export const drawingColours = {
  light: {
    surface: '#FFFFFF',
    ink: '#13161D',
    ink2: '#474E5D',
    ink3: '#626B7B',
    line: '#E2E5EA',
    signal: '#8A4A00',
    signalTint: '#FFF3DD',
    signalLine: '#BF7A1C',
    lost: '#A92F58',
  },
  dark: {
    surface: '#16191F',
    ink: '#ECEEF2',
    ink2: '#B7BECA',
    ink3: '#949DAD',
    line: '#2B303A',
    signal: '#FFC167',
    signalTint: '#2F2412',
    signalLine: '#A8742A',
    lost: '#FF8AAB',
  },
} as const satisfies Readonly<Record<PaletteTheme, Readonly<Record<string, string>>>>

/** Place 1..8 of a status on the ramp, with fractions when there are not eight. @param index 0-based, in funnel order. */
export function rampPlace(index: number, count: number): number {
  return count <= 1 ? 5 : 1 + (index * 7) / (count - 1)
}

/** The nearest of the eight steps that the style sheet knows: distinct for up to eight statuses. */
export function rampStep(index: number, count: number): number {
  return Math.round(rampPlace(index, count))
}

type Triple = readonly [number, number, number]

function linearOf(hex: string): Triple {
  const channel = (from: number) => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function hexOf(linear: Triple): string {
  const text = linear.map((value) => {
    const held = Math.min(1, Math.max(0, value))
    const encoded = held <= 0.0031308 ? held * 12.92 : 1.055 * held ** (1 / 2.4) - 0.055
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, '0')
  })
  return `#${text.join('').toUpperCase()}`
}

/** Linear sRGB to OKLab and back, by the matrices of B. Ottosson's definition (2020). */
function oklabOf([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function linearOfOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

function mix(from: string, to: string, share: number): string {
  if (share === 0) return from
  const start = oklabOf(linearOf(from))
  const end = oklabOf(linearOf(to))
  return hexOf(linearOfOklab(start.map((value, axis) => value + (end[axis]! - value) * share) as unknown as Triple))
}

/** Colours at a place of the ramp. @param place 1..8, fractions allowed; held inside. */
export function rampColours(place: number, theme: PaletteTheme): RampColours {
  const held = Math.min(8, Math.max(1, place))
  const low = Math.floor(held)
  const from = stops[theme][low - 1]!
  const to = stops[theme][Math.min(low, 7)]!
  const share = held - low
  return { bar: mix(from.bar, to.bar, share), here: mix(from.here, to.here, share), ribbon: mix(from.ribbon, to.ribbon, share) }
}

/** Contrast ratio 1..21 of two colours by WCAG 2. */
export function contrastRatio(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [r, g, b] = linearOf(hex)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
