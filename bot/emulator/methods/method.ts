import type { ApiMethods } from '@grammyjs/types'
import type { EmulatorState } from '../state.ts'
import type { UploadedFile } from '../uploaded-file.ts'

export type MethodName = keyof ApiMethods<UploadedFile>
/** Parameters of a method, already checked against the schema. */
export type Args<M extends MethodName> = NonNullable<Parameters<ApiMethods<UploadedFile>[M]>[0]>
export type MethodTable = { [M in MethodName]?: (state: EmulatorState, args: Args<M>) => unknown }
