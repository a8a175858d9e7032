import type { MessageEntity } from '@grammyjs/types'
import type { FormattedText } from './formatted-text.ts'
import { badRequest, type Refusal } from './refusal.ts'

const TAG_ENTITIES: Record<string, MessageEntity['type']> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  a: 'text_link',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  'tg-emoji': 'custom_emoji',
  'tg-time': 'date_time',
}
const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
])

type OpenTag = { name: string; offset: number; attributes: Map<string, string> }
type Reader = { source: string; position: number; text: string; open: OpenTag[]; entities: MessageEntity[] }

/**
 * The HTML style of the Bot API: the same tags, the same refusals with byte offsets as its server.
 * @returns plain text and entities in UTF-16 units, outer before inner
 * @throws Refusal `Bad Request: can't parse entities: ...`
 */
export function parseHtml(source: string): FormattedText {
  const reader: Reader = { source, position: 0, text: '', open: [], entities: [] }
  while (reader.position < source.length) {
    const character = source[reader.position]!
    if (character === '&') readCharacterReference(reader)
    else if (character === '<') readTag(reader)
    else {
      reader.text += character
      reader.position += 1
    }
  }
  const unclosed = reader.open.at(-1)
  if (unclosed) throw broken(`Can't find end tag corresponding to start tag "${unclosed.name}"`)
  return { text: reader.text, entities: reader.entities.sort(byPlace) }
}

function readCharacterReference(reader: Reader): void {
  const match = /^&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));?/i.exec(reader.source.slice(reader.position, reader.position + 16))
  const code = match?.[1] ? Number(match[1]) : match?.[2] ? Number.parseInt(match[2], 16) : 0
  const decoded = match?.[3] ? NAMED.get(match[3]) : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
  reader.text += decoded ?? '&'
  reader.position += decoded === undefined ? 1 : match![0].length
}

function readTag(reader: Reader): void {
  const start = reader.position
  const match = /^<(\/?)([^\s/>]*)/.exec(reader.source.slice(start))!
  const name = match[2]!.toLowerCase()
  const end = findTagEnd(reader.source, start + match[0].length)
  if (match[1] === '/') {
    closeTag(reader, name, start)
    return
  }
  if (!Object.hasOwn(TAG_ENTITIES, name))
    throw broken(`Unsupported start tag "${name}" at byte offset ${byteOffset(reader, start)}`)
  if (end < 0) throw broken(`Unclosed start tag "${name}" at byte offset ${byteOffset(reader, start)}`)
  const attributes = readAttributes(reader.source.slice(start + match[0].length, end))
  if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
    throw broken(`Tag "span" must have class "tg-spoiler" at byte offset ${byteOffset(reader, start)}`)
  }
  reader.open.push({ name, offset: reader.text.length, attributes })
  reader.position = end + 1
}

function closeTag(reader: Reader, name: string, start: number): void {
  const at = byteOffset(reader, start)
  const tag = reader.open.pop()
  if (!tag) throw broken(`Unexpected end tag at byte offset ${at}`)
  const end = reader.source.indexOf('>', start)
  if (end < 0) throw broken(`Unclosed end tag at byte offset ${at}`)
  if (name !== '' && name !== tag.name)
    throw broken(`Unmatched end tag at byte offset ${at}, expected "</${tag.name}>", found "</${name}>"`)
  reader.position = end + 1
  const length = reader.text.length - tag.offset
  if (length > 0) addEntity(reader, tag, length)
}

function addEntity(reader: Reader, tag: OpenTag, length: number): void {
  const type = TAG_ENTITIES[tag.name]!
  const place = { offset: tag.offset, length }
  if (tag.name === 'a') {
    const url = tag.attributes.get('href') ?? reader.text.slice(tag.offset)
    if (isWebAddress(url)) reader.entities.push({ type: 'text_link', url, ...place })
    return // without an address Telegram keeps the text and drops the link
  }
  if (tag.name === 'tg-emoji') {
    reader.entities.push({ type: 'custom_emoji', custom_emoji_id: tag.attributes.get('emoji-id') ?? '', ...place })
    return
  }
  if (tag.name === 'code') {
    const language = tag.attributes.get('class')?.match(/^language-(.+)$/)?.[1]
    const parent = reader.open.at(-1)
    if (parent?.name === 'pre' && language) {
      parent.attributes.set('language', language)
      return
    }
    if (parent?.name === 'pre') return
  }
  const language = type === 'pre' ? tag.attributes.get('language') : undefined
  const expandable = tag.name === 'blockquote' && tag.attributes.has('expandable')
  reader.entities.push({
    type: expandable ? 'expandable_blockquote' : type,
    ...place,
    ...(language === undefined ? {} : { language }),
    ...(type === 'date_time' ? { unix_time: Number(tag.attributes.get('unix') ?? 0) } : {}),
  } as MessageEntity)
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const match of source.matchAll(/([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    const value = match[2] ?? match[3] ?? match[4] ?? ''
    attributes.set(
      match[1]!.toLowerCase(),
      value.replace(/&(lt|gt|amp|quot);/g, (_, name: string) => NAMED.get(name)!),
    )
  }
  return attributes
}

function findTagEnd(source: string, from: number): number {
  let quote = ''
  for (let index = from; index < source.length; index += 1) {
    const character = source[index]!
    if (quote) quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '>') return index
  }
  return -1
}

/** @returns true for what a link may lead to: http, https, tg, mailto and tel. */
export function isWebAddress(text: string): boolean {
  return /^(https?:\/\/[^\s/.]+\S*|tg:\/\/\S+|mailto:\S+|tel:\S+|[\w-]+(\.[\w-]+)+(\/\S*)?)$/i.test(text)
}

function byteOffset(reader: Reader, index: number): number {
  return Buffer.byteLength(reader.source.slice(0, index))
}

function byPlace(left: MessageEntity, right: MessageEntity): number {
  return left.offset - right.offset || right.length - left.length
}

function broken(reason: string): Refusal {
  return badRequest('entities', `can't parse entities: ${reason}`)
}
