import type { FieldsKey } from '../ru/fields.ts'

export const fieldsEn = {
  yes: 'yes',
  no: 'no',
  required: 'fill this field in',
  too_long: 'the text is too long, at most {max} characters',
  option_unknown: 'there is no such option, choose from the list',
  field_unknown: 'this deal type has no such field',
  not_text: 'a text is needed',
  not_number: 'a number is needed',
  not_money: 'an amount in minor units is needed, whole and not negative',
  not_day: 'a day such as 2026-11-23 is needed',
  not_choice: 'the code of an option is needed',
  not_several: 'a list of codes of options is needed',
  not_flag: 'yes or no is needed',
  not_file: 'an uploaded file is needed',
  not_counterparty: 'a client from the directory is needed',
  not_employee: 'an employee from the list is needed',
} as const satisfies Record<FieldsKey, string>
