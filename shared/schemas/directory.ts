import { z } from 'zod'
import { IdField, PageFields, PlainField, SwitchField, TextField } from './fields.ts'

/** Inputs on people, departments, clients, the dictionary and the audit. */
export const NoInput = z.strictObject({})
export const PhoneField = PlainField.trim().max(50).nullish()
export const EmailField = z.email().max(255).nullish()

export const ListEmployees = z.strictObject({
  q: PlainField.trim().max(200).optional(),
  active: SwitchField.optional(),
  ...PageFields,
})
export type ListEmployeesInput = z.output<typeof ListEmployees>

const RoleField = z.enum(['admin', 'executive', 'head', 'manager', 'field'])
const LoginField = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@+-]{1,99}$/)

export const CreateEmployee = z.strictObject({
  login: LoginField,
  name: TextField(255),
  position: PlainField.trim().max(255).default(''),
  role: RoleField,
  departmentId: IdField,
  email: EmailField,
  password: z.string().min(10).max(1000).optional(),
})
export type CreateEmployeeInput = z.output<typeof CreateEmployee>

export const EditEmployee = z.strictObject({
  id: IdField,
  version: z.number().int().positive(),
  name: TextField(255).optional(),
  position: PlainField.trim().max(255).optional(),
  role: RoleField.optional(),
  departmentId: IdField.optional(),
  email: EmailField,
  active: z.boolean().optional(),
  password: z.string().min(10).max(1000).optional(),
})
export type EditEmployeeInput = z.output<typeof EditEmployee>

export const CreateDepartment = z.strictObject({ name: TextField(255), parentId: IdField.nullish() })
export type CreateDepartmentInput = z.output<typeof CreateDepartment>
export const EditDepartment = z.strictObject({
  id: IdField,
  version: z.number().int().positive(),
  name: TextField(255).optional(),
  parentId: IdField.nullish(),
  archived: z.boolean().optional(),
})
export type EditDepartmentInput = z.output<typeof EditDepartment>

export const ListCounterparties = z.strictObject({ q: PlainField.trim().max(200).optional(), ...PageFields })
export type ListCounterpartiesInput = z.output<typeof ListCounterparties>
export const ShowCounterparty = z.strictObject({ id: IdField })
export type ShowCounterpartyInput = z.output<typeof ShowCounterparty>

const CounterpartyFields = {
  inn: z
    .string()
    .regex(/^(\d{10}|\d{12})$/)
    .nullish(),
  kpp: z
    .string()
    .regex(/^\d{4}[\dA-Z]{2}\d{3}$/)
    .nullish(),
  address: PlainField.trim().max(255).nullish(),
  phone: PhoneField,
  email: EmailField,
}
export const CreateCounterparty = z.strictObject({ name: TextField(255), ...CounterpartyFields })
export type CreateCounterpartyInput = z.output<typeof CreateCounterparty>
export const EditCounterparty = z.strictObject({
  id: IdField,
  version: z.number().int().positive(),
  name: TextField(255).optional(),
  ...CounterpartyFields,
})
export type EditCounterpartyInput = z.output<typeof EditCounterparty>
export const AddContact = z.strictObject({
  id: IdField,
  name: TextField(255),
  position: PlainField.trim().max(255).nullish(),
  phone: PhoneField,
  email: EmailField,
})
export type AddContactInput = z.output<typeof AddContact>

export const ListAudit = z.strictObject({
  entity: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional(),
  entityId: PlainField.max(100).optional(),
  ...PageFields,
})
export type ListAuditInput = z.output<typeof ListAudit>
