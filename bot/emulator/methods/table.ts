import { assertLimits, type LimitOptions } from '../limits.ts'
import type { Parameters } from '../parameters.ts'
import { Refusal } from '../refusal.ts'
import type { EmulatorState } from '../state.ts'
import { chatMethods } from './chats.ts'
import { editMethods } from './edits.ts'
import { messageMethods } from './messages.ts'
import type { MethodTable } from './method.ts'
import { queryMethods } from './queries.ts'
import { settingMethods } from './settings.ts'

const methods: MethodTable = { ...messageMethods, ...editMethods, ...queryMethods, ...settingMethods, ...chatMethods }

/** Methods with an effect here; a call of any other known method is checked and then refused as `unsupported`. */
export const emulatedMethods: readonly string[] = Object.keys(methods)

/**
 * Runs a checked call.
 * @returns what stands in `result` of the answer
 * @throws Refusal
 */
export function runMethod(state: EmulatorState, method: string, parameters: Parameters, options: LimitOptions): unknown {
  assertLimits(method, parameters, options)
  const run = methods[method as keyof MethodTable] as ((state: EmulatorState, args: Parameters) => unknown) | undefined
  if (!run) throw new Refusal('unsupported', 404, `Not Found: the emulator has no ${method}`)
  return run(state, parameters)
}
