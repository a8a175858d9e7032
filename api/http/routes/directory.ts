import {
  AddContact,
  CreateCounterparty,
  CreateDepartment,
  CreateEmployee,
  EditCounterparty,
  EditDepartment,
  EditEmployee,
  ListAudit,
  ListCounterparties,
  ListEmployees,
  NoInput,
  ShowCounterparty,
} from '../../../shared/schemas/directory.ts'
import { presentDealTypes, presentDepartments } from '../../presenters/dictionaries.ts'
import {
  presentAuditPage,
  presentCounterpartyCard,
  presentCounterpartyPage,
  presentDepartment,
  presentEmployee,
  presentEmployeePage,
} from '../../presenters/directory.ts'
import {
  addContact,
  createCounterparty,
  editCounterparty,
  listCounterparties,
  showCounterparty,
} from '../../usecases/counterparties.ts'
import {
  createDepartment,
  createEmployee,
  editDepartment,
  editEmployee,
  listDepartments,
  listEmployees,
} from '../../usecases/people.ts'
import { listAudit, listDealTypes } from '../../usecases/settings.ts'
import { endpoint, type Route } from '../endpoint.ts'

const version = (view: { readonly version: number }) => view.version

export const directoryRoutes: readonly Route[] = [
  endpoint('GET', '/deal-types', NoInput, listDealTypes, presentDealTypes, { summary: 'Deal types' }),
  endpoint('GET', '/departments', NoInput, listDepartments, presentDepartments, { summary: 'The department tree' }),
  endpoint('POST', '/departments', CreateDepartment, createDepartment, presentDepartment, {
    summary: 'Create a department',
    status: 201,
    version,
  }),
  endpoint('PATCH', '/departments/:id', EditDepartment, editDepartment, presentDepartment, {
    summary: 'Rename, move or archive a department',
    version,
  }),
  endpoint('GET', '/employees', ListEmployees, listEmployees, presentEmployeePage, { summary: 'Colleagues' }),
  endpoint('POST', '/employees', CreateEmployee, createEmployee, presentEmployee, {
    summary: 'Take an employee on',
    status: 201,
    version,
  }),
  endpoint('PATCH', '/employees/:id', EditEmployee, editEmployee, presentEmployee, {
    summary: 'Change or deactivate an employee',
    version,
  }),
  endpoint('GET', '/counterparties', ListCounterparties, listCounterparties, presentCounterpartyPage, {
    summary: 'Counterparties',
  }),
  endpoint('POST', '/counterparties', CreateCounterparty, createCounterparty, presentCounterpartyCard, {
    summary: 'Create a counterparty',
    status: 201,
    version,
  }),
  endpoint('GET', '/counterparties/:id', ShowCounterparty, showCounterparty, presentCounterpartyCard, {
    summary: 'One counterparty with its contacts',
    version,
  }),
  endpoint('PATCH', '/counterparties/:id', EditCounterparty, editCounterparty, presentCounterpartyCard, {
    summary: 'Edit a counterparty',
    version,
  }),
  endpoint('POST', '/counterparties/:id/contacts', AddContact, addContact, presentCounterpartyCard, {
    summary: 'Add a contact',
    status: 201,
    version,
  }),
  endpoint('GET', '/audit', ListAudit, listAudit, presentAuditPage, { summary: 'Who changed what' }),
]
