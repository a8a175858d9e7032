import { ApiError } from '../../api.ts'
import { sayError } from '../../say-error.ts'

/** Sends one thing at a time and keeps what it met. */
export type Sender = {
  readonly busy: boolean
  readonly problem: string | null
  /** @returns true when `act` went through; a refusal stands in `problem`. */
  run(act: () => Promise<void>): Promise<boolean>
}

export function createSender(): Sender {
  let busy = $state(false)
  let problem = $state<string | null>(null)
  return {
    get busy() {
      return busy
    },
    get problem() {
      return problem
    },
    async run(act) {
      if (busy) return false
      busy = true
      problem = null
      try {
        await act()
        return true
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        problem = sayError(error)
        return false
      } finally {
        busy = false
      }
    },
  }
}
