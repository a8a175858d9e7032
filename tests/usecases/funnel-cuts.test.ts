import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentFunnel } from '../../api/presenters/funnel.ts'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** Slices by tag and custom field, and chapters shown alone (product.md, section 3). */
const now = new Date('2026-11-20T12:00:00Z')
let orm: Orm
let typeCode: string
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 200 })
  const em = orm.em.fork()
  await selectRows(em, sql`update deal set tags = array['vip', 'тендер'] where id % 5 = 0`)
  await selectRows(em, sql`update deal set tags = array['тендер'] where id % 5 = 1`)
  const [type] = await selectRows<{ id: number; code: string }>(
    em,
    sql`select t.id, t.code from deal_type t join deal on deal.type_id = t.id group by t.id order by count(*) desc limit 1`,
  )
  typeCode = type!.code
  await selectRows(
    em,
    sql`insert into custom_field (deal_type_id, code, name_ru, name_en, kind, options, is_required, in_list, in_filter, position, version)
      values (${type!.id}, 'region', 'Регион', 'Region', 'choice', '[{"code": "south", "ru": "Юг", "en": "South"}, {"code": "north", "ru": "Север", "en": "North"}]', false, true, true, 90, 1),
        (${type!.id}, 'urgent', 'Срочно', 'Urgent', 'flag', '[]', false, true, true, 91, 1)`,
  )
  await selectRows(
    em,
    sql`update deal set fields = '{"region": "south", "urgent": true}' where type_id = ${type!.id} and id % 3 = 0`,
  )
})

const session = () => sessionOf(orm.em.fork(), 2, now)
const year = { from: '2026-01-01', to: '2026-11-21' }
async function countDeals(condition: ReturnType<typeof sql>): Promise<number> {
  const [row] = await selectRows<{ count: number }>(
    orm.em.fork(),
    sql`select count(*)::int as count from deal where withdrawn_at is null and ${condition} and (select min(v.entered_at) from status_visit v
      join status s on s.id = v.status_id where v.deal_id = deal.id and v.voided_at is null and s.category <> 'lost' and s.shown_in_funnel)
      between '2025-12-31T21:00:00Z' and '2026-11-20T20:59:59Z'`,
  )
  return row!.count
}

test('tags cut every basis to the deals that carry any of them, and every list follows', async () => {
  for (const [tag, condition] of [
    ['vip', sql`id % 5 = 0`],
    ['vip,тендер', sql`id % 5 in (0, 1)`],
    ['nobody', sql`false`],
  ] as const) {
    const cohort = await showFunnel(session(), ShowFunnel.parse({ ...year, tag }))
    assert.ok(cohort.basis === 'cohort')
    assert.equal(cohort.funnel.totals.deals, await countDeals(condition), tag)
    for (const basis of ['cohort', 'flow', 'snapshot'] as const) {
      const view = presentFunnel(await showFunnel(session(), ShowFunnel.parse({ ...year, tag, basis })), session())
      assert.deepEqual(view.slice.tags, tag.split(','))
      const layer = view.layers[2]!
      const count = 'reached' in layer ? layer.reached : 'entered' in layer ? layer.entered : layer.count
      const list = await listFunnelDeals(session(), ListFunnelDeals.parse({ ...year, tag, basis, layer: layer.status.code }))
      assert.equal(list.total, count, `${tag} ${basis}`)
    }
  }
})

test('custom fields cut the funnel as they filter lists, and are said in the reader’s words', async () => {
  const type = sql`deal.type_id = (select id from deal_type where code = ${typeCode})`
  const ask = async (fields: Record<string, string>) => {
    const shown = await showFunnel(session(), ShowFunnel.parse({ ...year, fields }))
    assert.ok(shown.basis === 'cohort')
    return { deals: shown.funnel.totals.deals, said: presentFunnel(shown, session()).slice.fields }
  }
  const south = await ask({ region: 'south' })
  assert.ok(south.deals > 0)
  assert.equal(south.deals, await countDeals(sql`${type} and id % 3 = 0`))
  assert.deepEqual(south.said, [{ code: 'region', name: 'Регион', value: 'Юг' }])
  const calm = await ask({ urgent: 'false' })
  assert.equal(calm.deals, await countDeals(sql`${type} and id % 3 <> 0`))
  assert.deepEqual(calm.said, [{ code: 'urgent', name: 'Срочно', value: 'нет' }])
  await assert.rejects(ask({ nothing: 'x' }), { code: 'not_found' })
})

test('a chapter shown alone has the figures that it has in the whole, and its own totals where they add up', async () => {
  const whole = presentFunnel(await showFunnel(session(), ShowFunnel.parse(year)), session())
  const sale = presentFunnel(await showFunnel(session(), ShowFunnel.parse({ ...year, phase: 'sale' })), session())
  assert.ok(whole.basis === 'cohort' && sale.basis === 'cohort')
  assert.deepEqual(
    sale.layers,
    whole.layers.filter(({ status }) => status.phase === 'sale'),
  )
  assert.deepEqual([sale.chapters, sale.totals, sale.slice.phases], [whole.chapters, whole.totals, ['sale']])
  assert.ok(sale.narrowest === null || sale.layers.some(({ status }) => status.code === sale.narrowest))
  const standing = presentFunnel(
    await showFunnel(session(), ShowFunnel.parse({ basis: 'snapshot', phase: 'sale,delivery' })),
    session(),
  )
  assert.ok(standing.basis === 'snapshot')
  assert.equal(
    standing.totals.deals,
    standing.layers.reduce((sum, layer) => sum + layer.count, 0),
  )
})
