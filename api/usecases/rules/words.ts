import { selectRows, sql } from '../../../db/sql.ts'
import { type GateWords, nameBuiltInFact } from '../../../shared/messages/describe-gate.ts'
import type { Session } from '../../session.ts'

/** The names that gates and rules use, in the session's language: facts by key, document types by code. An unknown one is shown by its code. */
export async function readGateWords(session: Session): Promise<GateWords> {
  const { locale } = session
  const rows = await selectRows<{ key: string; ru: string; en: string }>(
    session.em,
    sql`select 'field.' || code as key, min(name_ru) as ru, min(name_en) as en from custom_field group by code
      union all select 'document.' || code, name_ru, name_en from document_type`,
  )
  const names = new Map(rows.map((row) => [row.key, row[locale]]))
  return {
    fact: (key) => nameBuiltInFact(key, locale) ?? names.get(key) ?? key,
    documentType: (code) => names.get(`document.${code}`) ?? code,
    currency: session.organization.baseCurrency,
  }
}
