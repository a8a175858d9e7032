import type { FunnelStatus, LayerOutcome } from '../../shared/domain/funnel.ts'
import type { Deal, World } from './funnel-world.ts'

/** A second, naive reading of product.md, section 3: deal by deal, set by set, from the visits. It shares no code with the product. */
export class FunnelOracle {
  readonly world: World
  readonly strict: boolean

  constructor(world: World, strict: boolean) {
    this.world = world
    this.strict = strict
  }

  get layers(): readonly FunnelStatus[] {
    return this.world.statuses.filter((s) => s.category !== 'lost' && s.shownInFunnel).sort((a, b) => a.rank - b.rank)
  }

  status(id: number): FunnelStatus {
    return this.world.statuses.find((s) => s.id === id)!
  }

  valid(d: Deal) {
    return d.visits.filter((v) => !v.voided)
  }

  nowLost(d: Deal): boolean {
    return this.status(this.valid(d).at(-1)!.status).category === 'lost'
  }

  beenIn(d: Deal, i: FunnelStatus): boolean {
    return this.valid(d).some((v) => v.status === i.id)
  }

  /** null: never in a status that is not lost. */
  top(d: Deal): number | null {
    let best: number | null = null
    for (const v of this.valid(d)) {
      const s = this.status(v.status)
      if (s.category !== 'lost' && (best === null || s.rank > best)) best = s.rank
    }
    return best
  }

  path(d: Deal): readonly number[] {
    return this.world.paths.get(d.path) ?? []
  }

  applicable(d: Deal, i: FunnelStatus): boolean {
    return this.path(d).includes(i.id) || this.beenIn(d, i)
  }

  isReached(d: Deal, i: FunnelStatus): boolean {
    const top = this.top(d)
    if (top === null || top < i.rank || !this.applicable(d, i)) return false
    return !this.strict || this.beenIn(d, i)
  }

  reached(i: FunnelStatus): readonly Deal[] {
    return this.world.deals.filter((d) => this.isReached(d, i))
  }

  furtherOnOwnPath(d: Deal): boolean {
    const own = this.path(d).map((id) => this.status(id))
    const candidates = own.length > 0 ? own : this.layers
    return candidates.some((s) => s.category !== 'lost' && s.rank > this.top(d)!)
  }

  outcome(i: FunnelStatus, name: LayerOutcome): readonly Deal[] {
    const passed = this.reached(i).filter((d) => this.top(d)! > i.rank)
    const lost = this.reached(i).filter((d) => !passed.includes(d) && this.nowLost(d))
    const finished = this.reached(i).filter((d) => !passed.includes(d) && !lost.includes(d) && !this.furtherOnOwnPath(d))
    const open = this.reached(i).filter((d) => !passed.includes(d) && !lost.includes(d) && !finished.includes(d))
    return { passed, lost, finished, open }[name]
  }

  skipped(i: FunnelStatus): readonly Deal[] {
    return this.outcome(i, 'passed').filter((d) => this.path(d).includes(i.id) && !this.beenIn(d, i))
  }

  through(i: FunnelStatus): readonly Deal[] {
    const next = this.layers[this.layers.findIndex((s) => s.id === i.id) + 1]
    return next ? this.outcome(i, 'passed').filter((d) => this.isReached(d, next)) : []
  }

  joined(i: FunnelStatus): readonly Deal[] {
    const above = this.layers[this.layers.findIndex((s) => s.id === i.id) - 1]
    return above ? this.reached(i).filter((d) => !this.isReached(d, above)) : []
  }

  /** Deals that entered the funnel and for which the layer is applicable. */
  base(i: FunnelStatus): readonly Deal[] {
    return this.world.deals.filter((d) => this.top(d) !== null && this.applicable(d, i))
  }

  won(): readonly Deal[] {
    const milestones = this.world.statuses.filter((s) => s.isWon && s.category !== 'lost')
    return this.world.deals.filter((d) => milestones.some((s) => this.isReached(d, s)))
  }
}
