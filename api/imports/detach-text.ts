/** The engine keeps the whole chunk alive for longer substrings of it; shorter ones are copied anyway. */
const LONGEST_COPIED_SUBSTRING = 12

/**
 * The same text without its tie to the chunk that it was cut from, so that a caller may keep ten thousand names without keeping ten thousand
 * chunks. Halves of surrogate pairs become U+FFFD, since no database takes them.
 */
export function detachText(text: string): string {
  return text.length > LONGEST_COPIED_SUBSTRING ? Buffer.from(text, 'utf8').toString('utf8') : text.toWellFormed()
}
