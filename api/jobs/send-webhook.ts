const limitMs = 10_000

/**
 * Posts JSON to an address that the administrator gave. Redirects are not followed; the answer's body is not read.
 * @throws Error in few words: `HTTP 500`, `no answer in 10 s`, or what the connection said
 */
export async function sendWebhook(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'Voronka' },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(limitMs),
  }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'TimeoutError') throw new Error(`no answer in ${limitMs / 1000} s`)
    const cause = error instanceof Error ? error.cause : undefined
    throw new Error(cause instanceof Error ? cause.message : String(error))
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
}
