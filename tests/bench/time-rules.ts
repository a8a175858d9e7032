import type { Orm } from '../../db/orm.ts'
import { selectRows, sql } from '../../db/sql.ts'

/** Times of a stage change through HTTP in ms, by how many rules are in force. */
export type RuleTimes = { readonly none: readonly number[]; readonly twoHundred: readonly number[] }

/**
 * Moves a deal to and fro, taking turns: with no rule in force, and with two hundred that all wait for the entering of a stage and look at
 * the deal's facts; the last one matches nothing either, so that all are asked.
 */
export async function timeStageChanges(orm: Orm, base: string, rounds: number): Promise<RuleTimes> {
  const em = orm.em.fork()
  await selectRows(
    em,
    sql`insert into status_rule (code, name_ru, name_en, position, trigger_kind, trigger, condition, actions, is_active)
    select 'bench-' || n, 'Правило ' || n, 'Rule ' || n, n, 'stage_entered', '{"kind": "stage_entered"}',
      jsonb_build_object('all', jsonb_build_array(jsonb_build_object('fact', 'amount', 'is', 'atLeast', 'value', 900000000000 + n), jsonb_build_object('fact', 'type', 'is', 'is', 'value', 'none'))),
      '[{"kind": "set_status", "status": "contract"}]', false from generate_series(1, 200) n`,
  )
  const headers = await logInAsAdmin(base)
  const times = { none: [] as number[], twoHundred: [] as number[] }
  const deal = await newDeal(base, headers)
  let { version } = deal
  for (let round = -3; round < rounds; round++) {
    for (const isActive of [false, true]) {
      await selectRows(em, sql`update status_rule set is_active = ${isActive} where code like 'bench-%'`)
      for (const stage of ['qualification', 'request']) {
        const startedAt = performance.now()
        const answer = await fetch(`${base}/api/deals/${deal.number}/stage`, {
          method: 'PUT',
          headers: { ...headers, 'If-Match': `"${version}"` },
          body: JSON.stringify({ stage }),
        })
        const card = (await answer.json()) as { version: number }
        if (!answer.ok) throw new Error(`the move answered ${answer.status}: ${JSON.stringify(card)}`)
        version = card.version
        if (round >= 0) times[isActive ? 'twoHundred' : 'none'].push(performance.now() - startedAt)
      }
    }
  }
  await selectRows(em, sql`delete from status_rule where code like 'bench-%'`)
  return times
}

type Headers = Readonly<Record<string, string>>

async function logInAsAdmin(base: string): Promise<Headers> {
  const answer = await fetch(`${base}/api/session/demo`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: base },
    body: JSON.stringify({ role: 'admin' }),
  })
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
  return { 'Content-Type': 'application/json', Origin: base, Cookie: cookie.join('; ') }
}

async function newDeal(base: string, headers: Headers): Promise<{ number: number; version: number }> {
  const body = { title: 'Bench', type: 'product_sale', amount: { amountMinor: 100_00, currency: 'RUB' } }
  const answer = await fetch(`${base}/api/deals`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`the new deal answered ${answer.status}`)
  return (await answer.json()) as { number: number; version: number }
}
