import type { MessageEntity } from '@grammyjs/types'
import { parseHtml } from './parse-html.ts'
import { badRequest } from './refusal.ts'

export type FormattedText = { text: string; entities: MessageEntity[] }

/**
 * The text a message gets: markup parsed, entities checked, white space at both ends cut, links and commands found.
 * @param entities as given by the caller, in UTF-16 units; not together with parseMode
 * @throws Refusal 400 with Telegram's words for broken markup
 */
export function formatText(source: string, parseMode: string | undefined, entities: MessageEntity[] = []): FormattedText {
  if (parseMode !== undefined && entities.length > 0) throw badRequest('schema', 'parse_mode and entities exclude each other')
  if (parseMode !== undefined && parseMode !== 'HTML') throw badRequest('unsupported', `parse_mode ${parseMode} is not emulated`)
  for (const entity of entities) {
    if (entity.offset < 0 || entity.length <= 0 || entity.offset + entity.length > source.length) {
      throw badRequest('entities', `entity ${entity.type} stands outside the text`)
    }
  }
  const parsed = parseMode === 'HTML' ? parseHtml(source) : { text: source, entities }
  return addFoundEntities(trim(parsed))
}

function trim({ text, entities }: FormattedText): FormattedText {
  const cut = text.length - text.trimStart().length
  const trimmed = text.trim()
  const kept = entities.flatMap((entity) => {
    const start = Math.max(entity.offset - cut, 0)
    const end = Math.min(entity.offset - cut + entity.length, trimmed.length)
    return end > start ? [{ ...entity, offset: start, length: end - start }] : []
  })
  return { text: trimmed, entities: kept }
}

const FOUND: [MessageEntity['type'], RegExp][] = [
  ['bot_command', /(?<![\w/])\/[a-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])/gi],
  ['url', /(?<![\w@])https?:\/\/[^\s<>"«»]+[^\s<>"«».,:;!?)\]]/gi],
  ['email', /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  ['mention', /(?<![\w@])@[a-z]\w{3,31}(?!\w)/gi],
]

function addFoundEntities({ text, entities }: FormattedText): FormattedText {
  const found = FOUND.flatMap(([type, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ type, offset: match.index, length: match[0].length }) as MessageEntity),
  )
  const overlaps = (one: MessageEntity, other: MessageEntity) =>
    one.offset < other.offset + other.length && other.offset < one.offset + one.length
  const added: MessageEntity[] = []
  for (const entity of found) {
    const blocking = [...added, ...entities.filter((given) => ['text_link', 'code', 'pre'].includes(given.type))]
    if (!blocking.some((other) => overlaps(entity, other))) added.push(entity)
  }
  const all = [...entities, ...added].sort((left, right) => left.offset - right.offset || right.length - left.length)
  return { text, entities: all }
}
