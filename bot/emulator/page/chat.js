import { make, renderMessage, summarize } from './chat-nodes.js'
import { addUnread, markCurrent, showPeople } from './chat-people.js'
import { formatDay, language, texts } from './chat-texts.js'
import { toast } from './chat-toast.js'

const MAX_FILE_BYTES = 5 * 1024 * 1024
const ANSWER_MS = 15_000
const byId = (id) => document.getElementById(id)
const page = Object.fromEntries(
  ['log', 'input', 'form', 'menu', 'commands', 'keyboard', 'state', 'alert', 'answering'].map((id) => [id, byId(id)]),
)
const asked = new URLSearchParams(location.search)

let personas = []
let persona
let stream
let messages = []
let commands = []
let replyTo
let startPayload = asked.get('start')
const waitingKeys = new Map()

const actions = { reply: setReply, press, copy, command: (text) => sendText(text) }

function setFixedTexts() {
  document.documentElement.lang = language
  byId('people-title').textContent = texts.people
  byId('note').textContent = texts.note
  byId('alert-close').textContent = texts.close
  page.input.placeholder = texts.input
  page.log.tabIndex = 0 // scrolled by keyboard
  const labels = { menu: 'menu', attach: 'attach', send: 'send', input: 'input', 'answering-off': 'cancelReply' }
  for (const [id, key] of Object.entries(labels)) byId(id).setAttribute('aria-label', texts[key])
}

async function loadPersonas() {
  const answer = await (await fetch('/chat/personas')).json()
  personas = answer.personas
  byId('bot-name').textContent = answer.bot.name
  document.title = `${answer.bot.name} · ${texts.bot}`
  showPeople(personas, openChat)
  openChat(
    personas.find(({ id }) => id === asked.get('persona')) ?? personas.find(({ role }) => role === 'manager') ?? personas[0],
  )
}

function openChat(chosen) {
  if (!chosen || chosen.id === persona?.id) return
  persona = chosen
  stream?.close()
  setReply(undefined)
  page.commands.hidden = true
  markCurrent(persona.id)
  page.log.setAttribute('aria-label', texts.chatWith(persona.name))
  setAddress()
  stream = new EventSource(`/chat/events?persona=${encodeURIComponent(persona.id)}&lang=${language}`)
  const listen = (name, react) => stream.addEventListener(name, (event) => react(JSON.parse(event.data)))
  setState('')
  stream.addEventListener('open', () => setState(''))
  stream.addEventListener('error', () => setState(texts.offline))
  listen('snapshot', showChat)
  listen('message', addMessage)
  listen('edit', replaceMessage)
  listen('reaction', replaceMessage)
  listen('delete', ({ id }) => removeMessage(id))
  listen('answer', showAnswer)
  listen('action', ({ action }) => setState(texts[action] ?? texts.typing, 5000))
  listen('unread', ({ persona: id }) => addUnread(id))
}

function setAddress() {
  const query = new URLSearchParams(location.search)
  query.set('persona', persona.id)
  query.delete('start')
  history.replaceState(null, '', `?${query}`)
}

function showChat(snapshot) {
  messages = snapshot.messages
  commands = snapshot.commands
  page.log.replaceChildren()
  let lastDay
  for (const message of messages) {
    if (formatDay(message.at) !== lastDay) page.log.append(renderDay(message))
    lastDay = formatDay(message.at)
    page.log.append(renderMessage(message, actions))
  }
  page.log.append(make('div', { class: 'end', id: 'end' }))
  showStart()
  showKeyboard(snapshot.keyboard)
  showCommands()
  page.menu.hidden = commands.length === 0
  scrollDown()
}

function renderDay(message) {
  return make('p', { class: 'day' }, formatDay(message.at))
}

/** An empty chat, or a link with a start code, offers the button Telegram offers. */
function showStart() {
  byId('start')?.remove()
  if (messages.length > 0 && !startPayload) return
  const send = () => {
    const text = startPayload ? `/start ${startPayload}` : '/start'
    startPayload = undefined
    sendText(text)
    byId('start')?.remove()
  }
  const hint = messages.length === 0 ? make('p', { class: 'day' }, texts.empty) : undefined
  byId('end').append(
    make(
      'div',
      { class: 'start', id: 'start' },
      hint,
      make('button', { type: 'button', class: 'key primary', onclick: send }, texts.start),
    ),
  )
}

function addMessage(message) {
  const before = messages.at(-1)
  const near = atEnd
  messages.push(message)
  setState('')
  if (!before || formatDay(before.at) !== formatDay(message.at)) byId('end').before(renderDay(message))
  byId('end').before(renderMessage(message, actions))
  if (!startPayload) byId('start')?.remove()
  if (near || message.mine) scrollDown()
  if (message.forceReply && !message.mine) {
    setReply(message)
    page.input.placeholder = message.forceReply.placeholder ?? texts.input
  }
}

function replaceMessage(message) {
  messages = messages.map((old) => (old.id === message.id ? message : old))
  const old = byId(`message-${message.id}`)
  if (!old) return
  const near = atEnd
  const focused = [...old.querySelectorAll('.key')].indexOf(document.activeElement)
  const node = renderMessage(message, actions)
  old.replaceWith(node)
  // Who works by keyboard stays where he was, or at the message when its buttons are gone.
  if (focused >= 0) (node.querySelectorAll('.key')[focused] ?? node.querySelector('.key, .reply')).focus({ preventScroll: true })
  if (near) scrollDown()
}

