import { untrack } from 'svelte'
import type { ProcessDraft } from '../../../../shared/schemas/process.ts'
import type { ProcessTemplateCardView } from '../../../../shared/views/processes.ts'
import { ApiError, request } from '../api.ts'
import { createSender, type Sender } from '../deal/more/send.svelte.ts'
import { i18n } from '../i18n.svelte.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { session } from '../session.svelte.ts'
import { tidyDraft } from './draft-edit.ts'
import { type DraftProblem, problemsOf } from './draft-problems.ts'

/** A process being edited: what the server has, and what stands on the screen. */
export type Editor = {
  readonly card: Resource<ProcessTemplateCardView>
  /** Null until there is something to edit. */
  readonly draft: ProcessDraft | null
  readonly isNew: boolean
  readonly isDirty: boolean
  /** What is not filled in, once saving has been tried. */
  readonly problems: readonly DraftProblem[]
  readonly showProblems: boolean
  /** True after another person's change was met. */
  readonly isStale: boolean
  readonly sender: Sender
  edit(next: ProcessDraft): void
  /** A new process begins with this. */
  begin(draft: ProcessDraft): void
  /** @returns the code of the saved process; null when something is missing or refused. */
  save(): Promise<string | null>
  /** Sends a change of the whole process and reads it anew. @returns whether it went through */
  send(method: 'POST' | 'PATCH' | 'DELETE', tail: string, body?: unknown): Promise<boolean>
  /** Forgets what is unsaved and takes what the server has. */
  takeOver(): Promise<void>
}

const root = '/api/process-templates'
const written = (draft: ProcessDraft): string => JSON.stringify(tidyDraft(draft))

/** Call it while a component is being set up. @param code null: a new process */
export function createEditor(code: () => string | null): Editor {
  const pathOf = (): string | null => {
    const known = code()
    return known !== null && session.can('settings.edit') ? `${root}/${known}?lang=${i18n.locale}` : null
  }
  const card = createResource<ProcessTemplateCardView>(pathOf)
  const sender = createSender()
  let draft = $state.raw<ProcessDraft | null>(null)
  let saved = $state('')
  let version = $state(0)
  let isStale = $state(false)
  let showProblems = $state(false)
  const isDirty = $derived(draft !== null && written(draft) !== saved)

  function take(): void {
    const body = card.data?.draft?.body ?? card.data?.published?.body
    if (!card.data || !body) return
    draft = body
    saved = written(body)
    version = card.data.version
    isStale = false
    showProblems = false
  }
  // What is being edited is not taken away by a newer answer.
  $effect(() => {
    if (card.data && card.isCurrent) untrack(() => isDirty || take())
  })
  async function run(act: () => Promise<void>): Promise<boolean> {
    return sender.run(async () => {
      try {
        await act()
      } catch (error) {
        isStale ||= error instanceof ApiError && error.code === 'version_stale'
        throw error
      }
    })
  }

  const editor: Editor = {
    card,
    sender,
    get draft() {
      return draft
    },
    get isNew() {
      return code() === null
    },
    get isDirty() {
      return isDirty
    },
    get problems() {
      return showProblems && draft ? problemsOf(draft) : []
    },
    get showProblems() {
      return showProblems
    },
    get isStale() {
      return isStale
    },
    edit(next) {
      draft = next
    },
    begin(next) {
      draft = next
      saved = written(next)
    },
    async save() {
      if (!draft) return null
      showProblems = problemsOf(draft).length > 0
      if (showProblems) return null
      const known = code()
      const sent = draft
      const body = tidyDraft(sent)
      let savedCode: string | null = null
      await run(async () => {
        if (known === null)
          savedCode = (await request<ProcessTemplateCardView>('POST', root, { body: { draft: body } })).data.code
        else {
          await request('PUT', `${root}/${known}/draft`, { body: { draft: body }, ifMatch: version })
          savedCode = known
        }
        saved = written(sent)
        if (known === null) return
        await card.reload()
        if (card.error) return
        // What was typed meanwhile stays, as a change of what has just been saved.
        if (draft === sent) take()
        else version = card.data?.version ?? version
      })
      return savedCode
    },
    async send(method, tail, body) {
      return run(async () => {
        await request(method, `${root}/${code() ?? ''}${tail}`, { ...(body === undefined ? {} : { body }), ifMatch: version })
        await editor.takeOver()
      })
    },
    async takeOver() {
      await card.reload()
      if (!card.error) take()
    },
  }
  return editor
}
