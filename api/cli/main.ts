import { runVerb } from './run-verb.ts'

const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => stopping.abort(new Error('Stopped: nothing was changed.')))
}
process.exitCode = await runVerb(process.argv.slice(2), stopping.signal)
