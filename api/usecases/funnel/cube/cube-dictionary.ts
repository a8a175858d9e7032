import type { Em } from '../../../../db/orm.ts'
import { selectProcessVersions, selectStatuses } from '../../../../db/queries/dictionaries.ts'
import { anchorIdsOf } from '../../../../db/queries/funnel-deals.ts'
import type { DealClass, FunnelStatus, Paths } from '../../../../shared/domain/funnel.ts'
import { type ClassLayer, classLayers } from '../../../../shared/domain/funnel-cells.ts'
import { pathOf } from '../../../../shared/domain/process.ts'
import { statusDictionary } from '../../dictionary.ts'
import { readOrganization } from '../../settings.ts'
import { bitsOf } from '../ask.ts'
import { fingerprintOf } from './fingerprint.ts'
import { resolveClass } from './resolve-class.ts'

type KeptClass = DealClass & { readonly classId: number }

/** What the kept sums are made by. */
export type CubeDictionary = {
  readonly fingerprint: string
  readonly timeZone: string
  /** Statuses, as visits name them, that are the entry into the funnel. */
  readonly anchorIds: readonly number[]
  /** What the classes count as in every layer. */
  layersOf(classes: readonly KeptClass[]): Promise<(ClassLayer & { readonly classId: number })[]>
}

/** As it is now, read anew; null while there is no company. */
export async function readCubeDictionary(em: Em): Promise<CubeDictionary | null> {
  const [rows, organization] = [await selectStatuses(em), await readOrganization(em)]
  if (!organization) return null
  const statuses = statusDictionary(rows)
  const bits = bitsOf(statuses)
  const live: readonly FunnelStatus[] = statuses.all.filter((status) => status.mergedIntoId === null)
  return {
    fingerprint: fingerprintOf(statuses, organization.timeZone),
    timeZone: organization.timeZone,
    anchorIds: anchorIdsOf(bits),
    async layersOf(classes) {
      const versions = classes.length === 0 ? [] : await selectProcessVersions(em)
      const paths: Paths = new Map(versions.map((version) => [version.id, pathOf(version).map((id) => statuses.resolve(id).id)]))
      return classes.flatMap((one) =>
        classLayers(resolveClass(one, statuses), live, paths).map((layer) => ({ ...layer, classId: one.classId })),
      )
    },
  }
}
