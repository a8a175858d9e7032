/** Text as it stands between tags or in an attribute of XML 1.0; the signs that it cannot hold have been taken out by `textCell`. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => escapes[sign]!)
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A, B … Z, AA … of a column counted from 1. */
export function columnLetters(column: number): string {
  const rest = (column - 1) % 26
  const letter = String.fromCharCode(65 + rest)
  return column > 26 ? columnLetters((column - 1 - rest) / 26) + letter : letter
}
