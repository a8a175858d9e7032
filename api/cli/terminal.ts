import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CliError } from './cli-error.ts'

const [barWidth, redrawMs] = [30, 100]

/** A bar on stderr, drawn only for a person: `[######      ] 41 %  deal`. */
export function createProgressBar(stream: NodeJS.WriteStream = process.stderr) {
  let drawnAt = 0
  let isDrawn = false
  return {
    draw(done: number, total: number | null, what = ''): void {
      if (!stream.isTTY || performance.now() - drawnAt < redrawMs) return
      drawnAt = performance.now()
      isDrawn = true
      const share = total === null || total === 0 ? null : Math.min(1, done / total)
      const bar =
        share === null ? `${done}` : `[${'#'.repeat(Math.round(share * barWidth)).padEnd(barWidth)}] ${Math.round(share * 100)} %`
      stream.write(`\r\u001b[K${bar}  ${what}`)
    },
    clear(): void {
      if (isDrawn) stream.write('\r\u001b[K')
      isDrawn = false
    },
  }
}

/** Asks for a password twice without showing it. @throws CliError when the two differ or it is too short */
export async function askPassword(shortest: number): Promise<string> {
  const first = await askHidden('Password: ')
  if (first.length < shortest) throw new CliError(`The password must have at least ${shortest} characters.`)
  if ((await askHidden('Again: ')) !== first) throw new CliError('The two passwords differ.')
  return first
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await reader.question('')
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}
