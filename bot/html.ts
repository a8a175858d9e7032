/** Longest answer to a press, in UTF-16 units. Messages (4096) and captions (1024) are kept short line by line. */
export const answerLimit = 200

/** Text that people wrote, safe between tags: https://core.telegram.org/bots/api#html-style */
export function escapeHtml(text: string): string {
  return text.toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** At most `limit` UTF-16 units, cut between characters, with an ellipsis in place of what is left out. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  let kept = ''
  for (const character of text) {
    if (kept.length + character.length > limit - 1) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** One line of it, cut and escaped. A space that does not break stays one: it holds a figure to its unit. */
export function line(text: string, limit: number): string {
  return escapeHtml(cutText(text.replace(/[^\S\u00a0\u202f]+/g, ' ').trim(), limit))
}

export function bold(html: string): string {
  return `<b>${html}</b>`
}