function removeMessage(id) {
  messages = messages.filter((message) => message.id !== id)
  byId(`message-${id}`)?.remove()
  if (replyTo?.id === id) setReply(undefined)
}

// Who reads the end keeps reading the end, whatever grows: a message, a picture, the bar below.
let atEnd = true
const scrollDown = () => page.log.scrollTo({ top: page.log.scrollHeight, behavior: 'instant' })
page.log.addEventListener('scroll', () => {
  atEnd = page.log.scrollHeight - page.log.scrollTop - page.log.clientHeight < 80
})
new ResizeObserver(() => atEnd && scrollDown()).observe(page.log)

function setReply(message) {
  replyTo = message
  page.answering.hidden = !message
  page.input.placeholder = texts.input
  if (!message) return
  byId('answering-name').textContent = message.mine ? texts.you : byId('bot-name').textContent
  byId('answering-text').textContent = summarize(message)
  page.input.focus()
}

async function post(path, body) {
  const headers = { 'content-type': 'application/json' }
  try {
    const response = await fetch(`/chat/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ persona: persona.id, ...body }),
    })
    if (response.ok) return await response.json()
    toast(response.status === 409 ? texts.changed : texts.failed)
  } catch {
    toast(texts.failed)
  }
  return undefined
}

async function sendText(text, extra = {}) {
  const answered = replyTo ? { replyTo: replyTo.id } : {}
  setReply(undefined)
  page.commands.hidden = true
  page.menu.setAttribute('aria-expanded', 'false')
  return post('send', { text, ...answered, ...extra })
}

async function sendFile(file) {
  if (file.size > MAX_FILE_BYTES) return toast(texts.tooLarge)
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (let start = 0; start < bytes.length; start += 8192) binary += String.fromCharCode(...bytes.subarray(start, start + 8192))
  const text = page.input.value.trim()
  page.input.value = ''
  return sendText(text, { file: { name: file.name, base64: btoa(binary) } })
}

async function press(message, button, row, column, key) {
  key.classList.add('waiting')
  const answer = await post('press', { message: message.id, row, column, text: button.text })
  if (!answer) return key.classList.remove('waiting')
  const give = () => {
    waitingKeys.delete(answer.queryId)
    key.classList.remove('waiting')
    toast(texts.slow)
  }
  if (!early.delete(answer.queryId)) waitingKeys.set(answer.queryId, { key, timer: setTimeout(give, ANSWER_MS) })
  else key.classList.remove('waiting')
}

// The bot may answer before the request that pressed is over.
const early = new Set()

function showAnswer({ queryId, text, showAlert, url }) {
  const waiting = waitingKeys.get(queryId)
  if (waiting) {
    clearTimeout(waiting.timer)
    waiting.key.classList.remove('waiting')
    waitingKeys.delete(queryId)
  } else early.add(queryId)
  if (url && /^https?:/i.test(url)) window.open(url, '_blank', 'noopener')
  if (!text) return
  if (!showAlert) return toast(text)
  byId('alert-text').textContent = text
  page.alert.showModal()
}

async function copy(text) {
  await navigator.clipboard.writeText(text).catch(() => undefined)
  toast(texts.copied)
}

let stateTimer
function setState(text, forMs) {
  clearTimeout(stateTimer)
  page.state.textContent = text || `${texts.bot} · ${persona.name}`
  if (forMs) stateTimer = setTimeout(() => setState(''), forMs)
}

function showKeyboard(rows) {
  page.keyboard.hidden = rows.length === 0
  const key = (text) => make('button', { type: 'button', class: 'key plain', onclick: () => sendText(text) }, text)
  page.keyboard.replaceChildren(...rows.map((row) => make('div', { class: 'keys-row' }, ...row.map(key))))
}

function showCommands() {
  const items = commands.map(({ command, description }) =>
    make(
      'button',
      { type: 'button', class: 'command-item', onclick: () => sendText(`/${command}`) },
      make('span', { class: 'command-name' }, `/${command}`),
      make('span', { class: 'command-text' }, description),
    ),
  )
  page.commands.replaceChildren(...items)
}

function toggleCommands(open = page.commands.hidden) {
  page.commands.hidden = !open
  page.menu.setAttribute('aria-expanded', String(open))
}

function fitInput() {
  page.input.style.height = 'auto'
  page.input.style.height = `${Math.min(page.input.scrollHeight, 140)}px`
}

page.form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const text = page.input.value.trim()
  if (text === '') return page.input.focus()
  page.input.value = ''
  fitInput()
  if (!(await sendText(text))) page.input.value = text
})
page.input.addEventListener('input', fitInput)
page.input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault()
    page.form.requestSubmit()
  }
})
page.menu.addEventListener('click', () => {
  toggleCommands()
  page.commands.querySelector('button')?.focus()
})
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  if (!page.commands.hidden) {
    toggleCommands(false)
    page.menu.focus()
  } else if (replyTo) setReply(undefined)
})
byId('answering-off').addEventListener('click', () => setReply(undefined))
byId('attach').addEventListener('click', () => byId('file').click())
byId('file').addEventListener('change', async (event) => {
  const [file] = event.target.files
  if (file) await sendFile(file)
  event.target.value = ''
})

setFixedTexts()
await loadPersonas()
