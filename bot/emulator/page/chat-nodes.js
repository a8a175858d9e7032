import { formatSize, formatTime, texts } from './chat-texts.js'

/** Builds an element; texts become text nodes, never markup. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.filter((child) => child !== undefined && child !== ''))
  return node
}

/** A line drawing of 24 × 24. */
export function drawIcon(path) {
  const name = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(name, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(name, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

const SAFE_LINK = /^(https?:|mailto:|tel:)/i
const TAGS = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
}

/** A text with Telegram's entities (UTF-16 units, outer before inner) as nodes; `onCommand` gets a tapped /command. */
export function renderText(text, entities, onCommand) {
  const sorted = entities.toSorted((left, right) => left.offset - right.offset || right.length - left.length)
  return renderRange(text, sorted, 0, text.length, onCommand)
}

function renderRange(text, entities, from, to, onCommand) {
  const nodes = []
  let position = from
  let index = 0
  while (index < entities.length) {
    const entity = entities[index]
    const start = Math.max(entity.offset, position)
    const end = Math.min(entity.offset + entity.length, to)
    index += 1
    if (end <= start) continue
    if (start > position) nodes.push(text.slice(position, start))
    const inner = []
    while (index < entities.length && entities[index].offset < end) inner.push(entities[index++])
    nodes.push(renderEntity(entity, text.slice(start, end), renderRange(text, inner, start, end, onCommand), onCommand))
    position = end
  }
  if (position < to) nodes.push(text.slice(position, to))
  return nodes
}

function renderEntity(entity, source, children, onCommand) {
  if (entity.type in TAGS) return make(TAGS[entity.type], {}, ...children)
  if (entity.type === 'text_link') return link(entity.url, children)
  if (entity.type === 'url') return link(source, children)
  if (entity.type === 'email') return link(`mailto:${source}`, children)
  if (entity.type === 'bot_command')
    return make('button', { type: 'button', class: 'command', onclick: () => onCommand(source) }, ...children)
  if (entity.type === 'spoiler') {
    const open = (event) => event.currentTarget.replaceWith(...event.currentTarget.firstChild.childNodes)
    return make(
      'button',
      { type: 'button', class: 'spoiler', 'aria-label': texts.spoiler, onclick: open },
      make('span', {}, ...children),
    )
  }
  return make('span', {}, ...children)
}

function link(address, children) {
  const href = /^[\w-]+(\.[\w-]+)+/.test(address) ? `https://${address}` : address
  if (!SAFE_LINK.test(href)) return make('span', {}, ...children)
  return make('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children)
}

/** A message as a list of parts: bubble, reply button, inline keyboard. */
export function renderMessage(message, actions) {
  const summary = summarize(message)
  const bubble = make(
    'div',
    { class: `bubble${message.photo ? ' with-photo' : ''}`, onclick: (event) => tapBubble(event, message, actions) },
    message.replyTo && renderOriginal(message.replyTo),
    message.photo && renderPhoto(message),
    message.file && renderFile(message.file),
    message.text &&
      make(
        'div',
        { class: endsWithBlock(message) ? 'text block-end' : 'text' },
        ...renderText(message.text, message.entities, actions.command),
      ),
    renderFoot(message),
  )
  const reply = make(
    'button',
    {
      type: 'button',
      class: 'reply',
      'aria-label': texts.replyTo(summary),
      title: texts.reply,
      onclick: () => actions.reply(message),
    },
    drawIcon('M10 6L4.500 11.500 10 17M5 11.500h8.500a6 6 0 016 6V19'),
  )
  const row = make('div', { class: 'row' }, bubble, message.mine ? '' : reply)
  const keys = message.buttons.length > 0 && renderKeys(message, actions)
  const article = make(
    'article',
    {
      class: `message ${message.mine ? 'mine' : 'theirs'}${message.edited && !message.mine ? ' edited' : ''}`,
      id: `message-${message.id}`,
    },
    row,
  )
  if (keys) article.append(keys)
  return article
}

function endsWithBlock({ text, entities }) {
  return entities.some(({ type, offset, length }) => /blockquote|pre/.test(type) && offset + length === text.length)
}

/** A tap on the bubble answers it, unless the tap was meant for a link in it or marked a text. */
function tapBubble(event, message, actions) {
  if (event.target.closest('a, button') || !getSelection().isCollapsed) return
  if (matchMedia('(hover: none)').matches) actions.reply(message)
}

function renderOriginal(original) {
  return make('p', { class: 'original' }, make('b', {}, original.mine ? texts.you : texts.bot), ' ', original.text || texts.file)
}

function renderPhoto(message) {
  const { url, width, height } = message.photo
  const alt = message.text ? message.text.split('\n')[0] : texts.photo
  const image = make('img', { src: url, alt, width: String(width), height: String(height) })
  return make('a', { class: 'photo', href: url, target: '_blank', rel: 'noopener' }, image)
}

function renderFile(file) {
  return make(
    'a',
    { class: 'file', href: file.url, download: file.name },
    make('span', { class: 'file-icon' }, drawIcon('M12 4v11M7 11l5 5 5-5M6 20h12')),
    make(
      'span',
      { class: 'file-text' },
      make('span', { class: 'file-name' }, file.name),
      make('span', { class: 'file-size' }, formatSize(file.size)),
    ),
  )
}

function renderFoot(message) {
  const reactions = message.reactions.map((emoji) => make('span', { class: 'reaction' }, emoji))
  const time = make('time', { datetime: new Date(message.at).toISOString() }, formatTime(message.at))
  return make(
    'div',
    { class: 'under' },
    ...reactions,
    message.edited && !message.mine ? make('span', {}, texts.edited) : '',
    time,
  )
}

function renderKeys(message, actions) {
  const rows = message.buttons.map((row, rowIndex) =>
    make('div', { class: 'keys-row' }, ...row.map((button, column) => renderKey(message, button, rowIndex, column, actions))),
  )
  return make('div', { class: 'inline-keys' }, ...rows)
}

function renderKey(message, button, row, column, actions) {
  const look = { class: `key ${button.style ?? ''}` }
  if (button.kind === 'link' && /^https?:/i.test(button.url)) {
    return make('a', { ...look, href: button.url, target: '_blank', rel: 'noopener noreferrer' }, button.text)
  }
  const press = (event) => {
    if (button.kind === 'copy') actions.copy(button.copy)
    if (button.kind === 'press') actions.press(message, button, row, column, event.currentTarget)
  }
  return make('button', { ...look, type: 'button', onclick: press }, button.text)
}

/** The first words of a message, for a reply and for screen readers. */
export function summarize(message) {
  return (message.text.split('\n')[0] || message.file?.name || texts.photo).slice(0, 80)
}
