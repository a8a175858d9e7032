import { checkInvariants } from '../../usecases/check.ts'
import type { Verb } from '../verb.ts'

export const checkVerb: Verb = {
  name: 'check',
  summary: 'look for anything in the data that must not be',
  help: `npm run voronka -- check

Reads all data and changes nothing. Exit code 1 with a list when an invariant is broken.`,
  options: {},
  words: { min: 0, max: 0 },
  async run({ open }) {
    const { orm } = await open()
    const { findings, counted } = await checkInvariants(orm.em.fork())
    const seen = `${counted.deals} deals, ${counted.visits} visits, ${counted.runs} processes, ${counted.events} events`
    const lines =
      findings.length === 0
        ? [`All is well: ${seen}.`]
        : findings.map(
            ({ text, total, sample }) => `${text}: ${total} (${sample.join(', ')}${total > sample.length ? ', …' : ''})`,
          )
    return { json: { findings, counted }, lines, failed: findings.length > 0 }
  },
}
