import { z } from 'zod'
import { TextField } from './fields.ts'

export const LogIn = z.strictObject({ login: TextField(255), password: z.string().min(1).max(1000) })
export type LogInInput = z.output<typeof LogIn>
export const LogInDemo = z.strictObject({ role: z.enum(['admin', 'executive', 'head', 'manager', 'field']) })
export type LogInDemoInput = z.output<typeof LogInDemo>
export const LogInTelegram = z.strictObject({ initData: z.string().min(1).max(4096) })
export type LogInTelegramInput = z.output<typeof LogInTelegram>
export const ChangeProfile = z.strictObject({ locale: z.enum(['ru', 'en']).optional() })
export type ChangeProfileInput = z.output<typeof ChangeProfile>
export const ChangePassword = z.strictObject({ current: z.string().max(1000), next: z.string().min(10).max(1000) })
export type ChangePasswordInput = z.output<typeof ChangePassword>
