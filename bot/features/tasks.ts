import { z } from 'zod'
import { presentTasks } from '../../api/presenters/work.ts'
import { listTasks } from '../../api/usecases/tasks/list-tasks.ts'
import { setTaskState } from '../../api/usecases/tasks/set-task-state.ts'
import { formatDate, formatReference } from '../../shared/messages/format.ts'
import { ListTasks, SetTaskState } from '../../shared/schemas/work.ts'
import type { TaskListView, TaskView } from '../../shared/views/processes.ts'
import type { Bot } from '../bot.ts'
import { defineButton, linkedTurn, onPress } from '../buttons.ts'
import { currentYear } from '../deal-words.ts'
import { bold, line } from '../html.ts'
import { inRows, type Key, pressKey } from '../keyboards.ts'
import { answerPress, type LinkedTurn, type Screen, say, show } from '../turn.ts'
import { backKey, dealTasksButton, openDealButton, openInApp } from './deal-card.ts'

export const setTaskButton = defineButton('task.state', SetTaskState, { once: true })
/** Ticked off where the tasks of one deal are listed. */
const closeHereButton = defineButton('deal.task', z.strictObject({ number: z.number(), id: z.number(), version: z.number() }), {
  once: true,
})
/** All of the reader's tasks, from elsewhere. */
export const openTasksButton = defineButton('tasks', z.strictObject({}))
const listed = 8

/** The open tasks of one deal, whoever is to do them. */
async function dealTasks(turn: LinkedTurn, number: number): Promise<Screen> {
  const input = ListTasks.parse({ deal: number, state: 'open', limit: listed })
  const { items, total } = presentTasks(await listTasks(turn.session, input), turn.session)
  const rows = items.map((task, index) => `${index + 1}. ${bold(line(task.title, 150))}\n${sayWhose(turn, task)}`)
  const more = total > items.length ? ['', turn.t('tasks.more', { count: total - items.length })] : []
  const title = bold(turn.t('tasks.ofDeal', { number: String(number) }))
  return {
    text: total === 0 ? `${title}\n\n${turn.t('tasks.none')}` : [`${title} · ${total}`, '', ...rows, ...more].join('\n'),
    keys: [
      ...items
        .filter(({ canClose }) => canClose)
        .map(({ id, version, title: name }) => [pressKey(`✓ ${name}`, closeHereButton, { number, id, version }, 'success')]),
      [backKey(turn, number), ...openInApp(turn, `/deals/${number}`)],
    ],
    dealNumber: number,
  }
}

function sayWhose(turn: LinkedTurn, task: TaskView): string {
  const due = sayDue(turn, task)
  return due === '' ? line(task.assignee.name, 80) : `${line(task.assignee.name, 80)} · ${due}`
}

/** What is asked of the reader across deals, what is due soonest first; `closed` can be taken back. */
async function taskList(turn: LinkedTurn, closed: TaskView | null = null): Promise<Screen> {
  const input = ListTasks.parse({ mine: '1', state: 'open', limit: listed })
  const view = presentTasks(await listTasks(turn.session, input), turn.session)
  const back = closed && backKeyOf(turn, closed)
  return {
    text: listText(turn, view),
    keys: [
      ...view.items.filter(({ canClose }) => canClose).map((task) => [doneKey(task)]),
      ...inRows(dealKeys(turn, view), 4),
      ...(back ? [[back]] : []),
      openInApp(turn, '/today'),
    ],
  }
}

function listText(turn: LinkedTurn, { items, total }: TaskListView): string {
  if (total === 0) return `${bold(turn.t('tasks.title'))}\n\n${turn.t('tasks.none')}`
  const rows = items.map((task, index) => `${index + 1}. ${bold(line(task.title, 150))}\n${sayWhere(turn, task)}`)
  const more = total - items.length
  const foot = more > 0 ? ['', turn.t('tasks.more', { count: more })] : []
  return [`${bold(turn.t('tasks.title'))} · ${total}`, '', ...rows, ...foot].join('\n')
}

function sayWhere(turn: LinkedTurn, task: TaskView): string {
  const where = `${formatReference(task.deal.number, turn.locale)} ${line(task.deal.title, 80)}`
  const due = sayDue(turn, task)
  return due === '' ? where : `${where} · ${due}`
}

/** Until when; HTML. Empty where there is no such day. */
function sayDue(turn: LinkedTurn, { dueAt, overdue }: TaskView): string {
  if (dueAt === null) return ''
  const day = formatDate(dueAt, turn.session.organization.timeZone, turn.locale, currentYear(turn))
  return overdue ? bold(turn.t('tasks.late', { day })) : turn.t('tasks.until', { day })
}

function doneKey({ id, version, title }: TaskView): Key {
  return pressKey(`✓ ${title}`, setTaskButton, { id, version, state: 'done' }, 'success')
}

function backKeyOf(turn: LinkedTurn, { id, version, title }: TaskView): Key {
  return pressKey(turn.t('key.taskBack', { title }), setTaskButton, { id, version, state: 'open' })
}

/** Each deal once. */
function dealKeys(turn: LinkedTurn, { items }: TaskListView): Key[] {
  const numbers = [...new Set(items.map(({ deal }) => deal.number))]
  return numbers.map((number) => pressKey(formatReference(number, turn.locale), openDealButton, { number }))
}

export function registerTasks(bot: Bot): void {
  bot.command('tasks', async (ctx) => {
    const turn = linkedTurn(ctx)
    await say(turn, await taskList(turn))
  })
  bot.action(
    openTasksButton.filter,
    onPress(openTasksButton, async (turn) => say(turn, await taskList(turn))),
  )
  bot.action(
    dealTasksButton.filter,
    onPress(dealTasksButton, async (turn, { number }) => show(turn, await dealTasks(turn, number))),
  )
  bot.action(
    closeHereButton.filter,
    onPress(closeHereButton, async (turn, { number, ...task }) => {
      const { title } = await setTaskState(turn.session, { ...task, state: 'done' })
      answerPress(turn, turn.t('tasks.done', { title }))
      await show(turn, await dealTasks(turn, number))
    }),
  )
  bot.action(
    setTaskButton.filter,
    onPress(setTaskButton, async (turn, input) => {
      const task = await setTaskState(turn.session, input)
      const [view] = presentTasks({ rows: [task], total: 1 }, turn.session).items
      answerPress(turn, turn.t(input.state === 'open' ? 'tasks.reopened' : 'tasks.done', { title: task.title }))
      await show(turn, await taskList(turn, input.state === 'open' ? null : (view ?? null)))
    }),
  )
}
