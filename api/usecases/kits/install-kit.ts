import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { withStatuses } from '../../../shared/kits/kit-statuses.ts'
import { kitsEn } from '../../../shared/messages/en/kits.ts'
import { kitsRu } from '../../../shared/messages/ru/kits.ts'
import { createTranslate } from '../../../shared/messages/translate.ts'
import { CreateDealType } from '../../../shared/schemas/deal-types.ts'
import type { Kit, KitProcess, ShowKitInput } from '../../../shared/schemas/kits.ts'
import { type Session, transact } from '../../session.ts'
import { createDealType } from '../deal-types/deal-types.ts'
import { createDocumentType, editDocumentType, listDocumentTypes } from '../deal-types/document-types.ts'
import { createDealField } from '../deal-types/type-fields.ts'
import { assertSettings } from '../people.ts'
import { publishDraft } from '../processes/edit-draft.ts'
import { createTemplate } from '../processes/templates.ts'
import { createRule } from '../rules/edit-rules.ts'
import { findKit, type KitCard, showKit } from './list-kits.ts'
import { settleStatuses } from './settle-statuses.ts'

const translators = { ru: createTranslate('ru', kitsRu), en: createTranslate('en', kitsEn) }

/**
 * Installs a starter kit, all of it or nothing: missing statuses and document types, the published processes, the deal type with its fields,
 * and the rules in force behind those that are there. What it made is the company's own from then on.
 * @throws AppError forbidden, not_found, kit_installed naming what is there already, field_kind_differs
 */
export function installKit(session: Session, input: ShowKitInput): Promise<KitCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const written = findKit(input.code)
    // Whoever installs at the same time waits, and is then told that it is there.
    await selectRows(inside.em, sql`select pg_advisory_xact_lock(hashtext('starter_kits'))`)
    await assertNotThere(inside, written)
    const kit = withStatuses(written, await settleStatuses(inside, written))
    await settleDocumentTypes(inside, kit)
    const processes = [kit.process, ...kit.furtherProcesses]
    for (const { code, draft } of processes) await createTemplate(inside, { code, draft })
    await addDealType(inside, kit)
    for (const { code } of processes) await publish(inside, code)
    for (const rule of kit.rules) await createRule(inside, rule)
    return showKit(inside, input)
  })
}

type Present = { readonly kind: 'dealType' | 'template'; readonly ru: string; readonly en: string }

/** @throws AppError kit_installed */
async function assertNotThere({ em, locale }: Session, kit: Kit): Promise<void> {
  const templates = [kit.process, ...kit.furtherProcesses].map(({ code }: KitProcess) => code)
  const present = await selectRows<Present>(
    em,
    sql`select 'dealType' as kind, name_ru as ru, name_en as en from deal_type where code = ${kit.code}
      union all select 'template', name_ru, name_en from process_template where code = any(${templates}::text[])`,
  )
  if (present.length === 0) return
  const what = present.map((one) => translators[locale](one.kind, { name: one[locale] })).join(', ')
  throw new AppError('kit_installed', { kit: kit.names[locale], what })
}

/** Adds what is missing; what is archived comes back, what must be payable is. */
async function settleDocumentTypes(session: Session, kit: Kit): Promise<void> {
  for (const type of kit.documentTypes) {
    const found = (await listDocumentTypes(session)).find(({ code }) => code === type.code)
    if (!found) await createDocumentType(session, type)
    else if (found.archived || (type.isPayable && !found.isPayable))
      await editDocumentType(session, {
        code: found.code,
        version: found.version,
        archived: false,
        isPayable: found.isPayable || type.isPayable,
      })
  }
}

async function addDealType(session: Session, kit: Kit): Promise<void> {
  const { code, names, icon, ownerRule } = kit
  await createDealType(
    session,
    CreateDealType.parse({
      code,
      names,
      icon,
      ownerRule,
      processTemplate: kit.process.code,
      furtherProcesses: kit.furtherProcesses.map((process) => process.code),
      documentTypes: kit.documentTypes.map((type) => type.code),
    }),
  )
  for (const { code: field, ...traits } of kit.fields) await createDealField(session, { code, field, ...traits })
}

async function publish(session: Session, code: string): Promise<void> {
  const template = await selectRow<{ version: number }>(
    session.em,
    sql`select version from process_template where code = ${code}`,
  )
  if (!template) throw new AppError('not_found', { what: code })
  await publishDraft(session, { code, version: template.version })
}
