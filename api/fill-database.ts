import type { Orm } from '../db/orm.ts'
import { loadDemoCompany } from '../db/seeds/load-demo.ts'
import { loadEmptyCompany } from '../db/seeds/load-empty.ts'
import type { Config } from './config.ts'
import { furnishDemo } from './furnish-demo.ts'
import { readOrganization } from './usecases/settings.ts'

/**
 * Fills an empty database: with the demo company where demo logins may be had, else with an empty company.
 * @param embedded whether the database is Voronka's own.
 * @returns whether one-tap demo logins are allowed: asked for by DEMO, or by default on an embedded database that holds the demo company.
 */
export async function fillDatabase(
  orm: Orm,
  config: Config,
  { embedded, now }: { embedded: boolean; now: Date },
  say: (text: string) => void,
): Promise<boolean> {
  const { timeZone, baseCurrency } = config
  if ((await readOrganization(orm.em.fork())) === null) {
    if (config.demo ?? embedded) {
      say('Loading the demo company…')
      if (await loadDemoCompany(orm.em.fork(), { now, timeZone, baseCurrency })) await furnishDemo(orm.em.fork(), now)
    } else {
      await loadEmptyCompany(orm.em.fork(), { name: 'Voronka', timeZone, baseCurrency })
    }
  }
  const organization = await readOrganization(orm.em.fork())
  return config.demo ?? (embedded && organization?.isDemo === true)
}
