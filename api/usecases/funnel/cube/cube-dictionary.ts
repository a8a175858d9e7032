import type { Em } from '../../../../db/orm.ts'
import { selectProcessVersions, selectStatuses } from '../../../../db/queries/dictionaries.ts'
import type { SummaryKeys } from '../../../../db/queries/funnel-cube.ts'
import { anchorIdsOf } from '../../../../db/queries/funnel-deals.ts'
import { type Rung, rungsOf } from '../../../../shared/domain/flow-marks.ts'
import type { DealClass, FunnelStatus, Paths } from '../../../../shared/domain/funnel.ts'
import { classLayers, type PackedClass, packClass, packedLayers } from '../../../../shared/domain/funnel-cells.ts'
import { pathOf } from '../../../../shared/domain/process.ts'
import { statusDictionary } from '../../dictionary.ts'
import { readOrganization } from '../../settings.ts'
import { bitsOf, endsOf } from '../ask.ts'
import { fingerprintOf } from './fingerprint.ts'
import { resolveClass } from './resolve-class.ts'

type KeptClass = DealClass & { readonly classId: number }

/** What the kept sums are made by. */
export type CubeDictionary = {
  readonly fingerprint: string
  readonly keys: SummaryKeys
  readonly rungs: readonly Rung[]
  /** What the classes add to the sums. */
  packsOf(classes: readonly KeptClass[]): Promise<(PackedClass & { readonly classId: number })[]>
}

/** As it is now, read anew; null while there is no company. */
export async function readCubeDictionary(em: Em): Promise<CubeDictionary | null> {
  const [rows, organization] = [await selectStatuses(em), await readOrganization(em)]
  if (!organization) return null
  const statuses = statusDictionary(rows)
  const bits = bitsOf(statuses)
  const live: readonly FunnelStatus[] = statuses.live
  return {
    fingerprint: fingerprintOf(statuses, organization.timeZone),
    keys: { anchorIds: anchorIdsOf(bits), ...endsOf(statuses), timeZone: organization.timeZone },
    rungs: rungsOf(bits.resolved, live),
    async packsOf(classes) {
      const versions = classes.length === 0 ? [] : await selectProcessVersions(em)
      const paths: Paths = new Map(versions.map((version) => [version.id, pathOf(version).map((id) => statuses.resolve(id).id)]))
      const packed = packedLayers(live)
      return classes.map((one) => ({
        ...packClass(classLayers(resolveClass(one, statuses), live, paths), packed),
        classId: one.classId,
      }))
    },
  }
}
