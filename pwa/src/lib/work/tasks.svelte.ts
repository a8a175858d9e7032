import type { TaskListView, TaskView } from '../../../../shared/views/processes.ts'
import { ApiError, request } from '../api.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { sayError } from '../say-error.ts'
import { toasts } from '../toasts.svelte.ts'
import { t } from './messages.ts'

/** A list of tasks and the one way to close one. */
export type TaskState = {
  readonly load: Resource<TaskListView>
  /** The task that is being sent. */
  readonly busyId: number | null
  close(task: TaskView): Promise<void>
}

/** @param onchange a task was closed or opened again, or somebody else was faster */
export function createTasks(path: () => string | null, onchange: () => void): TaskState {
  const load = createResource<TaskListView>(path)
  let busyId = $state<number | null>(null)

  async function send(task: TaskView, state: 'done' | 'open', done: (next: TaskView) => void): Promise<void> {
    if (busyId !== null) return
    busyId = task.id
    try {
      const { data } = await request<TaskView>('PUT', `/api/tasks/${task.id}/state`, { body: { state }, ifMatch: task.version })
      await load.reload()
      done(data)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      toasts.show(sayError(error), { kind: 'error' })
      await load.reload()
    } finally {
      busyId = null
      onchange()
    }
  }
  const reopen = (task: TaskView): Promise<void> => send(task, 'open', () => toasts.show(t('tasks.reopened')))
  return {
    load,
    get busyId() {
      return busyId
    },
    close: (task) =>
      send(task, 'done', (next) => {
        const action = { label: t('tasks.undo'), run: () => void reopen(next) }
        toasts.show(t('tasks.done', { title: next.title }), { action })
      }),
  }
}
