import { make } from './chat-nodes.js'
import { texts } from './chat-texts.js'

const list = document.getElementById('people')

/** Shows one button a person; `open` gets the chosen one. */
export function showPeople(personas, open) {
  list.replaceChildren(
    ...personas.map((persona) =>
      make(
        'li',
        {},
        renderPerson(persona, () => open(persona)),
      ),
    ),
  )
}

function renderPerson({ id, name, role }, onclick) {
  const initials = name.split(' ', 2).map((word) => word[0])
  const badge = make('span', { class: 'badge', hidden: true })
  return make(
    'button',
    { type: 'button', class: 'person', 'data-id': id, onclick },
    make('span', { class: `avatar role-${role}`, 'aria-hidden': 'true' }, initials.join(''), badge),
    make(
      'span',
      { class: 'person-text' },
      make('span', { class: 'person-role' }, texts.roles[role] ?? role),
      make('span', { class: 'person-name' }, name),
    ),
  )
}

/** Marks the open chat and takes its count of unread messages away. */
export function markCurrent(id) {
  for (const button of list.querySelectorAll('.person')) {
    const current = button.dataset.id === id
    if (current) button.setAttribute('aria-current', 'true')
    else button.removeAttribute('aria-current')
    if (current) setUnread(button, 0)
  }
}

export function addUnread(id) {
  const button = [...list.querySelectorAll('.person')].find((each) => each.dataset.id === id)
  if (button) setUnread(button, Number(button.dataset.unread ?? 0) + 1)
}

function setUnread(button, count) {
  button.dataset.unread = String(count)
  const badge = button.querySelector('.badge')
  badge.hidden = count === 0
  badge.textContent = String(count)
  if (count > 0) button.setAttribute('aria-description', texts.unread(count))
  else button.removeAttribute('aria-description')
}
