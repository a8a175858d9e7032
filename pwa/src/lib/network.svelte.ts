/** Whether the server can be reached: the browser's own word, and what the last requests met. */
let browserOnline = $state(navigator.onLine)
let lastFailed = $state(false)
const comebacks = new Set<() => void>()

function comeBack(): void {
  for (const act of comebacks) act()
}

addEventListener('online', () => {
  browserOnline = true
  comeBack()
})
addEventListener('offline', () => {
  browserOnline = false
})

export const network = {
  get offline(): boolean {
    return !browserOnline || lastFailed
  },
  answered(): void {
    const cameBack = lastFailed
    lastFailed = false
    if (cameBack) comeBack()
  },
  failed(): void {
    lastFailed = true
  },
  /** Runs `act` each time the network is back. @returns stops it. */
  onComeback(act: () => void): () => void {
    comebacks.add(act)
    return () => comebacks.delete(act)
  },
}
