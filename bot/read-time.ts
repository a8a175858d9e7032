/** A time of day as people write it: `9`, `9:30`, `09.30`, `930`. @returns `HH:MM`, null when it is none */
export function readTime(text: string): string | null {
  const [, hour, minute = '00'] = /^(\d{1,2})(?:\s*[:.\-\s]?\s*(\d{2}))?$/.exec(text.trim()) ?? []
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return null
  return `${hour.padStart(2, '0')}:${minute}`
}

/** From when to when: `22-8`, `с 21:30 до 7`, `22:00 – 08:00`. @returns null when it is no span, also one from a time to itself */
export function readSpan(text: string): { readonly from: string; readonly to: string } | null {
  const said = text.split(/[^\d:.]+/).filter((part) => part !== '')
  const [from = null, to = null] = said.map(readTime)
  return said.length === 2 && from !== null && to !== null && from !== to ? { from, to } : null
}
