import { Foundation } from './0001-foundation.ts'
import { Processes } from './0002-processes.ts'
import { Cycles } from './0003-cycles.ts'
import { Currency } from './0004-currency.ts'
import { FunnelCube } from './0005-funnel-cube.ts'
import { Reports } from './0006-reports.ts'
import { DictionaryStamp } from './0007-dictionary-stamp.ts'
import { Forecast } from './0008-forecast.ts'
import { TypeChanges } from './0009-type-changes.ts'
import { Dashboards } from './0010-dashboards.ts'
import { PackedCells } from './0011-packed-cells.ts'
import { Notices } from './0012-notices.ts'
import { Queues } from './0013-queues.ts'
import { Ends } from './0014-ends.ts'
import { Standing } from './0015-standing.ts'
import { Flows } from './0016-flows.ts'

/** In the order they run; a name never changes once it has been released. */
export const migrations = [
  { name: '0001-foundation', class: Foundation },
  { name: '0002-processes', class: Processes },
  { name: '0003-cycles', class: Cycles },
  { name: '0004-currency', class: Currency },
  { name: '0005-funnel-cube', class: FunnelCube },
  { name: '0006-reports', class: Reports },
  { name: '0007-dictionary-stamp', class: DictionaryStamp },
  { name: '0008-forecast', class: Forecast },
  { name: '0009-type-changes', class: TypeChanges },
  { name: '0010-dashboards', class: Dashboards },
  { name: '0011-packed-cells', class: PackedCells },
  { name: '0012-notices', class: Notices },
  { name: '0013-queues', class: Queues },
  { name: '0014-ends', class: Ends },
  { name: '0015-standing', class: Standing },
  { name: '0016-flows', class: Flows },
]
