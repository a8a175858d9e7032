/** Values of custom fields in words, and what is wrong with them. */
export const fieldsRu = {
  yes: 'да',
  no: 'нет',
  required: 'заполните поле',
  too_long: 'слишком длинный текст, не больше {max} знаков',
  option_unknown: 'такого варианта нет, выберите из списка',
  field_unknown: 'у этого типа сделки такого поля нет',
  not_text: 'нужен текст',
  not_number: 'нужно число',
  not_money: 'нужна сумма в копейках, целым числом от нуля',
  not_day: 'нужен день вида 2026-11-23',
  not_choice: 'нужен код варианта',
  not_several: 'нужен список кодов вариантов',
  not_flag: 'нужно «да» или «нет»',
  not_file: 'нужен загруженный файл',
  not_counterparty: 'нужен клиент из справочника',
  not_employee: 'нужен сотрудник из списка',
} as const satisfies Record<string, string>

export type FieldsKey = keyof typeof fieldsRu
