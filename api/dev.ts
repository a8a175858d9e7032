import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/** `npm run dev`: the server restarts when its sources change, the app is built anew when its own do. Ends both with itself. */
const root = resolve(import.meta.dirname, '..')
const children: ChildProcess[] = [
  spawn(process.execPath, ['--watch-preserve-output', '--watch', '--watch-kill-signal=SIGTERM', 'api/main.ts'], {
    cwd: root,
    stdio: 'inherit',
  }),
  spawn(process.execPath, ['../node_modules/vite/bin/vite.js', 'build', '--watch', '--logLevel=warn'], {
    cwd: resolve(root, 'pwa'),
    stdio: 'inherit',
  }),
]

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill('SIGTERM')
  })
}
await Promise.race(children.map((child) => once(child, 'exit')))
for (const child of children) child.kill('SIGTERM')
await Promise.all(children.map((child) => (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null)))
