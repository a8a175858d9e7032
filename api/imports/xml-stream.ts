import { StringDecoder } from 'node:string_decoder'
import { TableError } from './table-error.ts'

/** What a reader of XML is told. Names come without their namespace prefix; `attributes` is the raw text, see `attribute`. */
export type XmlEvents = {
  open(name: string, attributes: string): void
  text(text: string): void
  close(name: string): void
}

const MAX_TAG_CHARS = 65_536
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * A streaming reader for the XML of Office files: holds one chunk and one tag. Text comes in pieces. Document type declarations are refused,
 * so entities cannot multiply.
 * @returns write(bytes) and end(); both throw TableError table_damaged for what is no well-formed XML
 */
export function createXmlReader(events: XmlEvents) {
  let decoder: { write(bytes: Buffer): string } | null = null
  let [buffer, depth, skipUntil, isCdata] = ['', 0, '', false]

  function drain(): void {
    let at = 0
    while (at < buffer.length) {
      const next = isCdata || skipUntil ? passSkipped(at) : buffer[at] === '<' ? passTag(at) : passText(at)
      if (next < 0) break
      at = next
    }
    buffer = buffer.slice(at)
    if (buffer.length > MAX_TAG_CHARS) throw damaged('a tag without end')
  }

  /** Text up to the next tag; an entity that the chunk cuts waits for its other half. */
  function passText(at: number): number {
    const tag = buffer.indexOf('<', at)
    const end = tag < 0 ? buffer.length : tag
    const entity = tag < 0 ? buffer.lastIndexOf('&') : -1
    const safe = entity >= at && buffer.length - entity < 12 && !buffer.includes(';', entity) ? entity : end
    if (safe === at) return -1
    if (depth > 0) events.text(decodeEntities(buffer.slice(at, safe)))
    return safe
  }

  function passTag(at: number): number {
    const kind = buffer[at + 1]
    if (kind === '!' || kind === '?') return passDeclaration(at)
    const end = endOfTag(buffer, at + 1)
    if (end < 0) return -1
    if (kind === '/') {
      if (--depth < 0) throw damaged('a closing tag too many')
      events.close(localName(buffer.slice(at + 2, end).trimEnd()))
      return end + 1
    }
    const isEmpty = buffer[end - 1] === '/'
    const body = buffer.slice(at + 1, isEmpty ? end - 1 : end)
    const space = body.search(/\s/)
    const name = localName(space < 0 ? body : body.slice(0, space))
    if (name === '') throw damaged('a tag without name')
    events.open(name, space < 0 ? '' : body.slice(space))
    if (isEmpty) events.close(name)
    else depth++
    return end + 1
  }

  function passDeclaration(at: number): number {
    const rest = buffer.slice(at, at + 9)
    if (rest.startsWith('<?')) return skip(at, '?>')
    if (rest.startsWith('<!--')) return skip(at, '-->')
    if (rest === '<![CDATA[') {
      ;[skipUntil, isCdata] = [']]>', true]
      return at + 9
    }
    if (rest.length < 9 && ('<![CDATA['.startsWith(rest) || '<!--'.startsWith(rest))) return -1
    throw damaged('a document type declaration')
  }

  function skip(at: number, until: string): number {
    skipUntil = until
    return at + 2
  }

  function passSkipped(at: number): number {
    const end = buffer.indexOf(skipUntil, at)
    const safe = end >= 0 ? end : Math.max(at, buffer.length - skipUntil.length)
    if (isCdata && safe > at) events.text(buffer.slice(at, safe))
    if (end < 0) return safe === at ? -1 : safe
    const next = end + skipUntil.length
    ;[skipUntil, isCdata] = ['', false]
    return next
  }

  return {
    write(bytes: Buffer): void {
      decoder ??= decoderFor(bytes)
      buffer += decoder.write(bytes)
      drain()
    },
    end(): void {
      if (depth !== 0 || buffer.trim() !== '' || skipUntil) throw damaged('the XML ends too early')
    },
  }
}

function decoderFor(start: Buffer): { write(bytes: Buffer): string } {
  const isWide = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)
  if (!isWide) return new StringDecoder('utf8')
  const wide = new TextDecoder(start[0] === 0xff ? 'utf-16le' : 'utf-16be')
  return { write: (bytes) => wide.decode(bytes, { stream: true }) }
}

/** The `>` that ends a tag: one inside a quoted attribute does not. */
function endOfTag(text: string, from: number): number {
  let at = from
  while (true) {
    const end = text.indexOf('>', at)
    if (end < 0) return -1
    const quote = nextQuote(text, at, end)
    if (quote < 0) return end
    const closing = text.indexOf(text[quote]!, quote + 1)
    if (closing < 0) return -1
    at = closing + 1
  }
}

function nextQuote(text: string, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 34 || code === 39) return at
  }
  return -1
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

const patterns = new Map<string, RegExp>()

/** The value of an attribute by its full name (`r`, `s`, `r:id`), or null. */
export function attribute(attributes: string, name: string): string | null {
  let pattern = patterns.get(name)
  if (!pattern) {
    pattern = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    patterns.set(name, pattern)
  }
  const found = pattern.exec(attributes)
  return found ? decodeEntities(found[1] ?? found[2] ?? '') : null
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name] ?? whole
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return isXmlCharacter(code) ? String.fromCodePoint(code) : '\ufffd'
  })
}

function isXmlCharacter(code: number): boolean {
  return code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff))
}

function damaged(reason: string): TableError {
  return new TableError('table_damaged', { reason })
}
