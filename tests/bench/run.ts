import { parseArgs } from 'node:util'
import { measurePeople } from './people.ts'
import { measureScale, sizes } from './scale.ts'

/**
 * `npm run bench -- --deals=100k|1m|10m [--rounds=500] [--peer] [--json=FILE] [--markdown=FILE]`: the funnel at that size against the limit of the database, then a verdict
 * for every bar; exit code 1 when one does not hold. `--people` [--deals=3k|100k] times instead what people ask of a demo company.
 */
const { values } = parseArgs({
  options: {
    deals: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    peer: { type: 'boolean', default: false },
    people: { type: 'boolean', default: false },
  },
})
const known: Readonly<Record<string, number>> = values.people ? { '3k': 3_000, '100k': 100_000 } : sizes
const deals = known[values.deals ?? (values.people ? '3k' : '100k')]
if (deals === undefined) {
  console.error(`--deals takes ${Object.keys(known).join(', ')}`)
  process.exit(2)
}
if (values.people) {
  await measurePeople(deals, Number(values.rounds ?? 30), values.json)
  process.exit(0)
}
const holds = await measureScale(deals, { ...values, rounds: Number(values.rounds ?? 500) })
process.exit(holds ? 0 : 1)
