/**
 * Russian quotation marks inside others: `правило «Документ «Договор» подписан»` -> `правило «Документ „Договор“ подписан»`.
 * A text whose marks do not pair is returned as it is.
 */
export function nestQuotes(text: string): string {
  const first = text.indexOf('«')
  if (first === -1 || text.indexOf('«', first + 1) === -1) return text
  let depth = 0
  let isPaired = true
  const nested = text.replace(/[«»]/g, (mark) => {
    if (mark === '«') return ++depth > 1 ? '„' : '«'
    isPaired &&= depth > 0
    return depth-- > 1 ? '“' : '»'
  })
  return isPaired && depth === 0 ? nested : text
}
